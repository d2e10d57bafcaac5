package dev.jumbo.spark.text;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.text.Normalizer;
import java.util.Arrays;

/**
 * Words for comparison between documents: without case, punctuation and the variants of Unicode. Immutable.
 *
 * <p>The text is brought to Unicode's form NFKC and, character by character, to lower case. A word is a longest run of
 * letters, digits and marks; an apostrophe inside a word is left out ({@code don't} is {@code dont}), everything else
 * separates. A character of the scripts that write no blanks (Han, Hiragana, Katakana, Thai, Lao, Khmer, Myanmar) is a
 * word of its own.
 *
 * <p>Each word has a 64-bit hash (komihash 5.0), the same on every machine.
 */
public final class NormalWords {
    private static final Hasher64 HASHER = Hashing.komihash5_0();

    private final char[] characters;
    private final int[] ends;
    private final long[] hashes;

    private NormalWords(char[] characters, int[] ends, long[] hashes) {
        this.characters = characters;
        this.ends = ends;
        this.hashes = hashes;
    }

    /** The words of a text. */
    public static NormalWords of(String text) {
        Splitter splitter = new Splitter(normalForm(text));
        splitter.run();
        int words = splitter.words;
        long[] hashes = new long[words];
        Window window = new Window(splitter.characters);
        for (int word = 0; word < words; word++) {
            window.start = word == 0 ? 0 : splitter.ends[word - 1];
            window.end = splitter.ends[word];
            hashes[word] = HASHER.hashCharsToLong(window);
        }
        return new NormalWords(
                Arrays.copyOf(splitter.characters, splitter.size), Arrays.copyOf(splitter.ends, words), hashes);
    }

    /** Number of words. */
    public int count() {
        return ends.length;
    }

    /** The 64-bit hash of a word. */
    public long hash(int word) {
        return hashes[word];
    }

    public String word(int word) {
        int start = word == 0 ? 0 : ends[word - 1];
        return new String(characters, start, ends[word] - start);
    }

    /** Characters (UTF-16) of the words from one to before another, without blanks. */
    public int characters(int from, int to) {
        return from >= to ? 0 : ends[to - 1] - (from == 0 ? 0 : ends[from - 1]);
    }

    /** Words joined by single blanks. @param to exclusive */
    public String text(int from, int to) {
        StringBuilder joined = new StringBuilder();
        for (int word = from; word < to; word++) {
            if (word > from) {
                joined.append(' ');
            }
            int start = word == 0 ? 0 : ends[word - 1];
            joined.append(characters, start, ends[word] - start);
        }
        return joined.toString();
    }

    /** All words joined by single blanks: equal for texts that differ in case, punctuation and layout only. */
    public String text() {
        return text(0, ends.length);
    }

    /**
     * 64-bit hashes of all runs of n words, by position. The hash of a run is the polynomial of its words' hashes modulo
     * 2^64, moved on from word to word in constant time, and mixed at the end.
     *
     * @param n at least 1
     * @return {@code count - n + 1} hashes; of a shorter text that has words at all, the one of all its words
     */
    public long[] ngrams(int n) {
        int words = hashes.length;
        int width = Math.min(n, words);
        if (width == 0) {
            return new long[0];
        }
        long leaving = 1;
        for (int k = 0; k < width; k++) {
            leaving *= BASE;
        }
        long[] grams = new long[words - width + 1];
        long rolling = 0;
        for (int word = 0; word < words; word++) {
            rolling = rolling * BASE + hashes[word];
            if (word >= width) {
                rolling -= leaving * hashes[word - width];
            }
            if (word >= width - 1) {
                grams[word - width + 1] = mix(rolling);
            }
        }
        return grams;
    }

    /** Odd, and without structure: the golden ratio's first 64 bits. */
    private static final long BASE = 0x9e3779b97f4a7c15L;

    /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014): every bit depends on every bit. */
    static long mix(long x) {
        long z = (x ^ x >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    private static String normalForm(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (text.charAt(at) > 127) {
                return Normalizer.normalize(text, Normalizer.Form.NFKC);
            }
        }
        return text;
    }

    /** The one pass over the text. */
    private static final class Splitter {
        final String text;
        final char[] characters;
        int[] ends;
        int size;
        int words;
        private int wordStart;

        Splitter(String text) {
            this.text = text;
            characters = new char[text.length()];
            // English has six characters to a word, with its blank.
            ends = new int[Math.max(16, text.length() / 5)];
        }

        void run() {
            int at = 0;
            while (at < text.length()) {
                int code = text.codePointAt(at);
                at += Character.charCount(code);
                if (!isPart(code)) {
                    if (!isApostrophe(code) || at == text.length() || !isPart(text.codePointAt(at))) {
                        endWord();
                    }
                } else if (isAlone(code)) {
                    endWord();
                    put(code);
                    endWord();
                } else {
                    put(code);
                }
            }
            endWord();
        }

        private void put(int code) {
            size += Character.toChars(Character.toLowerCase(code), characters, size);
        }

        private void endWord() {
            if (size == wordStart) {
                return;
            }
            if (words == ends.length) {
                ends = Arrays.copyOf(ends, words * 2);
            }
            ends[words++] = size;
            wordStart = size;
        }

        private static boolean isApostrophe(int code) {
            return code == '\'' || code == '\u2019';
        }

        private static boolean isPart(int code) {
            if (code < 128) {
                return code >= 'a' && code <= 'z' || code >= 'A' && code <= 'Z' || code >= '0' && code <= '9';
            }
            return switch (Character.getType(code)) {
                case Character.UPPERCASE_LETTER,
                        Character.LOWERCASE_LETTER,
                        Character.TITLECASE_LETTER,
                        Character.MODIFIER_LETTER,
                        Character.OTHER_LETTER,
                        Character.DECIMAL_DIGIT_NUMBER,
                        Character.NON_SPACING_MARK,
                        Character.COMBINING_SPACING_MARK,
                        Character.ENCLOSING_MARK -> true;
                default -> false;
            };
        }

        private static boolean isAlone(int code) {
            if (code < 0xe00) {
                return false;
            }
            return switch (Character.UnicodeScript.of(code)) {
                case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
                default -> false;
            };
        }
    }

    /** A view that moves, so that hashing a word makes no object. */
    private static final class Window implements CharSequence {
        private final char[] characters;
        int start;
        int end;

        Window(char[] characters) {
            this.characters = characters;
        }

        @Override
        public int length() {
            return end - start;
        }

        @Override
        public char charAt(int index) {
            return characters[start + index];
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return new String(characters, start + from, to - from);
        }

        @Override
        public String toString() {
            return new String(characters, start, end - start);
        }
    }
}
