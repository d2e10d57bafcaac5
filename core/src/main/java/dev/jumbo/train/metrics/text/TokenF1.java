package dev.jumbo.train.metrics.text;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import java.util.List;

/**
 * SQuAD's F1 (Rajpurkar et al., 2016), the mean over texts, from 0 to 1: the harmonic mean of the shares of the words of an answer and of its
 * reference that the other has too, after {@linkplain ExactMatch its normalisation}; of several references, with the best. Where answer or
 * reference has no words, 1 if both have none, else 0, as in the script of SQuAD 2.0.
 */
@Kind("token_f1")
@Doc("F1 of words, as in SQuAD.")
public record TokenF1() implements TextMetric {
    @Override
    public List<String> figures() {
        return List.of("token_f1");
    }

    @Override
    public double[] statistics(String hypothesis, List<String> references) {
        List<String> said = AnswerWords.of(hypothesis);
        double best = 0;
        for (String reference : references) {
            best = Math.max(best, f1(said, AnswerWords.of(reference)));
        }
        return new double[] {1, best};
    }

    private static double f1(List<String> said, List<String> right) {
        if (said.isEmpty() || right.isEmpty()) {
            return said.isEmpty() && right.isEmpty() ? 1 : 0;
        }
        double common = PythonText.common(PythonText.ngrams(said, 1, ""), PythonText.ngrams(right, 1, ""));
        double precision = common / said.size();
        double recall = common / right.size();
        return common == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }

    @Override
    public double[] values(double[] sums) {
        return new double[] {sums[1] / sums[0]};
    }
}
