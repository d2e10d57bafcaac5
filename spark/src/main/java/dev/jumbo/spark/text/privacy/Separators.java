package dev.jumbo.spark.text.privacy;

/** The signs that people put between the groups of a number, as the three that stand for all of them. */
final class Separators {
    static final char BLANK = ' ';
    static final char HYPHEN = '-';
    static final char DOT = '.';

    /** Stands for no separator. */
    static final char NONE = 0;

    private Separators() {}

    /** {@link #BLANK} of any width, broken or not, {@link #HYPHEN} of any length, {@link #DOT}, or {@link #NONE}. */
    static char of(char c) {
        return switch (c) {
            case ' ', '\u00a0', '\u2007', '\u2009', '\u202f' -> BLANK;
            case '-', '\u2010', '\u2011', '\u2012', '\u2013' -> HYPHEN;
            case '.' -> DOT;
            default -> NONE;
        };
    }

    /** A text in which each separator is the one that stands for it, at the same position. */
    static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char separator = of(text.charAt(i));
            plain.append(separator == NONE ? text.charAt(i) : separator);
        }
        return plain.toString();
    }
}
