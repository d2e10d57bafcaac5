package dev.jumbo.data.clean.steps;

import dev.jumbo.data.table.TableColumn;
import java.util.Arrays;
import java.util.function.LongToDoubleFunction;
import java.util.stream.IntStream;

/** Order statistics. */
public final class Quantiles {
    private Quantiles() {}

    /** The numbers of a column in ascending order, without missing ones and infinite ones. */
    static double[] sorted(TableColumn column) {
        return IntStream.range(0, column.size())
                .mapToDouble(column::number)
                .filter(Double::isFinite)
                .sorted()
                .toArray();
    }

    /** The quantile by linear interpolation between the two nearest values, as NumPy's default. */
    static double of(double[] sorted, double share) {
        return of(sorted.length, rank -> sorted[(int) rank], share);
    }

    /** As NumPy's default, of numbers that are not in memory. @param sorted the number of a rank from 0, in ascending order */
    public static double of(long size, LongToDoubleFunction sorted, double share) {
        double at = share * (size - 1);
        long below = (long) Math.floor(at);
        long above = Math.min(below + 1, size - 1);
        double low = sorted.applyAsDouble(below);
        return low + (at - below) * (sorted.applyAsDouble(above) - low);
    }

    static double median(double[] sorted) {
        return of(sorted, 0.5);
    }

    /** The median of the distances from the median. */
    static double medianDistance(double[] sorted) {
        double median = median(sorted);
        return median(
                Arrays.stream(sorted).map(v -> Math.abs(v - median)).sorted().toArray());
    }
}
