package dev.jumbo.data.table;

/** Numbers as they stand in tables. */
public final class Numbers {
    /** 2^53: beyond it not every whole number is a double. */
    private static final double WHOLE = 9007199254740992.0;

    private Numbers() {}

    /**
     * The number a text stands for: decimal digits with an optional sign, point and exponent, blanks around it allowed.
     *
     * @return NaN if it is none (also for the words NaN and Infinity, hexadecimal floats, and Java's suffixes d and f)
     */
    public static double parse(String text) {
        String trimmed = text.strip();
        if (trimmed.isEmpty() || !plain(trimmed)) {
            return Double.NaN;
        }
        try {
            double value = Double.parseDouble(trimmed);
            return Double.isInfinite(value) ? Double.NaN : value;
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
