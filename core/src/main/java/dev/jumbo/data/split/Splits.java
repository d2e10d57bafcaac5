package dev.jumbo.data.split;

import dev.jumbo.data.Dataset;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Divides a dataset: every example is in exactly one part, and the same random state gives the same parts. */
public final class Splits {
    private Splits() {}

    /** The last part for validation, as {@link LastSplit}. Do not use it on data sorted by class. */
    public static TrainingSplit last(Dataset dataset, double share) {
        return SplitMethod.last().split(dataset, share, RandomState.of(0)); // It draws nothing.
    }

    /** Any examples for validation, as {@link RandomSplit}; both parts keep the order of the dataset. */
    public static TrainingSplit random(Dataset dataset, double share, RandomState random) {
        return SplitMethod.random().split(dataset, share, random);
    }

    /**
     * Each class gives its share of examples for validation, as {@link StratifiedSplit}.
     *
     * @throws InputException if the first target is not one class id
     */
    public static TrainingSplit stratified(Dataset dataset, double share, RandomState random) {
        return SplitMethod.stratified().split(dataset, share, random);
    }

    /** Whole groups for validation, as {@link GroupSplit}. @param groups the group of each example */
    public static TrainingSplit group(
            Dataset dataset, List<@Nullable String> groups, double share, RandomState random) {
        return split(dataset, groups, SplitMethod.group("group"), share, random);
    }

    /** The latest examples for validation, as {@link TimeSplit}. @param times of each example: numbers, or dates in ISO 8601 */
    public static TrainingSplit time(Dataset dataset, List<@Nullable String> times, double share) {
        return split(dataset, times, SplitMethod.time("time"), share, RandomState.of(0)); // It draws nothing.
    }

    /** k splits; each example is held out in exactly one, and the folds differ in size by at most one. */
    public static List<TrainingSplit> kFold(Dataset dataset, int k, RandomState random) {
        return Partition.folds(dataset, Keys.none(), SplitMethod.random(), k, random);
    }

    /** As {@link #kFold}; in addition the examples of each class differ by at most one between the folds. */
    public static List<TrainingSplit> stratifiedKFold(Dataset dataset, int k, RandomState random) {
        return Partition.folds(dataset, Keys.none(), SplitMethod.stratified(), k, random);
    }

    /** k splits by whole groups, as scikit-learn's {@code GroupKFold}. @param groups the group of each example */
    public static List<TrainingSplit> groupKFold(Dataset dataset, List<@Nullable String> groups, int k) {
        return Partition.folds(dataset, Keys.ofColumn(groups), SplitMethod.group("group"), k, RandomState.of(0));
    }

    private static TrainingSplit split(
            Dataset dataset, List<@Nullable String> values, SplitMethod method, double share, RandomState random) {
        Partition parts =
                Partition.of(dataset, Keys.ofColumn(values), method, new Shares(requireShare(share), 0), random);
        return new TrainingSplit(parts.train(), parts.held());
    }

    static double requireShare(double share) {
        if (!(share > 0 && share < 1)) {
            throw new InputException("expected a validation share between 0 and 1, received " + share);
        }
        return share;
    }
}
