package dev.jumbo.train.metrics.text;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * BLEU of a corpus (Papineni et al., 2002) with the definitions, defaults and signature of sacreBLEU (Post, 2018), from 0 to 100:
 * {@code BP exp(1/4 sum_n log p_n)}, where {@code p_n} is the share of the runs of {@code n} words that a reference has too, each at most as
 * often as the reference that has it most, and {@code BP = exp(1 - r/c)} where all hypotheses together are shorter ({@code c} words) than the
 * references next to each in length ({@code r}; of two as near, the shorter).
 *
 * @param tokenize {@code 13a}, {@code intl}, {@code char} or {@code none}
 * @param lowercase whether the case of letters does not count
 * @param smoothMethod what stands for a share of 0: {@code exp} (1/2, 1/4 ... of a run, one after the other), {@code floor} ({@code smooth_value} of a
 *     run), {@code add-k} ({@code smooth_value} is added to the counts and totals of all but single words), {@code none}
 * @param smoothValue 0.1 of {@code floor} and 1 of {@code add-k} if null
 * @param maxNgramOrder the longest runs
 * @param effectiveOrder whether runs longer than the hypothesis are left out of the mean, as for single sentences
 */
@Kind("bleu")
@Doc("BLEU, as sacreBLEU.")
public record Bleu(
        @Doc("Division into words: 13a, intl, char or none.") @Default("13a")
        String tokenize,

        @Doc("Whether the case of letters does not count.") @Default("false")
        boolean lowercase,

        @Doc("What stands for a share of 0: exp, floor, add-k or none.") @Default("exp")
        String smoothMethod,

        @Doc("Of floor (0.1 if null) and add-k (1 if null).") @Default("null") @Nullable
        Double smoothValue,

        @Doc("The longest runs of words.") @Default("4") int maxNgramOrder,

        @Doc("Whether runs longer than the text are left out, as for single sentences.") @Default("false")
        boolean effectiveOrder)
        implements TextMetric {
    /** What the logarithm of 0 is taken for. */
    private static final double LOG_OF_ZERO = -9999999999.0;

    private static final List<String> METHODS = List.of("exp", "floor", "add-k", "none");

    public Bleu {
        BleuTokenizer.of(tokenize);
        if (!METHODS.contains(smoothMethod)) {
            throw new InputException(
                    "bleu: smooth_method: expected one of " + METHODS + ", received \"" + smoothMethod + "\"");
        }
        boolean takes = smoothMethod.equals("floor") || smoothMethod.equals("add-k");
        if (smoothValue != null && (!takes || !(smoothValue >= 0))) {
            throw new InputException(
                    "bleu: smooth_value: expected 0 or more, with smooth_method floor or add-k, received " + smoothValue
                            + " with " + smoothMethod);
        }
        if (maxNgramOrder < 1) {
            throw new InputException("bleu: max_ngram_order: expected 1 or more, received " + maxNgramOrder);
        }
    }

    /** sacreBLEU's defaults. */
    public Bleu() {
        this("13a", false, "exp", null, 4, false);
    }

    /** Its defaults with another division into words. */
    public Bleu(String tokenize) {
        this(tokenize, false, "exp", null, 4, false);
    }

    @Override
    public List<String> figures() {
        return List.of("bleu");
    }

    /** Words of the hypothesis and of the nearest reference, then for each order the runs that match, then for each order those there are. */
    @Override
    public double[] statistics(String hypothesis, List<String> references) {
        List<String> words = words(hypothesis);
        List<Map<String, Integer>> allowed = new ArrayList<>();
        for (int n = 1; n <= maxNgramOrder; n++) {
            allowed.add(new HashMap<>());
        }
        int nearest = -1;
        for (String reference : references) {
            List<String> right = words(reference);
            int length = right.size();
            int off = Math.abs(length - words.size());
            int best = Math.abs(nearest - words.size());
            if (nearest < 0 || off < best || (off == best && length < nearest)) {
                nearest = length;
            }
            for (int n = 1; n <= maxNgramOrder; n++) {
                Map<String, Integer> most = allowed.get(n - 1);
                PythonText.ngrams(right, n, " ").forEach((run, count) -> most.merge(run, count, Math::max));
            }
        }
        double[] statistics = new double[2 + 2 * maxNgramOrder];
        statistics[0] = words.size();
        statistics[1] = nearest;
        for (int n = 1; n <= maxNgramOrder; n++) {
            statistics[1 + n] = PythonText.common(PythonText.ngrams(words, n, " "), allowed.get(n - 1));
            statistics[1 + maxNgramOrder + n] = Math.max(0, words.size() - n + 1);
        }
        return statistics;
    }

    private List<String> words(String text) {
        String line = lowercase ? PythonText.lower(text) : text;
        return BleuTokenizer.of(tokenize).words(PythonText.stripEnd(line));
    }

    @Override
    public double[] values(double[] sums) {
        return new double[] {corpus(sums).score()};
    }

    /**
     * The parts of a corpus' BLEU.
     *
     * @param score from 0 to 100
     * @param precisions in percent, smoothed, of runs of 1, 2 ... words
     * @param brevityPenalty from 0 to 1
     * @param hypothesisWords of all hypotheses
     * @param referenceWords of the references next to them in length
     */
    public record Parts(
            double score, List<Double> precisions, double brevityPenalty, long hypothesisWords, long referenceWords) {
        /** As sacreBLEU writes it: {@code 63.6/33.3/20.0/12.5 (BP = 1.000 ratio = 1.100 hyp_len = 11 ref_len = 10)}. */
        public String text() {
            StringBuilder text = new StringBuilder();
            precisions.forEach(p -> text.append(text.isEmpty() ? "" : "/").append(PythonText.rounded(p, 1)));
            double ratio = referenceWords == 0 ? 0 : (double) hypothesisWords / referenceWords;
            return text + " (BP = " + PythonText.rounded(brevityPenalty, 3) + " ratio = " + PythonText.rounded(ratio, 3)
                    + " hyp_len = " + hypothesisWords + " ref_len = " + referenceWords + ")";
        }
    }

    /**
     * BLEU with its parts.
     *
     * @param sums of {@link #statistics}
     */
    public Parts corpus(double[] sums) {
        double words = sums[0];
        double right = sums[1];
        double penalty = words >= right ? 1 : words > 0 ? Math.exp(1 - right / words) : 0;
        double[] precisions = new double[maxNgramOrder];
        boolean any = false;
        for (int n = 0; n < maxNgramOrder; n++) {
            any |= sums[2 + n] > 0;
        }
        double score = any ? penalty * Math.exp(smoothed(sums, precisions)) : 0;
        List<Double> each = new ArrayList<>();
        for (double precision : precisions) {
            each.add(precision);
        }
        return new Parts(score, each, penalty, (long) words, (long) right);
    }

    /** Fills in the shares of each order, and gives the mean of their logarithms. */
    private double smoothed(double[] sums, double[] precisions) {
        double value = smoothValue != null ? smoothValue : smoothMethod.equals("floor") ? 0.1 : 1;
        double halves = 1;
        int orders = maxNgramOrder;
        for (int n = 0; n < maxNgramOrder; n++) {
            double added = n > 0 && smoothMethod.equals("add-k") ? value : 0;
            double correct = sums[2 + n] + added;
            double total = sums[2 + maxNgramOrder + n] + added;
            if (total == 0) {
                break;
            }
            if (effectiveOrder) {
                orders = n + 1;
            }
            if (correct > 0) {
                precisions[n] = 100 * correct / total;
            } else if (smoothMethod.equals("exp")) {
                halves *= 2;
                precisions[n] = 100 / (halves * total);
            } else if (smoothMethod.equals("floor")) {
                precisions[n] = 100 * value / total;
            }
        }
        double logs = 0;
        for (int n = 0; n < orders; n++) {
            logs += precisions[n] == 0 ? LOG_OF_ZERO : Math.log(precisions[n]);
        }
        return logs / orders;
    }

    @Override
    public String signature(SignatureParts parts) {
        String smooth = smoothMethod;
        if (smoothMethod.equals("floor") || smoothMethod.equals("add-k")) {
            double value = smoothValue != null ? smoothValue : smoothMethod.equals("floor") ? 0.1 : 1;
            smooth += "[" + PythonText.rounded(value, 2) + "]";
        }
        return parts.with(
                "case:" + (lowercase ? "lc" : "mixed"),
                "eff:" + (effectiveOrder ? "yes" : "no"),
                "tok:" + tokenize,
                "smooth:" + smooth);
    }
}
