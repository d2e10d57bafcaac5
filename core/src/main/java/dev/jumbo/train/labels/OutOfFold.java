package dev.jumbo.train.labels;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.split.Splits;
import dev.jumbo.data.split.Subset;
import dev.jumbo.data.split.TrainingSplit;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Shown;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.train.Evaluator;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.metrics.Predictions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Probabilities of every example by a model that was trained without it.
 *
 * @param probabilities {@code [examples][classes]}
 * @param labels the given classes; below 0 where an example does not count
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record OutOfFold(double[][] probabilities, int[] labels) {
    /**
     * Trains k models, each without one of k stratified parts, and asks each about the part that it has not seen.
     *
     * @param train from a part to learn from and its number from 0 to a checkpoint
     * @throws InputException if the target is no class, or there are fewer examples than parts
     */
    public static OutOfFold train(
            Dataset data, int folds, RandomState random, BiFunction<Subset, Integer, Checkpoint> train) {
        int classes = data.targets().get(0).classes().size();
        if (classes < 2 || data.targets().get(0).elements() != 1) {
            throw new InputException("expected one class as target for finding label errors, received the target "
                    + data.targets().get(0).name() + "; numbers have no label errors of this kind");
        }
        double[][] probabilities = new double[data.size()][];
        int[] labels = new int[data.size()];
        List<TrainingSplit> splits = Splits.stratifiedKFold(data, folds, random);
        for (int fold = 0; fold < splits.size(); fold++) {
            Subset unseen = splits.get(fold).validation();
            Checkpoint checkpoint = train.apply(splits.get(fold).train(), fold);
            List<Predictions> batches = new ArrayList<>();
            Evaluator.evaluate(checkpoint, unseen, List.of(), batches::add);
            int[] indices = unseen.indices();
            int at = 0;
            for (Predictions batch : batches) {
                for (int row = 0; row < batch.rows(); row++) {
                    int index = indices[at++];
                    labels[index] = batch.target(row);
                    probabilities[index] = new double[batch.classes()];
                    for (int c = 0; c < batch.classes(); c++) {
                        probabilities[index][c] = batch.probability(row, c);
                    }
                }
            }
            if (at != indices.length) {
                throw new InputException("expected one prediction for each of " + indices.length
                        + " examples, received " + at + "; label errors are found of single classes, not of sequences");
            }
        }
        return new OutOfFold(probabilities, labels);
    }

    @Override
    public String toString() {
        return "OutOfFold[probabilities=" + Shown.of(probabilities) + ", labels=" + Shown.of(labels) + "]";
    }
}
