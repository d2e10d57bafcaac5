package dev.jumbo.train.metrics.text;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import java.util.List;

/**
 * The share of texts, from 0 to 1, that equal one of their references.
 *
 * @param normalize whether small letters, punctuation, articles and blanks do not count, as in SQuAD's script; if not, every character does
 */
@Kind("exact_match")
@Doc("The share of texts that equal a reference.")
public record ExactMatch(
        @Doc("Whether case, punctuation, articles and blanks do not count, as in SQuAD.") @Default("true")
        boolean normalize)
        implements TextMetric {
    /** With SQuAD's normalisation. */
    public ExactMatch() {
        this(true);
    }

    @Override
    public List<String> figures() {
        return List.of("exact_match");
    }

    @Override
    public double[] statistics(String hypothesis, List<String> references) {
        boolean equal = normalize
                ? references.stream()
                        .anyMatch(reference -> AnswerWords.of(reference).equals(AnswerWords.of(hypothesis)))
                : references.contains(hypothesis);
        return new double[] {1, equal ? 1 : 0};
    }

    @Override
    public double[] values(double[] sums) {
        return new double[] {sums[1] / sums[0]};
    }
}
