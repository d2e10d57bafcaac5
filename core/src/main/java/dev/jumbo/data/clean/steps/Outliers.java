package dev.jumbo.data.clean.steps;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Moments;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Numbers far from the others of their column. With threshold t a number is allowed from centre - t * spread to centre
 * + t * spread; a column without spread has no outliers. Infinite numbers are always outliers: they take no part in centre
 * and spread, and are clipped to the nearest finite number that is allowed.
 */
@Kind("outliers")
public record Outliers(
        @Doc("Columns with numbers.") List<String> columns,
        @Doc("z_score, iqr or mad.") @Default("iqr") Method method,

        @Doc("How many spreads are allowed; null: 3 for z_score, 1.5 for iqr, 3.5 for mad.") @Default("null") @Nullable
        Double threshold,

        @Doc("drop, clip (to the nearest allowed number) or missing.") @Default("missing")
        Action action)
        implements CleaningStep {

    /** What centre and spread are. */
    public enum Method {
        /** Mean and standard deviation (of the population). */
        Z_SCORE(3),
        /** Tukey's fences: below the first quartile or above the third by t times the distance between them. */
        IQR(1.5),
        /** Median and 1.4826 times the median distance from it (Iglewicz and Hoaglin, 1993). */
        MAD(3.5);

        private final double usual;

        Method(double usual) {
            this.usual = usual;
        }
    }

    /** Makes the median distance an estimate of the deviation of a normal distribution: 1 / quantile(0.75). */
    private static final double NORMAL = 1.482602218505602;

    public Outliers {
        columns = List.copyOf(columns);
        if (columns.isEmpty() || threshold != null && !(threshold > 0 && Double.isFinite(threshold))) {
            throw new InputException("expected columns and a finite threshold above 0 in outliers, received " + columns
                    + " and " + threshold);
        }
    }

    @Override
    public boolean isLocal() {
        return false;
    }

    @Override
    public boolean learnsFromOthers() {
        return true;
    }

    @Override
    public void apply(Table table, Edits edits) {
        for (int column : CleaningStep.positions(table, columns)) {
            double[] sorted = Quantiles.sorted(table.columns().get(column));
            if (sorted.length == 0) {
                act(table, edits, column, new Bounds(Double.NaN, Double.NaN));
            } else {
                act(table, edits, column, bounds(sorted), sorted[0], sorted[sorted.length - 1]);
            }
        }
    }

    /** The range that is allowed in each column. */
    @Override
    public List<CleaningStep> forRows(Table table) {
        List<CleaningStep> steps = new ArrayList<>();
        for (int column : CleaningStep.positions(table, columns)) {
            double[] sorted = Quantiles.sorted(table.columns().get(column));
            if (sorted.length > 0) {
                Bounds allowed = bounds(sorted);
                if (Double.isFinite(allowed.low()) && Double.isFinite(allowed.high())) {
                    steps.add(ValidRange.numbers(table.names().get(column), allowed.low(), allowed.high(), action));
                }
            }
        }
        return steps;
    }

    /** The numbers that are allowed. */
    public record Bounds(double low, double high) {}

    /** Does what is to be done to the numbers of a column that are not allowed. */
    public void act(Table table, Edits edits, int column, Bounds allowed) {
        act(table, edits, column, allowed, Double.NaN, Double.NaN);
    }

    /** As above. @param least the smallest finite number of the column @param most the largest; NaN: none is known */
    public void act(Table table, Edits edits, int column, Bounds allowed, double least, double most) {
        String reason = "outlier (" + method.name().toLowerCase(Locale.ROOT) + ")";
        for (int row = 0; row < table.rows(); row++) {
            double number = table.columns().get(column).number(row);
            double nearest = Math.min(Math.max(number, allowed.low()), allowed.high());
            boolean infinite = Double.isInfinite(number);
            if (Double.isNaN(number) || number == nearest && !infinite) {
                continue;
            }
            double clipped = infinite && !Double.isFinite(nearest) ? (number > 0 ? most : least) : nearest;
            String why = infinite ? "infinite" : reason;
            switch (action) {
                case DROP -> edits.drop(row, column, why);
                case CLIP -> edits.set(row, column, Double.isNaN(clipped) ? null : Numbers.format(clipped), why);
                case MISSING -> edits.set(row, column, null, why);
            }
        }
    }

    private Bounds bounds(double[] sorted) {
        return switch (method) {
            case Z_SCORE -> {
                Moments moments = new Moments();
                for (double value : sorted) {
                    moments.add(value);
                }
                yield byDeviation(moments);
            }
            case IQR -> byQuartiles(Quantiles.of(sorted, 0.25), Quantiles.of(sorted, 0.75));
            case MAD -> byMedian(Quantiles.median(sorted), Quantiles.medianDistance(sorted));
        };
    }

    /** The numbers that {@code z_score} allows. */
    public Bounds byDeviation(Moments moments) {
        return around(moments.mean(), moments.mean(), moments.deviation());
    }

    /** The numbers that {@code iqr} allows. @param low the first quartile @param high the third */
    public Bounds byQuartiles(double low, double high) {
        return around(low, high, high - low);
    }

    /** The numbers that {@code mad} allows. @param distance the median distance from the median */
    public Bounds byMedian(double median, double distance) {
        return around(median, median, NORMAL * distance);
    }

    private Bounds around(double low, double high, double spread) {
        double t = threshold == null ? method.usual : threshold;
        return spread > 0
                ? new Bounds(low - t * spread, high + t * spread)
                : new Bounds(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
}
