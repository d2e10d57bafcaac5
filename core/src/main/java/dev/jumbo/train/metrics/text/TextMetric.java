package dev.jumbo.train.metrics.text;

import dev.jumbo.config.ListsKinds;
import java.util.List;

/**
 * A figure of merit of texts beside their references. A record with a {@link dev.jumbo.config.Kind}.
 *
 * <p>Each text adds a few numbers, and the figures of a corpus follow from their sums: so bootstrap intervals, and sums over workers or
 * batches, cost no second look at the texts.
 */
public interface TextMetric {
    /** The names of its figures, in the order of {@link #values}: {@code bleu}, or {@code rouge1}, {@code rouge2} ... */
    List<String> figures();

    /** Whether larger is better; of an error rate it is not. */
    default boolean higherIsBetter() {
        return true;
    }

    /**
     * What one text adds.
     *
     * @param hypothesis what was said
     * @param references one or more that would have been right
     * @return as many numbers for every text
     */
    double[] statistics(String hypothesis, List<String> references);

    /** The figures of a corpus, from the sum of the {@link #statistics} of its texts. */
    double[] values(double[] sums);

    /** What the figures were made with, so that others can tell whether theirs compare; empty where nothing can be chosen. */
    default String signature(SignatureParts parts) {
        return "";
    }

    /** Every metric of texts that a configuration may name. */
    @ListsKinds
    static List<Class<? extends TextMetric>> kinds() {
        return List.of(Bleu.class, Chrf.class, Ter.class, Rouge.class, ExactMatch.class, TokenF1.class, EntityF1.class);
    }
}
