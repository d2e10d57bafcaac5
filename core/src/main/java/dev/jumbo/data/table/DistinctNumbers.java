package dev.jumbo.data.table;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The different numbers of a column, as they are written and as doubles have them: {@code 0}, {@code -0} and {@code 0.0} are
 * one number, 2^64 - 1 and 2^64 - 2 are two that become one double.
 */
final class DistinctNumbers {
    /** With so few digits different numbers are different doubles (Java Language Specification; IEEE 754's 15 digits). */
    private static final int SAFE = 15;

    private final Set<Double> doubles = new HashSet<>();
    private final Set<BigDecimal> others = new HashSet<>();
    private @Nullable BigDecimal smallest;
    private @Nullable BigDecimal largest;
    private double min = Double.NaN;
    private double max = Double.NaN;
    /** Doubles of the numbers that a double holds exactly, or that have few digits. */
    private final Set<Double> plain = new HashSet<>();

    /** Adds a finite number. @param text as it is written; empty: the double is the number */
    void add(String text, double value) {
        double number = value + 0.0; // -0 becomes 0
        doubles.add(number);
        BigDecimal exact = exact(text);
        if (exact == null) {
            plain.add(number);
        } else {
            others.add(exact);
        }
        if (!(number >= min)) {
            smallest = exact;
            min = number;
        } else if (number == min) {
            smallest = of(smallest, exact, number, -1);
        }
        if (!(number <= max)) {
            largest = exact;
            max = number;
        } else if (number == max) {
            largest = of(largest, exact, number, 1);
        }
    }

    /** Of two numbers that are the same double the smaller or the larger one; null: the double itself. */
    private static @Nullable BigDecimal of(
            @Nullable BigDecimal known, @Nullable BigDecimal next, double number, int sign) {
        BigDecimal first = known == null ? new BigDecimal(number) : known;
        BigDecimal second = next == null ? new BigDecimal(number) : next;
        return Integer.signum(second.compareTo(first)) == sign ? next : known;
    }

    /** All digits where they may be more than a double has; null: the double is the number. */
    private static @Nullable BigDecimal exact(String text) {
        String trimmed = text.strip();
        if (trimmed.length() <= SAFE) {
            return null;
        }
        try {
            BigDecimal exact = new BigDecimal(trimmed).stripTrailingZeros();
            double rounded = exact.doubleValue();
            boolean same = exact.precision() <= SAFE
                    || exact.scale() > 0 && new BigDecimal(Double.toString(rounded)).compareTo(exact) == 0
                    || new BigDecimal(rounded).compareTo(exact) == 0;
            return same ? null : exact;
        } catch (NumberFormatException e) {
            return null; // Forms such as "1." in unusual spellings: the double is what is known.
        }
    }

    /** How many there are as they are written. */
    long exact() {
        return plain.size() + others.size();
    }

    /** How many there are as doubles. */
    long rounded() {
        return doubles.size();
    }

    double min() {
        return min;
    }

    double max() {
        return max;
    }

    /** The smallest number with all its digits; empty: there is none. */
    String smallest() {
        return text(smallest, min);
    }

    /** The largest number with all its digits; empty: there is none. */
    String largest() {
        return text(largest, max);
    }

    private static String text(@Nullable BigDecimal exact, double rounded) {
        if (exact != null) {
            return exact.scale() <= 0 && exact.precision() - exact.scale() <= 40
                    ? exact.toPlainString()
                    : exact.toString();
        }
        return Double.isNaN(rounded) ? "" : Numbers.format(rounded);
    }
}
