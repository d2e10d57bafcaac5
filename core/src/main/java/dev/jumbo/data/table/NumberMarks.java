package dev.jumbo.data.table;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the points, commas and blanks between the digits of a number show of how a column writes its numbers. */
public enum NumberMarks {
    /** Digits alone, or grouped by blanks or apostrophes: the same under both readings. */
    NONE,
    /** A decimal point, or thousands by commas: 2,500.00 and 1,234,567 and 0.5. */
    POINT,
    /** A decimal comma, or thousands by points: 1.234,56 and 1.234.567 and 0,5. */
    COMMA,
    /** One mark before three digits: 1,234 and 1.234 may be a thousand or one and a bit. */
    EITHER,
    /** Digits that no reading takes: 1,23,4. */
    WRONG;

    private static final Pattern ENGLISH_LAKH = Pattern.compile("\\d{1,2}(?:,\\d{2})+,\\d{3}(?:\\.\\d*)?");

    static NumberMarks of(String mantissa) {
        boolean point = fits(mantissa, '.', null);
        boolean comma = fits(mantissa, ',', null);
        if (point && comma) {
            return mantissa.indexOf('.') < 0 && mantissa.indexOf(',') < 0 ? NONE : EITHER;
        }
        return point ? POINT : comma ? COMMA : WRONG;
    }

    /** What two cells of a column show together; POINT and COMMA contradict each other, which is WRONG. */
    public NumberMarks and(NumberMarks other) {
        if (this == WRONG || other == NONE || other == this) {
            return this;
        }
        if (other == WRONG || this == NONE) {
            return other;
        }
        if (this == EITHER || other == EITHER) {
            return this == EITHER ? other : this;
        }
        return WRONG;
    }

    /** @param thousands null: the other mark, a blank or an apostrophe; empty: none */
    static boolean fits(String mantissa, char decimal, @Nullable String thousands) {
        int at = mantissa.indexOf(decimal);
        if (at != mantissa.lastIndexOf(decimal)) {
            return false;
        }
        String whole = at < 0 ? mantissa : mantissa.substring(0, at);
        String fraction = at < 0 ? "" : mantissa.substring(at + 1);
        if (!fraction.chars().allMatch(Character::isDigit) || whole.isEmpty() && fraction.isEmpty()) {
            return false;
        }
        if (whole.chars().allMatch(Character::isDigit)) {
            return true;
        }
        String marks =
                thousands == null ? (decimal == '.' ? "," : ".") + " '" : thousands.equals("\u2019") ? "'" : thousands;
        for (char mark : marks.toCharArray()) {
            String quoted = Pattern.quote(String.valueOf(mark));
            if (whole.matches("[1-9]\\d{0,2}(?:" + quoted + "\\d{3})+")) {
                return true;
            }
        }
        return decimal == '.'
                && marks.indexOf(',') >= 0
                && ENGLISH_LAKH.matcher(whole).matches();
    }
}
