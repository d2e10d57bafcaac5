package dev.jumbo.spark.text.language;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.github.pemistahl.lingua.api.LanguageDetector;
import dev.jumbo.error.FailureException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How likely letters of one script follow each other in each of several languages: Lingua's models of one, two and three letters, as one
 * table with a row of all languages for each n-gram, so that a letter of a text costs one look-up whatever the number of
 * languages. (Lingua itself looks each n-gram up in a map of each language, in tasks of all processors.)
 *
 * <p>A row holds ln P(last letter | letters before it, language). Where a language doesn't know an n-gram, a row has its value for the
 * n-gram without the first letter, times 0.4: "stupid backoff" (Brants et al. 2007, equation 5).
 */
final class LetterModels {
    private static final int LONGEST = 3;
    private static final float BACKOFF = (float) Math.log(0.4);
    /** A letter that a language doesn't have: below the rarest of the models, which were made of 100 million letters. */
    private static final float UNKNOWN = (float) Math.log(1e-8);

    private static final String[] FILES = {"unigrams", "bigrams", "trigrams"};

    private final int script;
    private final int languages;
    private long[] keys = new long[1 << 12];
    private int[] rows = new int[1 << 12];
    private float[] values;
    private int size;

    private LetterModels(int script, int languages) {
        this.script = script;
        this.languages = languages;
        values = new float[languages << 10];
    }

    /** Reads the models. @param codes ISO 639-1; @param script the one whose letters are looked at */
    static LetterModels of(List<String> codes, int script) {
        LetterModels models = new LetterModels(script, codes.size());
        for (int order = 0; order < LONGEST; order++) {
            for (int language = 0; language < codes.size(); language++) {
                models.read(codes.get(language), language, order);
            }
        }
        return models;
    }

    /** The scripts that a language is written in: those of a twentieth of its letters and more. */
    static List<Integer> scripts(String code) {
        double[] shares = new double[Scripts.COUNT];
        ngrams(code, 0).forEach((letter, probability) -> {
            int script = letter.length() == 1 ? Scripts.of(letter.charAt(0)) : Scripts.NONE;
            if (script != Scripts.NONE) {
                shares[script] += probability;
            }
        });
        List<Integer> scripts = new ArrayList<>();
        for (int script = 0; script < shares.length; script++) {
            if (shares[script] >= 0.05) {
                scripts.add(script);
            }
        }
        return scripts;
    }

    /**
     * Adds a word's logarithms of probabilities to those of each language.
     *
     * @param word letters of the script, in lower case, from {@code start} to {@code end}
     * @return letters that at least one of the languages has
     */
    int add(CharSequence word, int start, int end, double[] sums) {
        long context = 0;
        int known = 0;
        for (int i = start; i < end; i++) {
            context = (context << 16 | word.charAt(i)) & 0xffff_ffff_ffffL;
            int row = row(context);
            float penalty = 0;
            for (int order = Math.min(LONGEST, i - start + 1); row < 0 && order > 1; order--) {
                row = row(context & (1L << 16 * (order - 1)) - 1);
                penalty += BACKOFF;
            }
            if (row < 0) {
                continue;
            }
            known++;
            for (int language = 0, at = row * languages; language < languages; language++, at++) {
                sums[language] += values[at] + penalty;
            }
        }
        return known;
    }

    private void read(String code, int language, int order) {
        ngrams(code, order).forEach((ngram, probability) -> put(ngram, order, language, (float) Math.log(probability)));
    }

    /**
     * The n-grams of a language with their probabilities, in the order of its file. A model is {@code {"language": ..., "ngrams":
     * {"NUMERATOR/DENOMINATOR": "abc abd ..."}}}. Languages that have a script alone have one letter only.
     */
    private static Map<String, Double> ngrams(String code, int order) {
        String resource =
                "/language-models/" + CommonWords.BORROWED.getOrDefault(code, code) + '/' + FILES[order] + ".json";
        Map<String, Double> ngrams = new LinkedHashMap<>();
        try (InputStream in = LanguageDetector.class.getResourceAsStream(resource)) {
            if (in == null) {
                return ngrams;
            }
            try (JsonParser json = new JsonFactory().createParser(in)) {
                double probability = 0;
                for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                    if (token == JsonToken.FIELD_NAME) {
                        probability = fraction(json.currentName());
                    } else if (token == JsonToken.VALUE_STRING && probability > 0) {
                        for (String ngram : json.getText().split(" ", -1)) {
                            ngrams.put(ngram, probability);
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new FailureException("cannot read " + resource + " of Lingua: " + e.getMessage(), e);
        }
        return code.equals("zh") && order == 0 ? ChineseVariants.spread(ngrams) : ngrams;
    }

    /** A fraction; 0 for other fields. */
    private static double fraction(String field) {
        int slash = field.indexOf('/');
        return slash < 0
                ? 0
                : Double.parseDouble(field.substring(0, slash)) / Double.parseDouble(field.substring(slash + 1));
    }

    private void put(String ngram, int order, int language, float probability) {
        if (ngram.length() != order + 1) {
            return; // A letter beyond 16 bits, which texts in these languages don't have.
        }
        long key = 0;
        for (int i = 0; i < ngram.length(); i++) {
            if (Scripts.of(ngram.charAt(i)) != script) {
                return;
            }
            key = key << 16 | ngram.charAt(i);
        }
        int row = row(key);
        if (row < 0) {
            row = newRow(key, order == 0 ? -1 : row(key & (1L << 16 * order) - 1));
        }
        values[row * languages + language] = probability;
    }

    private int newRow(long key, int shorter) {
        if (2 * size >= keys.length) {
            grow();
        }
        int row = size++;
        if (size * languages > values.length) {
            values = Arrays.copyOf(values, 2 * values.length);
        }
        for (int language = 0; language < languages; language++) {
            values[row * languages + language] =
                    shorter < 0 ? UNKNOWN : values[shorter * languages + language] + BACKOFF;
        }
        insert(key, row);
        return row;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldRows = rows;
        keys = new long[2 * oldKeys.length];
        rows = new int[2 * oldRows.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                insert(oldKeys[i], oldRows[i]);
            }
        }
    }

    private void insert(long key, int row) {
        int slot = slot(key);
        keys[slot] = key;
        rows[slot] = row;
    }

    private int row(long key) {
        int slot = slot(key);
        return keys[slot] == 0 ? -1 : rows[slot];
    }

    /** Where a key is, or is to be: open addressing. No n-gram is 0. */
    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) (key * 0x9e37_79b9_7f4a_7c15L >>> 40) & mask;
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
