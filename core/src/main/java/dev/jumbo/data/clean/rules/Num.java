package dev.jumbo.data.clean.rules;

import dev.jumbo.data.table.Numbers;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * A number of an expression, in decimal digits as a cell writes it: 0.1 * 3 is 0.3. Sums, differences and products are exact
 * (up to {@value #DIGITS} digits). A quotient has 34 digits (IEEE 754 decimal128, half even); where that is not all of it, the
 * number is known up to a slack of 1e-15 of itself, which follows it through what is calculated from it: within it, numbers are
 * equal. So 1 / 3 equals 0.3333333333333333, and 1 / 3 * 3 equals 1.
 *
 * @param exact the number; null: infinite
 * @param infinite 1 or -1 for infinite numbers, 0 for others
 * @param slack how far the number may be from the right one; 0 for exact ones
 */
record Num(@Nullable BigDecimal exact, int infinite, BigDecimal slack) implements Value {
    /** Bounds the work: a number that needs more digits is rounded to these. */
    private static final int DIGITS = 1000;

    private static final MathContext EXACT = new MathContext(DIGITS, RoundingMode.HALF_EVEN);
    private static final MathContext QUOTIENT = MathContext.DECIMAL128;
    private static final MathContext ROUGH = new MathContext(9, RoundingMode.UP);
    private static final BigDecimal SHARE = new BigDecimal("1e-15");

    /** Smaller than this it does not matter how much, for the next whole number. */
    private static final BigDecimal SMALL = new BigDecimal("0.1");

    static final Num ZERO = of(BigDecimal.ZERO);

    static Num of(BigDecimal exact) {
        return new Num(exact, 0, BigDecimal.ZERO);
    }

    static Num of(long number) {
        return of(BigDecimal.valueOf(number));
    }

    /** Null if the text is no number. */
    static @Nullable Num of(String text) {
        BigDecimal exact = Numbers.decimal(text);
        if (exact != null) {
            return of(exact);
        }
        double number = Numbers.parse(text);
        return Double.isInfinite(number) ? infinite(number > 0 ? 1 : -1) : null;
    }

    private static Num infinite(int sign) {
        return new Num(null, sign, BigDecimal.ZERO);
    }

    private static Num of(BigDecimal exact, BigDecimal slack) {
        return new Num(exact, 0, slack);
    }

    private int signum() {
        return exact == null ? infinite : exact.signum();
    }

    Num negated() {
        return exact == null ? infinite(-infinite) : of(exact.negate(), slack);
    }

    Num abs() {
        return signum() < 0 ? negated() : this;
    }

    /** Null: infinity less infinity. */
    @Nullable
    Num plus(Num other) {
        if (exact == null || other.exact == null) {
            return infinite * other.infinite < 0 ? null : infinite(infinite == 0 ? other.infinite : infinite);
        }
        return of(exact.add(other.exact, EXACT), slack.add(other.slack, ROUGH));
    }

    /** Null: infinity times nothing. */
    @Nullable
    Num times(Num other) {
        if (exact == null || other.exact == null) {
            return signum() * other.signum() == 0 ? null : infinite(signum() * other.signum());
        }
        BigDecimal error = slack.signum() == 0 && other.slack.signum() == 0
                ? BigDecimal.ZERO
                : exact.abs().multiply(other.slack, ROUGH).add(other.exact.abs().multiply(slack, ROUGH), ROUGH);
        return of(exact.multiply(other.exact, EXACT), error);
    }

    /** Null: divided by nothing, or infinity by infinity. */
    @Nullable
    Num over(Num other) {
        if (other.exact == null) {
            return exact == null ? null : ZERO;
        }
        if (other.exact.abs().compareTo(other.slack) <= 0) {
            return null;
        }
        if (exact == null) {
            return infinite(infinite * other.signum());
        }
        BigDecimal quotient = exact.divide(other.exact, QUOTIENT);
        if (slack.signum() == 0
                && other.slack.signum() == 0
                && quotient.multiply(other.exact).compareTo(exact) == 0) {
            return of(quotient);
        }
        BigDecimal carried =
                slack.add(quotient.abs().multiply(other.slack, ROUGH), ROUGH).divide(other.exact.abs(), ROUGH);
        return of(quotient, carried.add(quotient.abs().multiply(SHARE, ROUGH), ROUGH));
    }

    /** With the sign of the divisor, as Python's. Null: divided by nothing, or of infinite numbers, or too far apart. */
    @Nullable
    Num remainder(Num other) {
        if (exact == null || other.exact == null || other.exact.signum() == 0) {
            return null;
        }
        if (slack.signum() != 0 || other.slack.signum() != 0) {
            Num quotient = over(other);
            Num times = quotient == null
                    ? null
                    : quotient.rounded(RoundingMode.FLOOR).times(other);
            return times == null ? null : plus(times.negated());
        }
        BigDecimal rest = exact;
        if (exact.abs().compareTo(other.exact.abs()) >= 0) {
            long apart = (long) exact.precision() - exact.scale() - other.exact.precision() + other.exact.scale();
            if (apart > DIGITS) {
                return null;
            }
            rest = exact.remainder(other.exact);
        }
        boolean otherSign = rest.signum() * other.exact.signum() < 0;
        return of(otherSign ? rest.add(other.exact, EXACT) : rest);
    }

    /** A whole number; one within the slack is it. */
    Num rounded(RoundingMode mode) {
        if (exact == null || exact.scale() <= 0) {
            return this;
        }
        boolean small = (long) exact.precision() - exact.scale() < 0;
        BigDecimal number = small ? SMALL.multiply(BigDecimal.valueOf(exact.signum())) : exact;
        BigDecimal nearest = number.setScale(0, RoundingMode.HALF_EVEN);
        if (slack.signum() != 0 && nearest.subtract(exact, ROUGH).abs().compareTo(slack) <= 0) {
            return of(nearest);
        }
        return of(number.setScale(0, mode));
    }

    /** Negative, 0 or positive as this is below, equal to (within both slacks) or above the other. */
    int order(Num other) {
        if (exact == null || other.exact == null) {
            return Integer.compare(infinite, other.infinite);
        }
        int order = exact.compareTo(other.exact);
        boolean rounded = slack.signum() != 0 || other.slack.signum() != 0;
        if (order == 0 || !rounded) {
            return order;
        }
        try {
            BigDecimal apart = exact.subtract(other.exact, QUOTIENT).abs();
            return apart.compareTo(slack.add(other.slack, ROUGH)) <= 0 ? 0 : order;
        } catch (ArithmeticException e) {
            return order; // Exponents of ten digits are that far apart.
        }
    }

    /** The nearest double. */
    double toDouble() {
        return exact == null ? infinite * Double.POSITIVE_INFINITY : exact.doubleValue();
    }

    /** As tables write numbers. */
    String text() {
        return exact == null ? Numbers.format(toDouble()) : Numbers.format(exact);
    }
}
