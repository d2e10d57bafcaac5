package dev.jumbo.spark.text;

import java.util.Arrays;

/**
 * Words and lines of a text as they are written: one pass, positions only. Immutable.
 *
 * <ul>
 *   <li>A <b>token</b> is a longest run of characters that are not white space ({@link #isBlank}).
 *   <li>A <b>word</b> is a token that holds a letter or a digit. It is the part of the token from its first to its last
 *       letter, digit or mark: <code>"don't,</code> is the word {@code don't}, and {@code --} is none.
 *   <li>An <b>alphabetic</b> token holds a letter.
 *   <li>A <b>line</b> is what stands between line feeds, without white space at both ends; lines without anything else
 *       do not count.
 * </ul>
 *
 * The rules that use them are made for languages that write blanks between words.
 */
public final class Words {
    private final String text;
    private final int[] starts;
    private final int[] ends;
    private final int tokens;
    private final int alphabetic;
    private final long letters;
    private final int[] lineStarts;
    private final int[] lineEnds;

    private Words(Scan scan) {
        text = scan.text;
        starts = Arrays.copyOf(scan.starts, scan.words);
        ends = Arrays.copyOf(scan.ends, scan.words);
        tokens = scan.tokens;
        alphabetic = scan.alphabetic;
        letters = scan.letters;
        lineStarts = Arrays.copyOf(scan.lineStarts, scan.lines);
        lineEnds = Arrays.copyOf(scan.lineEnds, scan.lines);
    }

    /** The words and lines of a text. */
    public static Words of(String text) {
        Scan scan = new Scan(text);
        scan.run();
        return new Words(scan);
    }

    public String text() {
        return text;
    }

    /** Number of words. */
    public int count() {
        return starts.length;
    }

    /** Number of tokens, words or not. */
    public int tokens() {
        return tokens;
    }

    /** Number of tokens with a letter. */
    public int alphabetic() {
        return alphabetic;
    }

    /** Characters (code points) of all words together. */
    public long characters() {
        return letters;
    }

    /** Position of the first character of a word. */
    public int start(int word) {
        return starts[word];
    }

    /** Position after the last character of a word. */
    public int end(int word) {
        return ends[word];
    }

    public String word(int word) {
        return text.substring(starts[word], ends[word]);
    }

    /** Number of lines that are not empty. */
    public int lines() {
        return lineStarts.length;
    }

    /** Position of the first character of a line. */
    public int lineStart(int line) {
        return lineStarts[line];
    }

    /** Position after the last character of a line. */
    public int lineEnd(int line) {
        return lineEnds[line];
    }

    public String line(int line) {
        return text.substring(lineStarts[line], lineEnds[line]);
    }

    /** White space, as these rules see it: of Java and Unicode, with no-break spaces and U+0085. */
    public static boolean isBlank(int c) {
        return c == ' ' || c == '\n' || c > 127 && (Character.isSpaceChar(c) || c == 0x85) || Character.isWhitespace(c);
    }

    /** The one pass; arrays grow by doubling. */
    private static final class Scan {
        final String text;
        int[] starts;
        int[] ends;
        int[] lineStarts = new int[16];
        int[] lineEnds = new int[16];
        int words;
        int tokens;
        int alphabetic;
        int lines;
        long letters;

        Scan(String text) {
            this.text = text;
            // English has six characters to a word, with its blank.
            starts = new int[Math.max(16, text.length() / 5)];
            ends = new int[starts.length];
        }

        void run() {
            int length = text.length();
            int lineStart = -1;
            int lineEnd = 0;
            int at = 0;
            while (at < length) {
                char c = text.charAt(at);
                if (isBlank(c)) {
                    if (c == '\n' && lineStart >= 0) {
                        line(lineStart, lineEnd);
                        lineStart = -1;
                    }
                    at++;
                    continue;
                }
                if (lineStart < 0) {
                    lineStart = at;
                }
                at = token(at);
                lineEnd = at;
            }
            if (lineStart >= 0) {
                line(lineStart, lineEnd);
            }
        }

        /** Reads the token that starts here. @return the position after it */
        private int token(int from) {
            int length = text.length();
            int first = -1;
            int last = -1;
            int surrogates = 0;
            int inside = 0;
            boolean letter = false;
            int at = from;
            while (at < length) {
                char c = text.charAt(at);
                if (isBlank(c)) {
                    break;
                }
                int code = c;
                int width = 1;
                if (Character.isHighSurrogate(c) && at + 1 < length && Character.isLowSurrogate(text.charAt(at + 1))) {
                    code = Character.toCodePoint(c, text.charAt(at + 1));
                    width = 2;
                }
                boolean isLetter = Character.isLetter(code);
                if (isLetter || Character.isDigit(code) || first >= 0 && isMark(code)) {
                    letter |= isLetter;
                    if (first < 0) {
                        first = at;
                        surrogates = 0;
                    }
                    surrogates += width - 1;
                    inside = surrogates;
                    last = at + width;
                } else if (first >= 0) {
                    surrogates += width - 1;
                }
                at += width;
            }
            tokens++;
            if (letter) {
                alphabetic++;
            }
            if (first >= 0) {
                word(first, last);
                letters += last - first - inside;
            }
            return at;
        }

        private static boolean isMark(int code) {
            return code > 0x2ff
                    && switch (Character.getType(code)) {
                        case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
                            true;
                        default -> false;
                    };
        }

        private void word(int start, int end) {
            if (words == starts.length) {
                starts = Arrays.copyOf(starts, words * 2);
                ends = Arrays.copyOf(ends, words * 2);
            }
            starts[words] = start;
            ends[words++] = end;
        }

        private void line(int start, int end) {
            if (lines == lineStarts.length) {
                lineStarts = Arrays.copyOf(lineStarts, lines * 2);
                lineEnds = Arrays.copyOf(lineEnds, lines * 2);
            }
            lineStarts[lines] = start;
            lineEnds[lines++] = end;
        }
    }
}
