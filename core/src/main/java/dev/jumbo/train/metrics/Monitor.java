package dev.jumbo.train.metrics;

/**
 * A logged figure that decides what is best: for early stopping, the best checkpoint and reduce-on-plateau.
 *
 * @param name as in logs: {@code loss}, {@code val_loss}, {@code val_accuracy}
 * @param higherIsBetter whether larger is better
 */
public record Monitor(String name, boolean higherIsBetter) {
    private static final String VALIDATION = "val_";

    /** The figure of a name; whether larger is better follows from the metric. @throws InputException if no metric has that name */
    public static Monitor of(String name) {
        String metric = name.startsWith(VALIDATION) ? name.substring(VALIDATION.length()) : name;
        return new Monitor(
                name, !metric.equals("loss") && Metrics.ofName(ofOutput(metric)).higherIsBetter());
    }

    /** As {@link #of(String)}, of the validation split. */
    public static Monitor validation(Metric metric) {
        return new Monitor(VALIDATION + metric.name(), metric.higherIsBetter());
    }

    /** Worse than anything: where the search for the best starts. */
    public double worst() {
        return higherIsBetter ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }

    /** Whether a value is better than another by more than a margin. NaN is better than nothing. */
    public boolean isBetter(double value, double than, double minDelta) {
        return higherIsBetter ? value > than + minDelta : value < than - minDelta;
    }

    /** As {@link #isBetter(double, double, double)} by any margin. */
    public boolean isBetter(double value, double than) {
        return isBetter(value, than, 0);
    }

    /** {@code rmse} of {@code price/rmse}. */
    private static String ofOutput(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }
}
