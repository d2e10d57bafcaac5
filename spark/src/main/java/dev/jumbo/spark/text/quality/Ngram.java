package dev.jumbo.spark.text.quality;

import dev.jumbo.error.InputException;
import dev.jumbo.spark.text.NormalWords;

/** Shares of a text's characters that repeated n-grams hold. */
final class Ngram {
    private Ngram() {}

    /** The n that a file gives as a key. */
    static int size(String key) {
        try {
            int n = Integer.parseInt(key);
            if (n >= 1) {
                return n;
            }
        } catch (NumberFormatException e) {
            // Refused below, with the same words as a number out of range.
        }
        throw new InputException("expected the number of words of an n-gram, at least 1, received \"" + key + "\"");
    }

    /** Length times count of the n-gram that occurs most (of several the longest) over all characters; 0 if none occurs twice. */
    static double topShare(NormalWords words, int n) {
        if (words.count() <= n) {
            return 0;
        }
        long[] grams = words.ngrams(n);
        LongCounter counter = new LongCounter(grams.length);
        int most = 1;
        long longest = 0;
        for (int i = 0; i < grams.length; i++) {
            int count = counter.add(grams[i]);
            if (count >= most && count > 1) {
                long length = words.characters(i, i + n);
                longest = count > most ? length : Math.max(longest, length);
                most = count;
            }
        }
        return Rules.ratio(longest * most, words.characters(0, words.count()));
    }

    /** Characters of words in n-grams that came before, over all characters. */
    static double duplicateShare(NormalWords words, int n) {
        if (words.count() <= n) {
            return 0;
        }
        long[] grams = words.ngrams(n);
        LongCounter counter = new LongCounter(grams.length);
        long inside = 0;
        int counted = 0;
        for (int i = 0; i < grams.length; i++) {
            if (counter.add(grams[i]) > 1) {
                inside += words.characters(Math.max(i, counted), i + n);
                counted = i + n;
            }
        }
        return Rules.ratio(inside, words.characters(0, words.count()));
    }
}
