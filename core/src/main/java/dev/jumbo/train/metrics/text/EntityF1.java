package dev.jumbo.train.metrics.text;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Precision, recall and F1 of entities over all texts (micro averages), from 0 to 1, as {@code seqeval} with {@code mode='strict'} and {@code
 * scheme=IOB2}: an entity counts where its type, beginning and end are right. A text is its tags with blanks between, such as {@code O B-PER
 * I-PER}; {@link EntityScores} takes lists of tags and tells each type.
 */
@Kind("entity_f1")
@Doc("F1 of entities in tags of IOB2, as seqeval's strict mode.")
public record EntityF1() implements TextMetric {
    @Override
    public List<String> figures() {
        return List.of("entity_f1", "entity_precision", "entity_recall");
    }

    /** Entities that are right, that were said, and that there are. @throws InputException for tags of another scheme or number */
    @Override
    public double[] statistics(String hypothesis, List<String> references) {
        if (references.size() != 1) {
            throw new InputException("entity_f1: expected one reference, received " + references.size());
        }
        List<String> said = PythonText.split(hypothesis);
        List<String> right = PythonText.split(references.get(0));
        if (said.size() != right.size()) {
            throw new InputException("entity_f1: expected as many tags as the reference has, " + right.size()
                    + ", received " + said.size() + ": " + hypothesis);
        }
        Set<Entity> there = new HashSet<>(Entity.of(right));
        Set<Entity> found = new HashSet<>(Entity.of(said));
        double all = found.size();
        found.retainAll(there);
        return new double[] {found.size(), all, there.size()};
    }

    @Override
    public double[] values(double[] sums) {
        EntityScores.Score score = EntityScores.Score.of((long) sums[0], (long) sums[1], (long) sums[2]);
        return new double[] {score.f1(), score.precision(), score.recall()};
    }

    @Override
    public String signature(SignatureParts parts) {
        return parts.with("scheme:IOB2", "mode:strict", "average:micro");
    }
}
