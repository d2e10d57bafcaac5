package dev.jumbo.data.clean.merge;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What texts have in common that are the same value in other spellings. */
final class Similar {
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

    private Similar() {}

    /**
     * OpenRefine's fingerprint: lower case, without accents and marks, each word once, in alphabetical order. Words end at
     * blanks; marks within them go without dividing them.
     */
    static String fingerprint(String text) {
        TreeSet<String> words = new TreeSet<>();
        for (String word : plain(text).split("\\s+")) {
            words.add(NO_WORD.matcher(word).replaceAll(""));
        }
        words.remove("");
        return String.join(" ", words);
    }

    /** OpenRefine's n-gram fingerprint of n = 2: the pairs of neighbouring letters, each once, in alphabetical order. */
    static String ngrams(String text) {
        String letters = NO_WORD.matcher(plain(text)).replaceAll("");
        TreeSet<String> pairs = new TreeSet<>();
        for (int i = 0; i + 2 <= letters.length(); i++) {
            pairs.add(letters.substring(i, i + 2));
        }
        return pairs.isEmpty() ? letters : String.join("", pairs);
    }

    private static String plain(String text) {
        String lower = text.strip()
                .toLowerCase(Locale.ROOT)
                .replace("\u00df", "ss")
                .replace("\u00f8", "o")
                .replace("\u00e6", "ae")
                .replace("\u0142", "l");
        return MARKS.matcher(Normalizer.normalize(lower, Normalizer.Form.NFKD)).replaceAll("");
    }

    /** The digits of a text: texts whose digits differ are different things, whatever else they share. */
    static String digits(String text) {
        StringBuilder digits = new StringBuilder();
        text.codePoints().filter(Character::isDigit).forEach(digits::appendCodePoint);
        return digits.toString();
    }

    /**
     * The least number of insertions, deletions, replacements and exchanges of neighbours (optimal string alignment), or
     * {@code most + 1} if there are more than most.
     */
    static int distance(String a, String b, int most) {
        if (Math.abs(a.length() - b.length()) > most) {
            return most + 1;
        }
        int[] before = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] now = new int[b.length() + 1];
        Arrays.setAll(last, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            now[0] = i;
            int least = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(replaced, Math.min(last[j], now[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    now[j] = Math.min(now[j], before[j - 2] + 1);
                }
                least = Math.min(least, now[j]);
            }
            if (least > most) {
                return most + 1;
            }
            int[] free = before;
            before = last;
            last = now;
            now = free;
        }
        return Math.min(last[b.length()], most + 1);
    }
}
