package dev.jumbo.train.metrics.text;

import dev.jumbo.error.InputException;
import dev.jumbo.train.metrics.BootstrapInterval;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures texts, and has a static factory for the common form of each metric.
 *
 * <pre>{@code
 * List<TextScore> scores = TextMetrics.score(List.of(bleu(), chrf()), hypotheses, references, 1000, 42);
 * }</pre>
 */
public final class TextMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(TextMetrics.class);

    private TextMetrics() {}

    /** sacreBLEU's BLEU. */
    public static Bleu bleu() {
        return new Bleu();
    }

    /** sacreBLEU's chrF2. */
    public static Chrf chrf() {
        return new Chrf();
    }

    /** sacreBLEU's chrF2++. */
    public static Chrf chrfPlusPlus() {
        return new Chrf(2);
    }

    /** sacreBLEU's TER. */
    public static Ter ter() {
        return new Ter();
    }

    /** {@code rouge1}, {@code rouge2}, {@code rougeL}, {@code rougeLsum}. */
    public static Rouge rouge() {
        return new Rouge();
    }

    /** With SQuAD's normalisation. */
    public static ExactMatch exactMatch() {
        return new ExactMatch();
    }

    public static TokenF1 tokenF1() {
        return new TokenF1();
    }

    public static EntityF1 entityF1() {
        return new EntityF1();
    }

    /** The figure of a corpus without an interval; of a metric with several, the first. */
    public static double value(TextMetric metric, List<String> hypotheses, List<List<String>> references) {
        return score(List.of(metric), hypotheses, references, 0, 0).get(0).value();
    }

    /**
     * The figures of a corpus. An empty text counts as one without words; where all references of one are empty, a warning says so.
     *
     * @param hypotheses what was said
     * @param references one or more for each of them
     * @param resamples of the bootstrap for 95 % intervals (percentiles; the same sets of texts for each metric), 0 for none
     * @param seed of the bootstrap
     * @throws InputException where there is no text, or their numbers differ, or one has no reference
     */
    public static List<TextScore> score(
            List<? extends TextMetric> metrics,
            List<String> hypotheses,
            List<List<String>> references,
            int resamples,
            long seed) {
        require(hypotheses, references);
        SignatureParts parts = SignatureParts.of(references, resamples, seed);
        List<TextScore> scores = new ArrayList<>();
        for (TextMetric metric : metrics) {
            double[][] statistics = new double[hypotheses.size()][];
            for (int i = 0; i < statistics.length; i++) {
                statistics[i] = statistics(metric, i, hypotheses.get(i), references.get(i));
            }
            double[] values = metric.values(sum(statistics));
            String signature = metric.signature(parts);
            for (int figure = 0; figure < values.length; figure++) {
                int which = figure;
                BootstrapInterval interval = resamples == 0
                        ? null
                        : BootstrapInterval.ofSums(
                                statistics, sums -> metric.values(sums)[which], 0.95, resamples, seed);
                scores.add(new TextScore(metric.figures().get(figure), values[figure], interval, signature));
            }
        }
        return scores;
    }

    private static double[] statistics(TextMetric metric, int index, String hypothesis, List<String> references) {
        try {
            return metric.statistics(hypothesis, references);
        } catch (InputException e) {
            throw new InputException("text " + index + ": " + e.getMessage(), e);
        }
    }

    private static double[] sum(double[][] statistics) {
        double[] sums = new double[statistics[0].length];
        for (double[] one : statistics) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += one[i];
            }
        }
        return sums;
    }

    private static void require(List<String> hypotheses, List<List<String>> references) {
        if (hypotheses.isEmpty() || hypotheses.size() != references.size()) {
            throw new InputException("expected one text or more and references of each, received " + hypotheses.size()
                    + " texts and references of " + references.size());
        }
        for (int i = 0; i < references.size(); i++) {
            if (references.get(i).isEmpty()) {
                throw new InputException("text " + i + ": expected one reference or more, received none");
            }
        }
        long empty = references.stream().filter(TextMetrics::isEmpty).count();
        if (empty > 0) {
            LOG.warn(
                    "{} of {} texts have nothing but empty references, which no words can equal; the first is text {}",
                    empty,
                    references.size(),
                    IntStream.range(0, references.size())
                            .filter(i -> isEmpty(references.get(i)))
                            .findFirst()
                            .orElseThrow());
        }
    }

    private static boolean isEmpty(List<String> references) {
        return references.stream().allMatch(String::isBlank);
    }
}
