package dev.jumbo.train.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.data.split.TrainingSplit;
import dev.jumbo.error.InputException;
import dev.jumbo.train.Evaluator;
import dev.jumbo.train.TrainerBuilder;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.metrics.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The figures of k models, each measured on the fold that it was not trained on, with their mean and its interval.
 *
 * <p>The interval is Student's, {@code mean +- t(k - 1, 0.975) s / sqrt(k)} with {@code s^2 = sum (x_i - mean)^2 / (k -
 * 1)}. The models share most of their training data, so it is rather too narrow than too wide (Bengio and Grandvalet, 2004).
 *
 * @param folds the figures of each fold by name
 */
public record CrossValidation(List<Map<String, Double>> folds) {
    /** The 0.975 quantiles of Student's distribution with 1, 2 ... degrees of freedom. */
    private static final double[] T = {
        12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139, 2.200985,
        2.178813, 2.160369, 2.144787, 2.131450, 2.119905, 2.109816, 2.100922, 2.093024, 2.085963, 2.079614, 2.073873,
        2.068658, 2.063899, 2.059539, 2.055529, 2.051831, 2.048407, 2.045230, 2.042272
    };

    private static final double NORMAL = 1.959964;

    /**
     * A figure over the folds.
     *
     * @param deviation of the folds, with k - 1 below
     * @param lower bound of the 95 % interval of the mean
     * @param upper bound of the 95 % interval of the mean
     */
    public record Summary(double mean, double deviation, double lower, double upper) {}

    /** @throws InputException unless there are two folds or more */
    public CrossValidation {
        folds = List.copyOf(folds);
        if (folds.size() < 2) {
            throw new InputException("expected the figures of 2 folds or more, received " + folds.size());
        }
    }

    /**
     * Trains a model on each fold and measures it on the examples that the fold holds out.
     *
     * @param splits as {@link dev.jumbo.data.split.Splits#kFold} gives them
     * @param trainer of a fold by its number from 1, each with a directory of its own; a share for validation is taken
     *     from the fold's training part
     */
    public static CrossValidation of(
            List<TrainingSplit> splits, IntFunction<TrainerBuilder> trainer, Metric... metrics) {
        List<Map<String, Double>> folds = new ArrayList<>();
        for (int i = 0; i < splits.size(); i++) {
            Checkpoint best = trainer.apply(i + 1).build().fit(splits.get(i).train());
            folds.add(Evaluator.evaluate(best, splits.get(i).validation(), metrics));
        }
        return new CrossValidation(folds);
    }

    /** Each figure by name. */
    public Map<String, Summary> summaries() {
        Map<String, Summary> summaries = new LinkedHashMap<>();
        folds.get(0).keySet().forEach(name -> summaries.put(name, summary(name)));
        return summaries;
    }

    private Summary summary(String name) {
        int k = folds.size();
        double[] values = folds.stream()
                .mapToDouble(fold -> fold.getOrDefault(name, Double.NaN))
                .toArray();
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        double mean = sum / k;
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        double deviation = Math.sqrt(squares / (k - 1));
        double t = k - 1 <= T.length ? T[k - 2] : largeSample(k - 1);
        double half = t * deviation / Math.sqrt(k);
        return new Summary(mean, deviation, mean - half, mean + half);
    }

    /** The first two terms of the expansion around the normal distribution (Abramowitz and Stegun, 26.7.5). */
    private static double largeSample(int freedom) {
        double z = NORMAL;
        double first = (z * z * z + z) / 4;
        double second = (5 * Math.pow(z, 5) + 16 * z * z * z + 3 * z) / 96;
        return z + first / freedom + second / ((double) freedom * freedom);
    }

    /** A line for each fold, and mean, deviation and interval of each figure. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < folds.size(); i++) {
            text.append(String.format(Locale.ROOT, "fold %-3d", i + 1));
            folds.get(i).forEach((name, value) -> text.append(String.format(Locale.ROOT, "  %s %.5f", name, value)));
            text.append('\n');
        }
        text.append('\n');
        summaries()
                .forEach((name, s) -> text.append(String.format(
                        Locale.ROOT,
                        "%-20s %.5f   deviation %.5f   95 %% interval %.5f to %.5f\n",
                        name,
                        s.mean(),
                        s.deviation(),
                        s.lower(),
                        s.upper())));
        return text.toString();
    }

    /** The same for machines: {@code folds}, and by figure {@code mean}, {@code standard_deviation}, {@code lower}, {@code upper}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode each = json.putArray("folds");
        folds.forEach(fold -> {
            ObjectNode node = each.addObject();
            fold.forEach((name, value) -> put(node, name, value));
        });
        ObjectNode all = json.putObject("summary");
        summaries().forEach((name, s) -> {
            ObjectNode node = all.putObject(name);
            put(node, "mean", s.mean());
            put(node, "standard_deviation", s.deviation());
            put(node, "lower", s.lower());
            put(node, "upper", s.upper());
            node.put("confidence", 0.95);
        });
        return json;
    }

    private static void put(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }
}
