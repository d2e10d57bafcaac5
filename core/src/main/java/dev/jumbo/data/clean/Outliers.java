package dev.jumbo.data.clean;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Moments;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Numbers far from the others of their column. With threshold t a number is allowed from centre - t * spread to centre
 * + t * spread; a column without spread has no outliers.
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
        if (columns.isEmpty() || threshold != null && !(threshold > 0)) {
            throw new InputException(
                    "expected columns and a threshold above 0 in outliers, received " + columns + " and " + threshold);
        }
    }

    @Override
    public void apply(Table table, Edits edits) {
        double t = threshold == null ? method.usual : threshold;
        for (int column : CleaningStep.positions(table, columns)) {
            double[] sorted = Quantiles.sorted(table.columns().get(column));
            if (sorted.length == 0) {
                continue;
            }
            double[] bounds = bounds(sorted, t);
            for (int row = 0; row < table.rows(); row++) {
                double number = table.columns().get(column).number(row);
                double allowed = Math.min(Math.max(number, bounds[0]), bounds[1]);
                if (Double.isNaN(number) || number == allowed) {
                    continue;
                }
                String reason = "outlier (" + method.name().toLowerCase(Locale.ROOT) + ")";
                switch (action) {
                    case DROP -> edits.drop(row, column, reason);
                    case CLIP -> edits.set(row, column, Numbers.format(allowed), reason);
                    case MISSING -> edits.set(row, column, null, reason);
                }
            }
        }
    }

    /** The smallest and the largest number that are allowed. */
    private double[] bounds(double[] sorted, double t) {
        double low;
        double high;
        double spread;
        switch (method) {
            case Z_SCORE -> {
                Moments moments = new Moments();
                for (double value : sorted) {
                    moments.add(value);
                }
                low = moments.mean();
                high = moments.mean();
                spread = moments.deviation();
            }
            case IQR -> {
                low = Quantiles.of(sorted, 0.25);
                high = Quantiles.of(sorted, 0.75);
                spread = high - low;
            }
            default -> {
                low = Quantiles.median(sorted);
                high = low;
                spread = NORMAL * Quantiles.medianDistance(sorted);
            }
        }
        return spread > 0
                ? new double[] {low - t * spread, high + t * spread}
                : new double[] {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY};
    }
}
