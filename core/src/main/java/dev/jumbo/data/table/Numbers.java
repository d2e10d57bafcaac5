package dev.jumbo.data.table;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Numbers as they stand in tables. */
public final class Numbers {
    /** 2^63: below it a whole number is a long. */
    private static final double WHOLE = 0x1p63;

    /** Bounds the work on a text of any length. */
    private static final int LONGEST = 1000;

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

    /**
     * The number a text stands for, with all its digits. One of more than {@value #LONGEST} characters, or with an exponent of
     * more than nine digits, is taken as {@link #parse} has it.
     *
     * @return null if the text is no finite number, or an exponent of more digits makes it nothing or infinite
     */
    public static @Nullable BigDecimal decimal(String text) {
        String trimmed = text.strip();
        if (trimmed.isEmpty() || !plain(trimmed)) {
            return null;
        }
        if (trimmed.length() <= LONGEST) {
            try {
                return new BigDecimal(trimmed);
            } catch (NumberFormatException e) {
                // No number, or too large an exponent: the double says which.
            }
        }
        double number = parse(trimmed);
        return Double.isFinite(number) && number != 0 ? new BigDecimal(number) : null;
    }

    /** Compares a text that stands for a number, which may be infinite, with a number exactly. */
    public static int compare(String a, BigDecimal b) {
        BigDecimal x = decimal(a);
        return x == null ? Double.compare(parse(a), 0) : x.compareTo(b);
    }

    /** The same number without zeros at its end; such ones are equal if they are the same number. */
    public static BigDecimal stripped(BigDecimal number) {
        return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    }

    /** Compares two texts that stand for numbers exactly, infinity among them: negative, 0 or positive. */
    public static int compare(String a, String b) {
        BigDecimal x = decimal(a);
        BigDecimal y = decimal(b);
        if (x != null && y != null) {
            return x.compareTo(y);
        }
        double p = x == null ? parse(a) : 0;
        double q = y == null ? parse(b) : 0;
        return Double.compare(p, q);
    }

    /** Whether a text is digits with a zero in front, such as 007: a code, and not the number 7. */
    public static boolean isCode(String text) {
        String t = text.strip();
        int at = t.startsWith("-") || t.startsWith("+") ? 1 : 0;
        return t.length() > at + 1 && t.charAt(at) == '0' && t.charAt(at + 1) >= '0' && t.charAt(at + 1) <= '9';
    }

    /** A text that is the same for all spellings of a number (1, 1.0, 1e0; 0 and -0); null if it is none, or a {@link #isCode code}. */
    public static @Nullable String canonical(String text) {
        if (isCode(text)) {
            return null;
        }
        BigDecimal exact = decimal(text);
        if (exact != null) {
            return stripped(exact).toString();
        }
        double number = parse(text);
        return Double.isNaN(number) ? null : Double.toString(number);
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

    /** As {@link #format(double)} where a double holds the number exactly; otherwise all its digits, but no row of zeros. */
    public static String format(BigDecimal value) {
        double rounded = value.doubleValue();
        if (Math.abs((long) value.precision() - value.scale()) > LONGEST) {
            return value.toString();
        }
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
