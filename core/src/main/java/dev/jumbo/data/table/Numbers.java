package dev.jumbo.data.table;

import java.math.BigDecimal;

/** Numbers as they stand in tables. */
public final class Numbers {
    /** 2^63: below it a whole number is a long. */
    private static final double WHOLE = 0x1p63;

    private Numbers() {}

    /**
     * The number a text stands for: decimal digits with an optional sign, point and exponent, or the words inf and infinity
     * in any case with an optional sign, as pandas reads them; blanks around it allowed.
     *
     * @return NaN if it is none (also for the word NaN, hexadecimal floats, and Java's suffixes d and f); infinity where
     *     the text says so, or where a double cannot hold the number
     */
    public static double parse(String text) {
        String trimmed = text.strip();
        if (trimmed.isEmpty()) {
            return Double.NaN;
        }
        if (!plain(trimmed)) {
            return infinity(trimmed);
        }
        try {
            return Double.parseDouble(trimmed);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** The shortest text that is read back as the same number; whole numbers without a decimal point. */
    public static String format(double value) {
        if (value == Math.rint(value) && Math.abs(value) < WHOLE) {
            return Long.toString((long) value);
        }
        return Double.toString(value);
    }

    /** The number of a text that is one, with all its digits where it is finite. */
    public static Number exact(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            return parse(text);
        }
    }

    /** As {@link #format(double)} where a double holds the number exactly; otherwise all its digits. */
    public static String format(BigDecimal value) {
        double rounded = value.doubleValue();
        return Double.isFinite(rounded) && new BigDecimal(format(rounded)).compareTo(value) == 0
                ? format(rounded)
                : value.stripTrailingZeros().toPlainString();
    }

    private static double infinity(String text) {
        char sign = text.charAt(0);
        String word = sign == '-' || sign == '+' ? text.substring(1) : text;
        if (!word.equalsIgnoreCase("inf") && !word.equalsIgnoreCase("infinity")) {
            return Double.NaN;
        }
        return sign == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }

    private static boolean plain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
                return false;
            }
        }
        return true;
    }
}
