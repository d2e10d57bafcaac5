package dev.jumbo.train.metrics;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.nn.Answer;
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
                BitsPerByte.class,
                MeanAbsoluteError.class,
                MeanSquaredError.class,
                RootMeanSquaredError.class,
                MeanAbsolutePercentageError.class,
                R2.class,
                OutputMetric.class);
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

    /** The names of the metrics that measure such predictions. */
    public static List<String> fitting(Answer answer) {
        return byName().values().stream()
                .filter(metric -> metric.fits(answer))
                .map(Metric::name)
                .toList();
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
                bitsPerByte(),
                meanAbsoluteError(),
                meanSquaredError(),
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

    /** By the names of the target's classes. */
    public static BitsPerByte bitsPerByte() {
        return new BitsPerByte(List.of(), 0);
    }

    /** The metric {@code mae}. */
    public static MeanAbsoluteError meanAbsoluteError() {
        return new MeanAbsoluteError();
    }

    /** The metric {@code mse}. */
    public static MeanSquaredError meanSquaredError() {
        return new MeanSquaredError();
    }

    /**
     * As {@link #meanAbsoluteError}. Where {@code Losses.*} is imported beside {@code Metrics.*}, {@code mae()} is the loss:
     * the parameter, of which there is never any, lets the compiler prefer that one.
     */
    public static MeanAbsoluteError mae(Void... none) {
        return meanAbsoluteError();
    }

    /** As {@link #meanSquaredError}. Where {@code Losses.*} is imported beside {@code Metrics.*}, {@code mse()} is the loss, as of {@link #mae}. */
    public static MeanSquaredError mse(Void... none) {
        return meanSquaredError();
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

    /** A metric of one output of several. @param output name of its target */
    public static OutputMetric ofOutput(String output, Metric metric) {
        return new OutputMetric(output, metric);
    }
}
