package dev.jumbo.data.clean;

import dev.jumbo.data.table.TableColumn;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Order statistics. */
final class Quantiles {
    private Quantiles() {}

    /** The numbers of a column in ascending order, without missing ones. */
    static double[] sorted(TableColumn column) {
        return IntStream.range(0, column.size())
                .mapToDouble(column::number)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
    }

    /** The quantile by linear interpolation between the two nearest values, as NumPy's default. */
    static double of(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
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
