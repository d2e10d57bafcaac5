package dev.jumbo.data.profile;

import dev.jumbo.data.table.ColumnProfile;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Whether one column alone gives the target away, as a copy, a code or a consequence of it does.
 *
 * <p>For classes: the share of rows that the other rows with the same value, or of many numbers the two neighbours in
 * ascending order, tell right; it is a leak where this makes at most a twentieth of the mistakes of always saying the most
 * frequent class. For numbers: the squared correlation (of the values, or of their ranks), or of categories the share of
 * the variance that lies between them (eta squared), from 0.999 on.
 */
final class Leak {
    private static final double FEWER_MISTAKES = 0.05;
    private static final double EXPLAINED = 0.999;
    private static final int LEAST_ROWS = 20;
    /** Above this many different numbers neighbours tell more than equals. */
    private static final int FEW = 30;

    private Leak() {}

    /**
     * What the column says of the target, for people; null: nothing suspicious.
     *
     * @param classes whether the target is a class and not a number
     */
    static @Nullable String of(Table table, ColumnProfile input, boolean numeric, String target, boolean classes) {
        TableColumn y = table.column(target);
        TableColumn x = table.column(input.name());
        int[] rows = IntStream.range(0, table.rows())
                .filter(row -> !y.isMissing(row))
                .toArray();
        if (rows.length < LEAST_ROWS || input.distinct() < 2) {
            return null;
        }
        if (classes) {
            double most = (double) counts(y, rows).values().stream()
                            .max(Comparator.naturalOrder())
                            .orElse(0)
                    / rows.length;
            double right =
                    (numeric && input.distinct() > FEW ? byNeighbours(x, y, rows) : byEquals(x, y, rows)) / rows.length;
            return most < 1 && 1 - right <= FEWER_MISTAKES * (1 - most)
                    ? String.format(Locale.ROOT, "tells %s alone in %.1f %% of the rows", target, 100 * right)
                    : null;
        }
        double explained = numeric
                ? Math.max(correlation(x, y, rows, false), correlation(x, y, rows, true))
                : input.hasOwnTexts() ? 0 : between(x, y, rows);
        return explained >= EXPLAINED
                ? String.format(Locale.ROOT, "explains %.2f %% of %s alone", 100 * explained, target)
                : null;
    }

    private static Map<String, Integer> counts(TableColumn column, int[] rows) {
        Map<String, Integer> counts = new HashMap<>();
        for (int row : rows) {
            counts.merge(String.valueOf(column.text(row)), 1, Integer::sum);
        }
        return counts;
    }

    /** Rows that the most frequent class of the other rows with the same value tells right. */
    private static double byEquals(TableColumn x, TableColumn y, int[] rows) {
        Map<String, List<Integer>> groups = new HashMap<>();
        for (int row : rows) {
            groups.computeIfAbsent(x.isMissing(row) ? "\0" : String.valueOf(x.text(row)), key -> new ArrayList<>())
                    .add(row);
        }
        double right = 0;
        for (List<Integer> group : groups.values()) {
            int[] sizes = counts(y, group.stream().mapToInt(Integer::intValue).toArray()).values().stream()
                    .mapToInt(Integer::intValue)
                    .sorted()
                    .toArray();
            int most = sizes[sizes.length - 1];
            int second = sizes.length == 1 ? 0 : sizes[sizes.length - 2];
            right += most - 1 > second || most > 1 && second == 0 ? most : 0;
        }
        return right;
    }

    /** Rows whose class is that of the next smaller or the next larger number; those without a number are wrong. */
    private static double byNeighbours(TableColumn x, TableColumn y, int[] rows) {
        Integer[] order = Arrays.stream(rows)
                .filter(row -> !Double.isNaN(x.number(row)))
                .boxed()
                .sorted(Comparator.comparingDouble(x::number).thenComparing(row -> mixed(row)))
                .toArray(Integer[]::new);
        double right = 0;
        for (int i = 0; i < order.length; i++) {
            String own = String.valueOf(y.text(order[i]));
            boolean before = i == 0 || Objects.equals(own, y.text(order[i - 1]));
            boolean after = i == order.length - 1 || Objects.equals(own, y.text(order[i + 1]));
            right += before && after ? 1 : before || after ? 0.5 : 0;
        }
        return right;
    }

    /** Equal numbers in an order that has nothing to do with the table's, which may be sorted by class. */
    private static int mixed(int row) {
        return row * 0x9E3779B9;
    }

    /** The squared correlation. */
    private static double correlation(TableColumn x, TableColumn y, int[] rows, boolean ofRanks) {
        int[] both = Arrays.stream(rows)
                .filter(row -> Double.isFinite(x.number(row)) && Double.isFinite(y.number(row)))
                .toArray();
        if (both.length < LEAST_ROWS) {
            return 0;
        }
        double[] a = Arrays.stream(both).mapToDouble(x::number).toArray();
        double[] b = Arrays.stream(both).mapToDouble(y::number).toArray();
        if (ofRanks) {
            a = ranks(a);
            b = ranks(b);
        }
        double meanA = Arrays.stream(a).average().orElse(0);
        double meanB = Arrays.stream(b).average().orElse(0);
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return aa > 0 && bb > 0 ? ab / aa * (ab / bb) : 0;
    }

    /** From 0, equal values share the mean of theirs. */
    private static double[] ranks(double[] values) {
        Integer[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .toArray(Integer[]::new);
        double[] ranks = new double[values.length];
        for (int from = 0; from < order.length; ) {
            int to = from;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + to - 1) / 2.0;
            }
            from = to;
        }
        return ranks;
    }

    /** The share of the target's variance that lies between the categories. */
    private static double between(TableColumn x, TableColumn y, int[] rows) {
        Map<String, double[]> sums = new HashMap<>();
        double total = 0;
        double squares = 0;
        for (int row : rows) {
            double value = y.number(row);
            double[] sum = sums.computeIfAbsent(String.valueOf(x.text(row)), key -> new double[2]);
            sum[0] += value;
            sum[1]++;
            total += value;
        }
        double mean = total / rows.length;
        for (int row : rows) {
            squares += (y.number(row) - mean) * (y.number(row) - mean);
        }
        double explained = 0;
        for (double[] sum : sums.values()) {
            explained += sum[1] * (sum[0] / sum[1] - mean) * (sum[0] / sum[1] - mean);
        }
        return squares > 0 && sums.size() * 2 < rows.length ? explained / squares : 0;
    }
}
