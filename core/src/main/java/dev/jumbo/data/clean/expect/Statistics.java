package dev.jumbo.data.clean.expect;

import dev.jumbo.data.Moments;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Statistics of a column's numbers; NaN where there are too few. */
final class Statistics {
    private Statistics() {}

    static List<Expectation.Finding> judge(
            Table table,
            String name,
            String statistic,
            ToDoubleFunction<double[]> of,
            @Nullable Double min,
            @Nullable Double max) {
        TableColumn column = table.column(name);
        double[] numbers = IntStream.range(0, table.rows())
                .mapToDouble(column::number)
                .filter(number -> !Double.isNaN(number))
                .toArray();
        double found = of.applyAsDouble(numbers);
        return List.of(new Expectation.Finding(
                name + ": " + statistic + " " + Shares.between(min, max),
                Shares.within(found, min, max),
                Double.isNaN(found)
                        ? "too few numbers"
                        : Numbers.format(found) + String.format(Locale.ROOT, " of %,d numbers", numbers.length)));
    }

    static double mean(double[] numbers) {
        return numbers.length == 0 ? Double.NaN : moments(numbers).mean();
    }

    static double deviation(double[] numbers) {
        int n = numbers.length;
        return n < 2 ? Double.NaN : moments(numbers).deviation() * Math.sqrt(n / (n - 1.0));
    }

    static double median(double[] numbers) {
        if (numbers.length == 0) {
            return Double.NaN;
        }
        double[] sorted = numbers.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2;
    }

    private static Moments moments(double[] numbers) {
        Moments moments = new Moments();
        for (double number : numbers) {
            moments.add(number);
        }
        return moments;
    }
}
