package dev.jumbo.spark.text.language;

import dev.jumbo.error.FailureException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The commonest words of languages that share a script. They say in a short text what its letters do not: a caption of ten words has four of them. A word
 * counts {@link #WEIGHT} in the logarithm of the likelihood of each language that has it.
 *
 * <p>Lingua has no model of Nepali or Yiddish: they borrow the letters of Hindi and of Hebrew, and these words alone tell the two apart.
 */
final class CommonWords {
    /** Languages without a model of their own, and whose letters they borrow. */
    static final Map<String, String> BORROWED = Map.of("ne", "hi", "yi", "he");

    /** About as much as two letters of an unlikely sort: chosen on captions of multi30k, where 4 to 8 do as well. */
    static final double WEIGHT = 6;

    private static final Map<String, String[]> WORDS = read();
    private static final int LONGEST = 16;

    /** Languages of a group that have a word, by their places. */
    private final Map<String, int[]> languages = new HashMap<>();

    /** @param codes languages, in the order of the sums that {@link #add} adds to */
    CommonWords(List<String> codes) {
        for (int language = 0; language < codes.size(); language++) {
            for (String word : WORDS.getOrDefault(codes.get(language), new String[0])) {
                languages.merge(plain(word), new int[] {language}, CommonWords::joined);
            }
        }
    }

    private static int[] joined(int[] some, int[] more) {
        if (some[some.length - 1] == more[0]) {
            return some;
        }
        int[] all = Arrays.copyOf(some, some.length + 1);
        all[some.length] = more[0];
        return all;
    }

    private static Map<String, String[]> read() {
        try (InputStream in = CommonWords.class.getResourceAsStream("/text/common-words.txt")) {
            if (in == null) {
                throw new FailureException("the list text/common-words.txt is missing from Jumbo's own classes");
            }
            Map<String, String[]> words = new HashMap<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (!line.startsWith("#")) {
                    words.put(line.substring(0, 2), line.substring(3).split(" "));
                }
            }
            return words;
        } catch (IOException e) {
            throw new FailureException("cannot read text/common-words.txt: " + e.getMessage(), e);
        }
    }

    /** Without the points of Hebrew script, which texts in Yiddish have or not, and with its ligatures as two letters. */
    private static String plain(String word) {
        char first = word.charAt(0);
        if (first < '\u0590' || first > '\u05ff') {
            return word;
        }
        StringBuilder plain = new StringBuilder(word.length());
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            switch (c) {
                case '\u05f0' -> plain.append("\u05d5\u05d5");
                case '\u05f1' -> plain.append("\u05d5\u05d9");
                case '\u05f2' -> plain.append("\u05d9\u05d9");
                default -> {
                    if (c < '\u0591' || c > '\u05c7') {
                        plain.append(c);
                    }
                }
            }
        }
        return plain.toString();
    }

    /** Adds what the words of a text say. @param text in lower case */
    void add(String text, double[] sums) {
        if (languages.isEmpty()) {
            return;
        }
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i < text.length() && isPart(text.charAt(i))) {
                continue;
            }
            if (i > start && i - start <= LONGEST) {
                int[] found = languages.get(plain(text.substring(start, i)));
                if (found != null) {
                    for (int language : found) {
                        sums[language] += WEIGHT;
                    }
                }
            }
            start = i + 1;
        }
    }

    private static boolean isPart(char c) {
        return Character.isLetter(c)
                || c > 0x2ff
                        && (Character.getType(c) == Character.NON_SPACING_MARK
                                || Character.getType(c) == Character.COMBINING_SPACING_MARK);
    }
}
