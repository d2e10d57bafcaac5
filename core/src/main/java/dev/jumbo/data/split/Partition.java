package dev.jumbo.data.split;

import dev.jumbo.data.Dataset;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dataset in parts without a common example. The only place where data is divided: training, {@code evaluate} and
 * {@code run} all see what it says.
 *
 * @param train what is learned from
 * @param validation what the best checkpoint is chosen by; null where nothing is held out for it
 * @param test what the result is measured on; null where nothing is held out for it
 */
public record Partition(
        Subset train, @Nullable Subset validation, @Nullable Subset test) {
    /**
     * Divides a dataset.
     *
     * @param keys what the method may divide by; {@link Keys#of} what the dataset itself says
     * @param method {@link SplitMethod#standard} for what suits the dataset
     * @param random of the run's seed; everything random derives from it by name
     * @throws InputException if a part would be empty, or the data does not say what the method needs
     */
    public static Partition of(Dataset dataset, Keys keys, SplitMethod method, Shares shares, RandomState random) {
        HeldOut held = method.choose(dataset, keys, shares, random);
        int[] rest = held.rest(dataset.size());
        if (rest.length == 0) {
            throw empty("training", dataset, shares);
        }
        return new Partition(
                Subset.of(dataset, rest),
                part("validation", dataset, held.validation(), shares.validation(), shares),
                part("test", dataset, held.test(), shares.test(), shares));
    }

    /** The validation part, which is there because a share was asked for. */
    Subset held() {
        if (validation == null) {
            throw new IllegalStateException("expected a share for validation");
        }
        return validation;
    }

    private static @Nullable Subset part(String name, Dataset dataset, int[] indices, double share, Shares shares) {
        if (share == 0) {
            return null;
        }
        if (indices.length == 0) {
            throw empty(name, dataset, shares);
        }
        return Subset.of(dataset, indices);
    }

    private static InputException empty(String name, Dataset dataset, Shares shares) {
        return new InputException("a validation share of " + shares.validation()
                + (shares.test() == 0 ? "" : " and a test share of " + shares.test()) + " leaves the " + name
                + " part of " + dataset.size() + " examples empty; use another share or more examples");
    }

    /**
     * Folds for cross-validation: each example is held out, as validation, in exactly one.
     *
     * @param k 2 or more
     */
    public static List<TrainingSplit> folds(Dataset dataset, Keys keys, SplitMethod method, int k, RandomState random) {
        List<TrainingSplit> splits = new ArrayList<>();
        for (int[] held : method.folds(dataset, keys, k, random)) {
            splits.add(new TrainingSplit(
                    Subset.of(dataset, new HeldOut(held, new int[0]).rest(dataset.size())), Subset.of(dataset, held)));
        }
        return List.copyOf(splits);
    }
}
