package dev.jumbo.models.evaluate;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Shown;
import dev.jumbo.models.generate.TextScorer;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.train.metrics.text.TextMetric;
import dev.jumbo.train.metrics.text.TextMetrics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Adds up what documents say of each metric, as lm-evaluation-harness does. */
final class TaskFigures {
    private static final int RESAMPLES = 1000;

    private final TaskFile task;
    private final long seed;
    /** What each document adds to a figure, whose name is metric and filter. */
    private final Map<List<String>, List<double[]>> parts = new LinkedHashMap<>();

    TaskFigures(TaskFile task, long seed) {
        this.task = task;
        this.seed = seed;
    }

    private void add(String metric, String filter, double... part) {
        parts.computeIfAbsent(List.of(metric, filter), name -> new ArrayList<>())
                .add(part);
    }

    /** @param right the place of the right choice, its text, or several places */
    void choice(Document document, List<String> choices, List<TextScorer.Continuation> scored, Object right) {
        List<Integer> places = places(document, choices, right);
        for (TaskMetric metric : task.metrics()) {
            boolean hit = switch (metric.name()) {
                case "acc_norm" ->
                    places.contains(best(
                            scored,
                            i -> choices.get(i).codePointCount(0, choices.get(i).length())));
                case "acc_bytes" ->
                    places.contains(best(scored, i -> choices.get(i).getBytes(StandardCharsets.UTF_8).length));
                case "exact_match" ->
                    places.stream().anyMatch(place -> scored.get(place).isGreedy());
                default -> places.contains(best(scored, i -> 1));
            };
            add(metric.name(), AnswerFilter.NONE.name(), hit ? 1 : 0);
        }
    }

    private static List<Integer> places(Document document, List<String> choices, Object right) {
        List<Integer> places = new ArrayList<>();
        for (Object one : right instanceof List<?> several ? several : List.of(right)) {
            int place = one instanceof Long number ? (int) Math.min(number, Integer.MAX_VALUE) : choices.indexOf(one);
            if (place < 0 || place >= choices.size()) {
                throw document.wrong("expected the right one of the choices " + choices + " or its place, received "
                        + Shown.begin(one));
            }
            places.add(place);
        }
        return places;
    }

    /** The first of the largest. @param length by which the logarithm of a choice is divided */
    private static int best(List<TextScorer.Continuation> scored, ToDoubleFunction<Integer> length) {
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < scored.size(); i++) {
            double each = scored.get(i).logprob() / length.applyAsDouble(i);
            if (each > most) {
                most = each;
                best = i;
            }
        }
        return best;
    }

    void continuation(TextScorer.Continuation scored) {
        for (TaskMetric metric : task.metrics()) {
            double part = metric.name().equals("acc") ? scored.isGreedy() ? 1 : 0 : scored.logprob();
            add(metric.name(), AnswerFilter.NONE.name(), part);
        }
    }

    void rolled(String text, double logprob) {
        for (TaskMetric metric : task.metrics()) {
            double length = metric.name().equals("word_perplexity")
                    ? text.split("(?U)\\s+", -1).length
                    : text.getBytes(StandardCharsets.UTF_8).length;
            add(metric.name(), AnswerFilter.NONE.name(), logprob, length);
        }
    }

    void generated(String answer, List<String> right) {
        for (AnswerFilter filter : task.filters()) {
            String taken = filter.of(answer);
            for (TaskMetric metric : task.metrics()) {
                if (metric.name().equals("exact_match")) {
                    add(metric.name(), filter.name(), metric.isExact(taken, right) ? 1 : 0);
                } else {
                    add(metric.name(), filter.name(), ofTexts(metric.name()).statistics(taken, right));
                }
            }
        }
    }

    private static TextMetric ofTexts(String name) {
        return switch (name) {
            case "bleu" -> TextMetrics.bleu();
            case "chrf" -> TextMetrics.chrf();
            default -> TextMetrics.ter();
        };
    }

    List<TaskResult.Figure> all() {
        List<TaskResult.Figure> figures = new ArrayList<>();
        for (TaskMetric metric : task.metrics()) {
            parts.forEach((name, added) -> {
                if (name.get(0).equals(metric.name())) {
                    ToDoubleFunction<double[]> figure = figure(metric.name(), added.size());
                    figures.add(new TaskResult.Figure(
                            metric.name(),
                            name.get(1),
                            figure.applyAsDouble(sum(added)),
                            error(metric.name(), added, figure),
                            metric.higherIsBetter()));
                }
            });
        }
        if (figures.isEmpty()) {
            throw new InputException(task.name() + ": expected one document or more, received none");
        }
        return figures;
    }

    /** From the sums over documents. */
    private static ToDoubleFunction<double[]> figure(String metric, int documents) {
        return switch (metric) {
            case "perplexity" -> sums -> Math.exp(-sums[0] / documents);
            case "word_perplexity", "byte_perplexity" -> sums -> Math.exp(-sums[0] / sums[1]);
            case "bits_per_byte" -> sums -> -sums[0] / sums[1] / Math.log(2);
            case "bleu", "chrf", "ter" -> sums -> ofTexts(metric).values(sums)[0];
            default -> sums -> sums[0] / documents;
        };
    }

    private static double[] sum(List<double[]> parts) {
        double[] sums = new double[parts.get(0).length];
        for (double[] part : parts) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += part[i];
            }
        }
        return sums;
    }

    private @Nullable Double error(String metric, List<double[]> added, ToDoubleFunction<double[]> figure) {
        int documents = added.size();
        if (documents < 2) {
            return null;
        }
        if (metric.startsWith("acc") || metric.equals("exact_match")) {
            return deviation(added.stream().mapToDouble(part -> part[0]).toArray()) / Math.sqrt(documents);
        }
        SplittableRandom random =
                RandomState.of(seed).derive(task.name()).derive(metric).generator();
        double[] values = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            List<double[]> drawn = new ArrayList<>();
            for (int k = 0; k < documents; k++) {
                drawn.add(added.get(random.nextInt(documents)));
            }
            values[i] = figure.applyAsDouble(sum(drawn));
        }
        return deviation(values);
    }

    private static double deviation(double[] values) {
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return Math.sqrt(squares / (values.length - 1));
    }
}
