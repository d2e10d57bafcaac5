package dev.jumbo.train.metrics.text;

import dev.jumbo.error.InputException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Entities of a corpus, type by type, as the report of {@code seqeval} with {@code mode='strict'} and {@code scheme=IOB2}.
 *
 * @param types the score of each type, in the order of their names
 * @param micro of all entities together
 * @param macro the mean over types
 * @param weighted the mean over types, weighted by the entities there are
 */
public record EntityScores(Map<String, Score> types, Score micro, Score macro, Score weighted) {
    /**
     * How well entities were found.
     *
     * @param precision share of the entities said that are right; 0 where none was said
     * @param recall share of the entities there are that were found; 0 where there are none
     * @param f1 the harmonic mean of both
     * @param support entities that there are
     */
    public record Score(double precision, double recall, double f1, long support) {
        static Score of(long found, long said, long there) {
            double precision = said == 0 ? 0 : (double) found / said;
            double recall = there == 0 ? 0 : (double) found / there;
            double sum = precision + recall;
            return new Score(precision, recall, sum == 0 ? 0 : 2 * precision * recall / sum, there);
        }
    }

    /**
     * Compares tags of IOB2.
     *
     * @param truth the right tags of each text
     * @param predicted as many texts of as many tags
     * @throws InputException where the numbers differ, or for tags of another scheme
     */
    public static EntityScores of(List<List<String>> truth, List<List<String>> predicted) {
        if (truth.size() != predicted.size()) {
            throw new InputException("expected tags of " + truth.size() + " texts, received " + predicted.size());
        }
        Map<String, long[]> counts = new TreeMap<>();
        for (int i = 0; i < truth.size(); i++) {
            if (truth.get(i).size() != predicted.get(i).size()) {
                throw new InputException(
                        "text " + i + ": expected " + truth.get(i).size() + " tags, received "
                                + predicted.get(i).size());
            }
            Set<Entity> there = new HashSet<>(Entity.of(truth.get(i)));
            for (Entity entity : there) {
                counts.computeIfAbsent(entity.type(), type -> new long[3])[2]++;
            }
            for (Entity entity : Entity.of(predicted.get(i))) {
                long[] count = counts.computeIfAbsent(entity.type(), type -> new long[3]);
                count[1]++;
                count[0] += there.contains(entity) ? 1 : 0;
            }
        }
        Map<String, Score> types = new TreeMap<>();
        long[] all = new long[3];
        counts.forEach((type, count) -> {
            types.put(type, Score.of(count[0], count[1], count[2]));
            for (int i = 0; i < 3; i++) {
                all[i] += count[i];
            }
        });
        Score micro = Score.of(all[0], all[1], all[2]);
        return new EntityScores(types, micro, mean(types, all[2], score -> 1), mean(types, all[2], Score::support));
    }

    private static Score mean(Map<String, Score> types, long support, ToDoubleFunction<Score> weight) {
        double weights = types.values().stream().mapToDouble(weight).sum();
        ToDoubleFunction<ToDoubleFunction<Score>> mean = figure -> weights == 0
                ? 0
                : types.values().stream()
                                .mapToDouble(score -> weight.applyAsDouble(score) * figure.applyAsDouble(score))
                                .sum()
                        / weights;
        return new Score(
                mean.applyAsDouble(Score::precision),
                mean.applyAsDouble(Score::recall),
                mean.applyAsDouble(Score::f1),
                support);
    }
}
