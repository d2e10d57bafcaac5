package dev.jumbo.train.metrics.text;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * chrF (Popovic, 2015) and, with {@code word_order: 2}, chrF++ (Popovic, 2017) of a corpus, as sacreBLEU, from 0 to 100:
 * {@code (1 + beta^2) P R / (beta^2 P + R)} of the mean precision and recall of runs of 1 to {@code char_order} characters and of 1 to {@code
 * word_order} words. Of several references that counts with which a text is best.
 *
 * @param charOrder the longest runs of characters
 * @param wordOrder the longest runs of words, 0 for none
 * @param beta what recall weighs beside precision
 * @param lowercase whether the case of letters does not count
 * @param whitespace whether blanks are characters
 * @param epsSmoothing whether the mean is that of the F of each order, as in the script {@code chrF++.py}; if not, orders that no text has are
 *     left out
 */
@Kind("chrf")
@Doc("chrF, or with word_order: 2 chrF++, as sacreBLEU.")
public record Chrf(
        @Doc("The longest runs of characters.") @Default("6")
        int charOrder,

        @Doc("The longest runs of words, 0 for none; 2 is chrF++.") @Default("0")
        int wordOrder,

        @Doc("What recall weighs beside precision.") @Default("2")
        int beta,

        @Doc("Whether the case of letters does not count.") @Default("false")
        boolean lowercase,

        @Doc("Whether blanks are characters.") @Default("false")
        boolean whitespace,

        @Doc("Whether the mean is that of the F of each order.") @Default("false")
        boolean epsSmoothing)
        implements TextMetric {
    private static final double NONE = 1e-16;

    public Chrf {
        if (charOrder < 1 || wordOrder < 0 || beta < 1) {
            throw new InputException(
                    "chrf: expected char_order and beta of 1 or more and word_order of 0 or more, received " + charOrder
                            + ", " + beta + " and " + wordOrder);
        }
    }

    /** chrF with sacreBLEU's defaults. */
    public Chrf() {
        this(6, 0, 2, false, false, false);
    }

    /** As {@link #Chrf()}, with runs of words. */
    public Chrf(int wordOrder) {
        this(6, wordOrder, 2, false, false, false);
    }

    @Override
    public List<String> figures() {
        return List.of("chrf" + "+".repeat(wordOrder));
    }

    /** For each order: runs of the hypothesis, of the reference, and of both. */
    @Override
    public double[] statistics(String hypothesis, List<String> references) {
        List<Map<String, Integer>> runs = runs(hypothesis);
        double[] best = new double[3 * runs.size()];
        double most = -1;
        for (String reference : references) {
            List<Map<String, Integer>> right = runs(reference);
            double[] statistics = new double[3 * runs.size()];
            for (int i = 0; i < runs.size(); i++) {
                statistics[3 * i] = right.get(i).isEmpty() ? 0 : sum(runs.get(i));
                statistics[3 * i + 1] = sum(right.get(i));
                statistics[3 * i + 2] = PythonText.common(runs.get(i), right.get(i));
            }
            double score = score(statistics);
            if (score > most) {
                most = score;
                best = statistics;
            }
        }
        return best;
    }

    private static double sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToLong(Integer::longValue).sum();
    }

    private List<Map<String, Integer>> runs(String text) {
        String line = lowercase ? PythonText.lower(text) : text;
        List<String> words = PythonText.split(line);
        List<String> characters = PythonText.characters(whitespace ? line : String.join("", words));
        List<Map<String, Integer>> runs = new ArrayList<>();
        for (int n = 1; n <= charOrder; n++) {
            runs.add(PythonText.ngrams(characters, n, ""));
        }
        List<String> apart = apart(words);
        for (int n = 1; n <= wordOrder; n++) {
            runs.add(PythonText.ngrams(apart, n, " "));
        }
        return runs;
    }

    /** Words with a sign of punctuation at their end or else at their beginning as a word of its own; of {@code (hi)} only the end. */
    private static List<String> apart(List<String> words) {
        List<String> all = new ArrayList<>();
        for (String word : words) {
            int last = word.length() - 1;
            if (word.codePointCount(0, word.length()) == 1) {
                all.add(word);
            } else if (PythonText.isPunctuation(word.charAt(last))) {
                all.add(word.substring(0, last));
                all.add(word.substring(last));
            } else if (PythonText.isPunctuation(word.charAt(0))) {
                all.add(word.substring(0, 1));
                all.add(word.substring(1));
            } else {
                all.add(word);
            }
        }
        return all;
    }

    @Override
    public double[] values(double[] sums) {
        return new double[] {score(sums)};
    }

    private double score(double[] sums) {
        double factor = beta * beta;
        double each = 0;
        double precisions = 0;
        double recalls = 0;
        int orders = 0;
        int all = charOrder + wordOrder;
        for (int i = 0; i < all; i++) {
            double said = sums[3 * i];
            double right = sums[3 * i + 1];
            double precision = said > 0 ? sums[3 * i + 2] / said : NONE;
            double recall = right > 0 ? sums[3 * i + 2] / right : NONE;
            double below = factor * precision + recall;
            each += below > 0 ? (1 + factor) * precision * recall / below : NONE;
            if (said > 0 && right > 0) {
                precisions += precision;
                recalls += recall;
                orders++;
            }
        }
        if (epsSmoothing) {
            return 100 * each / all;
        }
        if (precisions + recalls == 0) {
            return 0;
        }
        double precision = precisions / orders;
        double recall = recalls / orders;
        return 100 * (1 + factor) * precision * recall / (factor * precision + recall);
    }

    @Override
    public String signature(SignatureParts parts) {
        return parts.with(
                "case:" + (lowercase ? "lc" : "mixed"),
                "eff:" + (epsSmoothing ? "no" : "yes"),
                "nc:" + charOrder,
                "nw:" + wordOrder,
                "space:" + (whitespace ? "yes" : "no"));
    }
}
