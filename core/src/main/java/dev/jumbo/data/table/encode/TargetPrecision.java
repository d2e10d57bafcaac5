package dev.jumbo.data.table.encode;

import dev.jumbo.error.InputException;
import java.util.Locale;

/**
 * Whether the values of a numeric target survive FLOAT32, in which networks answer: of 1700000000, 1700000010 and so on every
 * sixteenth would be left, and a figure such as R2 would be about the rounding.
 */
final class TargetPrecision {
    /** Half the distance of two neighbouring FLOAT32 values of size 1. */
    private static final double ROUNDING = 0x1p-24;

    /** Of the standard deviation: more cannot be learned around. */
    private static final double MOST = 0.02;

    private TargetPrecision() {}

    /** @throws InputException if rounding to FLOAT32 changes the values by a large part of what they differ by */
    static void require(String name, double[] values) {
        double mean = 0;
        double squares = 0;
        double largest = 0;
        for (int i = 0; i < values.length; i++) {
            double delta = values[i] - mean;
            mean += delta / (i + 1);
            squares += delta * (values[i] - mean);
            largest = Math.max(largest, Math.abs(values[i]));
        }
        double deviation = Math.sqrt(squares / Math.max(1, values.length));
        double rounding = largest * ROUNDING;
        if (deviation > 0 && rounding > MOST * deviation) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "expected a target whose values differ by more than float32 rounds them, received %s around %.10g with a"
                            + " standard deviation of %.4g, where rounding takes up to %.4g: subtract a constant first, as in"
                            + " %s - %.0f (dates: date_parts with days since a day)",
                    name,
                    mean,
                    deviation,
                    rounding,
                    name,
                    mean));
        }
    }
}
