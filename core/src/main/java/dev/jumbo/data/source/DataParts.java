package dev.jumbo.data.source;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.split.Keys;
import dev.jumbo.data.split.MissingClasses;
import dev.jumbo.data.split.Partition;
import dev.jumbo.data.split.Shares;
import dev.jumbo.data.split.Split;
import dev.jumbo.data.split.SplitMethod;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import java.util.List;
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
     * unless the source has examples for it, and another for testing. Warns where a part has no example of a class.
     *
     * @param chosen null for what suits the examples
     * @param seed of the run; what is drawn derives from it under the name {@code split}
     * @throws InputException if a test share is asked for beside a test part of the source, or a part would be empty
     */
    public DataParts divide(@Nullable SplitMethod chosen, double validationShare, double testShare, long seed) {
        if (test != null && testShare > 0) {
            throw new InputException("test_split: expected data without a test part, received data that has "
                    + test.size() + " test examples of its own; leave test_split out");
        }
        if (validation != null && validationShare > 0) {
            LOG.warn(
                    "train.validation_split {} is not used: the data has {} validation examples of its own",
                    validationShare,
                    validation.size());
        }
        Shares shares = new Shares(validation == null ? validationShare : 0, testShare);
        DataParts divided = this;
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
        MissingClasses.warning(divided.train, divided.validation, divided.test).ifPresent(LOG::warn);
        return divided;
    }

    /**
     * Folds of all examples but those of a test part of the source. In each, the examples that are held out are the test
     * part; a share of the others is held out for validation.
     *
     * @param k 2 or more
     */
    public List<DataParts> folds(@Nullable SplitMethod chosen, int k, double validationShare, long seed) {
        RandomState random = RandomState.of(seed).derive("folds");
        List<Split> folds = Partition.folds(train, keys, method(chosen), k, random);
        return folds.stream()
                .map(fold -> new DataParts(
                                fold.train(),
                                null,
                                fold.validation(),
                                fit,
                                report,
                                keys.select(fold.train().indices()))
                        .divide(chosen == null ? SplitMethod.standard(train) : chosen, validationShare, 0, seed))
                .toList();
    }
}
