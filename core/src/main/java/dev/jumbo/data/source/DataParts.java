package dev.jumbo.data.source;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Preprocessing;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The examples of a source.
 *
 * @param train what is learned from
 * @param validation to choose by, where the source has such examples; otherwise a share of {@code train} is held out
 * @param test to measure the result on, where the source has such examples
 * @param fit makes the preprocessing from the training split alone, where the source has its own
 * @param report what was changed by cleaning and why, in lines for people; empty where nothing was cleaned
 */
public record DataParts(
        Dataset train,
        @Nullable Dataset validation,
        @Nullable Dataset test,
        @Nullable Function<Dataset, Preprocessing> fit,
        String report) {
    /** Examples that need no cleaning and no encoding of their own. */
    public static DataParts of(Dataset train, @Nullable Dataset validation, @Nullable Dataset test) {
        return new DataParts(train, validation, test, null, "");
    }
}
