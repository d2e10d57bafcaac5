package dev.jumbo.train.metrics;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Static factories for the common forms of every metric, and the list of metrics that files may name. */
public final class Metrics {
    private static final Pattern TOP_K = Pattern.compile("top_(\\d{1,6})_accuracy");

    private Metrics() {}

    /** Every metric that a configuration may name. */
    public static List<Class<? extends Metric>> kinds() {
        return List.of(
                Accuracy.class,
                TopKAccuracy.class,
                Precision.class,
                Recall.class,
                F1.class,
                RocAuc.class,
                PrAuc.class,
                LogLoss.class,
                BrierScore.class,
                ExpectedCalibrationError.class,
                Perplexity.class,
                MeanAbsoluteError.class,
                MeanSquaredError.class,
                RootMeanSquaredError.class,
                MeanAbsolutePercentageError.class,
                R2.class);
    }

    /**
     * The metric that logs call by a name: {@code accuracy}, {@code top_5_accuracy}, {@code f1_macro}, {@code rmse}.
     *
     * @throws InputException if no metric has it; the message has the nearest known name
     */
    public static Metric ofName(String name) {
        Matcher top = TOP_K.matcher(name);
        if (top.matches()) {
            return topK(Integer.parseInt(top.group(1)));
        }
        Map<String, Metric> known = byName();
        Metric metric = known.get(name);
        if (metric == null) {
            throw new InputException("unknown metric \"" + name + "\"" + Nearest.hint(name, known.keySet()));
        }
        return metric;
    }

    private static Map<String, Metric> byName() {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        for (Metric metric : List.of(
                accuracy(),
                topK(5),
                rocAuc(),
                prAuc(),
                logLoss(),
                brierScore(),
                expectedCalibrationError(),
                perplexity(),
                mae(),
                mse(),
                rmse(),
                mape(),
                r2())) {
            metrics.put(metric.name(), metric);
        }
        for (Average average : Average.values()) {
            for (Metric metric : List.of(precision(average), recall(average), f1(average))) {
                metrics.put(metric.name(), metric);
            }
        }
        return metrics;
    }

    public static Accuracy accuracy() {
        return new Accuracy();
    }

    public static TopKAccuracy topK(int k) {
        return new TopKAccuracy(k);
    }

    public static Precision precision(Average average) {
        return new Precision(average);
    }

    public static Recall recall(Average average) {
        return new Recall(average);
    }

    public static F1 f1(Average average) {
        return new F1(average);
    }

    public static RocAuc rocAuc() {
        return new RocAuc();
    }

    public static PrAuc prAuc() {
        return new PrAuc();
    }

    public static LogLoss logLoss() {
        return new LogLoss();
    }

    public static BrierScore brierScore() {
        return new BrierScore();
    }

    public static ExpectedCalibrationError expectedCalibrationError() {
        return new ExpectedCalibrationError(15);
    }

    public static Perplexity perplexity() {
        return new Perplexity();
    }

    public static MeanAbsoluteError mae() {
        return new MeanAbsoluteError();
    }

    public static MeanSquaredError mse() {
        return new MeanSquaredError();
    }

    public static RootMeanSquaredError rmse() {
        return new RootMeanSquaredError();
    }

    public static MeanAbsolutePercentageError mape() {
        return new MeanAbsolutePercentageError();
    }

    public static R2 r2() {
        return new R2();
    }
}
