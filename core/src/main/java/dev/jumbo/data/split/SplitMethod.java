package dev.jumbo.data.split;

import dev.jumbo.data.Dataset;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import java.util.List;

/**
 * How the examples for validation and testing are chosen: {@code train.split} of a configuration. A record with a {@link
 * dev.jumbo.config.Kind}.
 */
public interface SplitMethod {
    /** Which examples are held out. @throws InputException if the data does not say what the method needs */
    HeldOut choose(Dataset dataset, Keys keys, Shares shares, RandomState random);

    /**
     * Folds for cross-validation: the examples that each of them holds out; every example is in exactly one.
     *
     * @param k 2 or more
     * @throws InputException if the data does not say what the method needs, or has too little for so many folds
     */
    List<int[]> folds(Dataset dataset, Keys keys, int k, RandomState random);

    /**
     * A part for validation, of data that says by itself what the method needs.
     *
     * @param share of the examples for validation, between 0 and 1
     */
    default TrainingSplit split(Dataset dataset, double share, RandomState random) {
        Partition parts =
                Partition.of(dataset, Keys.of(dataset), this, new Shares(Splits.requireShare(share), 0), random);
        return new TrainingSplit(parts.train(), parts.held());
    }

    /** What a user can do where a part that this method chose has no example of a class: the end of a warning. */
    default String adviceOnMissingClasses() {
        return "hold out a larger share";
    }

    /** What divides a dataset unless another is chosen: random where examples of one kind may stand together. */
    static SplitMethod standard(Dataset dataset) {
        return dataset.mayBeSorted() ? random() : last();
    }

    /** The last examples in the order of the dataset, as Keras's {@code validation_split}. */
    static SplitMethod last() {
        return new LastSplit();
    }

    /** Any examples. */
    static SplitMethod random() {
        return new RandomSplit();
    }

    /** Any examples, each class with its share. */
    static SplitMethod stratified() {
        return new StratifiedSplit();
    }

    /** All rows with one value of a table's column on one side. */
    static SplitMethod group(String column) {
        return new GroupSplit(column, null);
    }

    /**
     * All files on one side whose names have the same part.
     *
     * @param fileName a regular expression that finds the part; its first group, if it has one
     */
    static SplitMethod groupByFileName(String fileName) {
        return new GroupSplit(null, fileName);
    }

    /** The latest rows by a table's column of numbers or dates. */
    static SplitMethod time(String column) {
        return new TimeSplit(column);
    }

    /** The folds of a method, refused where there are fewer examples than folds. */
    static void requireFolds(int k, int of, String what) {
        if (k < 2 || k > of) {
            throw new InputException("expected 2 to " + of + " folds (the number of " + what + "), received " + k
                    + (of < 2 ? "; there is too little data for folds" : ""));
        }
    }
}
