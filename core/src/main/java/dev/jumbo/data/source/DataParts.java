package dev.jumbo.data.source;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.ExampleStream;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.split.Fold;
import dev.jumbo.data.split.Keys;
import dev.jumbo.data.split.MissingClasses;
import dev.jumbo.data.split.Partition;
import dev.jumbo.data.split.Shares;
import dev.jumbo.data.split.SplitMethod;
import dev.jumbo.data.split.TrainingSplit;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The examples of a source.
 *
 * @param train what is learned from
 * @param validation to choose by, where the source has such examples; otherwise {@link #divide} holds out a share of
 *     {@code train}
 * @param test to measure the result on, where the source has such examples; otherwise as {@code validation}
 * @param fit makes the preprocessing from the training split alone, where the source has its own
 * @param report what was changed by cleaning and why, in lines for people; empty where nothing was cleaned
 * @param keys what {@code train} may be divided by
 */
public record DataParts(
        Dataset train,
        @Nullable Dataset validation,
        @Nullable Dataset test,
        @Nullable Function<Dataset, Preprocessing> fit,
        String report,
        Keys keys) {
    private static final Logger LOG = LoggerFactory.getLogger(DataParts.class);

    /** Examples that need no cleaning and no encoding of their own. */
    public static DataParts of(Dataset train, @Nullable Dataset validation, @Nullable Dataset test) {
        return new DataParts(train, validation, test, null, "", Keys.of(train));
    }

    /** The method that divides these examples. @param chosen null for what suits them */
    public SplitMethod method(@Nullable SplitMethod chosen) {
        return chosen == null ? SplitMethod.standard(train) : chosen;
    }

    /**
     * The parts that training, {@code evaluate} and {@code run} see: a share of {@code train} is held out for validation,
     * unless the source has examples for it, and another for testing.
     *
     * @param chosen null for what suits the examples
     * @param asked how much is held out
     * @param fold of a cross-validation, whose examples are the test part; null where all are used
     * @param seed of the run; what is drawn derives from it under the name {@code split}
     * @throws InputException if a test share is asked for beside a test part of the source, or a part would be empty
     */
    public DataParts divide(@Nullable SplitMethod chosen, Shares asked, @Nullable Fold fold, long seed) {
        if (fold != null && train instanceof ExampleStream) {
            throw streamed("fold");
        }
        if (fold != null) {
            return of(fold, method(chosen), seed).divide(method(chosen), asked, null, seed);
        }
        if (test != null && asked.test() > 0) {
            throw new InputException("test_split: expected data without a test part, received data that has "
                    + test.size() + " test examples of its own; leave test_split out");
        }
        if (validation != null && asked.validation() > 0) {
            LOG.warn(
                    "train.validation_split {} is not used: the data has {} validation examples of its own",
                    asked.validation(),
                    validation.size());
        }
        Shares shares = new Shares(validation == null ? asked.validation() : 0, asked.test());
        DataParts divided = this;
        if (!shares.isNone() && train instanceof ExampleStream) {
            throw streamed(shares.validation() > 0 ? "validation_split" : "test_split");
        }
        if (!shares.isNone()) {
            Partition parts = Partition.of(
                    train, keys, method(chosen), shares, RandomState.of(seed).derive("split"));
            divided = new DataParts(
                    parts.train(),
                    validation == null ? parts.validation() : validation,
                    test == null ? parts.test() : test,
                    fit,
                    report,
                    Keys.none());
        }
        return divided;
    }

    private static InputException streamed(String key) {
        return new InputException(
                key + ": expected none for a stream, of which no share can be held out; give examples of"
                        + " their own: fit(stream, validation) in a program, validation or test of the dataset in a file");
    }

    /**
     * Says which of these parts have no example of a class: of {@link #divide}'s result, once, when something is learned.
     *
     * @param by the method that divided them; null: they came so
     */
    public void warnOfMissingClasses(@Nullable SplitMethod by) {
        String advice = by == null
                ? "put examples of each class into that part, or let train.validation_split and test_split divide"
                        + " the training part"
                : by.adviceOnMissingClasses();
        MissingClasses.warning(train, validation, test, advice).ifPresent(LOG::warn);
    }

    /** The examples of the fold as the test part, in place of that of the source. */
    private DataParts of(Fold fold, SplitMethod method, long seed) {
        RandomState random = RandomState.of(seed).derive("folds");
        TrainingSplit split =
                Partition.folds(train, keys, method, fold.of(), random).get(fold.index() - 1);
        Keys left = keys.select(split.train().indices());
        return new DataParts(split.train(), validation, split.validation(), fit, report, left);
    }
}
