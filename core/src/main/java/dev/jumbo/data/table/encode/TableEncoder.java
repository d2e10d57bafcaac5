package dev.jumbo.data.table.encode;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Moments;
import dev.jumbo.data.Row;
import dev.jumbo.data.table.ColumnType;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.DoubleStream;

/** How the columns of a table become features; {@link #fit} makes the fitted encoding. */
public record TableEncoder(
        @Doc("z_score, min_max, bins (piecewise linear) or none.") @Default("z_score")
        Scaling numbers,

        @Doc("How many pieces a number has at most, with bins.") @Default("16")
        int bins,

        @Doc("Columns that are taken as log(1 + x).") @Default("[]")
        List<String> log1p,

        @Doc("What a missing number becomes: mean, median or zero.") @Default("mean")
        Fill fill,

        @Doc("A further input that says that a number was missing, where the training split has missing ones.")
        @Default("true")
        boolean indicator,

        @Doc("Categories with fewer rows in the training split share one place.") @Default("1")
        int minCount) {

    /** The scale of numbers. */
    public enum Scaling {
        Z_SCORE,
        MIN_MAX,
        BINS,
        NONE
    }

    /** The value for a missing number. */
    public enum Fill {
        MEAN,
        MEDIAN,
        ZERO
    }

    public TableEncoder {
        log1p = List.copyOf(log1p);
        if (bins < 2 || minCount < 1) {
            throw new InputException(
                    "expected bins of 2 or more and min_count of 1 or more, received " + bins + " and " + minCount);
        }
    }

    /** z-scores and one place for each category. */
    public static TableEncoder standard() {
        return new TableEncoder(Scaling.Z_SCORE, 16, List.of(), Fill.MEAN, true, 1);
    }

    /** Piecewise linear numbers and one place for each category. */
    public static TableEncoder binned(int bins) {
        return new TableEncoder(Scaling.BINS, bins, List.of(), Fill.MEAN, true, 1);
    }

    /**
     * Fits on the training split: pass that alone.
     *
     * @param train rows of a {@link TableDataset}, or a part of it
     * @param missing texts that stand for a missing value when a row is given as texts
     */
    public TableEncoding fit(Dataset train, TableLayout layout, List<String> missing) {
        int columns = layout.inputs().size();
        double[][] values = new double[columns][train.size()];
        Row row = Row.single(train);
        for (int i = 0; i < train.size(); i++) {
            train.read(i, row);
            for (int c = 0; c < columns; c++) {
                values[c][i] = row.doubles(0)[c];
            }
        }
        return new TableEncoding(layout, missing, features(layout.inputs(), values));
    }

    /**
     * Fits on the values of the training split.
     *
     * @param values of each input, raw ({@link TableLayout.Input#raw})
     */
    public List<TableFeature> features(List<TableLayout.Input> inputs, double[][] values) {
        for (String name : log1p) {
            if (inputs.stream().noneMatch(input -> input.name().equals(name))) {
                throw new InputException("log1p names \"" + name + "\", which is no input column");
            }
        }
        List<TableFeature> features = new ArrayList<>();
        for (int c = 0; c < inputs.size(); c++) {
            TableLayout.Input input = inputs.get(c);
            features.add(
                    input.type() == ColumnType.CATEGORY
                            ? category(input, values[c])
                            : number(values[c], log1p.contains(input.name())));
        }
        return features;
    }

    private NumberFeature number(double[] values, boolean log) {
        double[] present = present(values).sorted().toArray();
        double filled = present.length == 0
                ? 0
                : switch (fill) {
                    case ZERO -> 0;
                    case MEDIAN -> quantile(present, 0.5);
                    case MEAN -> Arrays.stream(present).average().orElse(0);
                };
        Moments moments = new Moments();
        TreeSet<Double> distinct = new TreeSet<>();
        for (double value : present) {
            double prepared = NumberFeature.prepared(value, log);
            moments.add(prepared);
            distinct.add(prepared);
        }
        boolean gaps = indicator && present.length < values.length;
        double[] steps = distinct.stream().mapToDouble(Double::doubleValue).toArray();
        // Quantiles of the distinct values: those of all values would put every edge of a mostly zero column at zero.
        List<Double> edges = numbers == Scaling.BINS && steps.length > 2
                ? DoubleStream.iterate(0, i -> i <= bins, i -> i + 1)
                        .map(i -> quantile(steps, i / bins))
                        .distinct()
                        .boxed()
                        .toList()
                : List.of();
        double spread = present.length == 0
                ? 0
                : switch (numbers) {
                    case NONE -> 1;
                    case MIN_MAX -> moments.max() - moments.min();
                    case Z_SCORE, BINS -> moments.deviation();
                };
        double origin = present.length == 0
                ? 0
                : switch (numbers) {
                    case NONE -> 0;
                    case MIN_MAX -> moments.min();
                    case Z_SCORE, BINS -> moments.mean();
                };
        double scale = spread > 0 ? 1 / spread : 1;
        return new NumberFeature(filled, log, scale, 0, edges, gaps, origin);
    }

    private CategoryFeature category(TableLayout.Input input, double[] values) {
        int[] counts = new int[input.categories().size()];
        boolean gaps = false;
        boolean unknown = false;
        for (double value : values) {
            gaps |= Double.isNaN(value);
            unknown |= value < 0;
            if (value >= 0) {
                counts[(int) value]++;
            }
        }
        boolean rare = unknown || Arrays.stream(counts).anyMatch(n -> n > 0 && n < minCount);
        int other = rare ? 0 : -1;
        int next = rare ? 1 : 0;
        List<Integer> places = new ArrayList<>();
        for (int count : counts) {
            places.add(count >= minCount ? next++ : other);
        }
        int missing = gaps ? next++ : -1;
        return new CategoryFeature(places, other, missing, next);
    }

    private static DoubleStream present(double[] values) {
        return Arrays.stream(values).filter(value -> !Double.isNaN(value));
    }

    /** By linear interpolation, as NumPy's default. */
    private static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
