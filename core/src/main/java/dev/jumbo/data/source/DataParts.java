package dev.jumbo.data.source;

import dev.jumbo.data.Dataset;
import org.jspecify.annotations.Nullable;

/**
 * The examples of a source.
 *
 * @param train what is learned from
 * @param validation to choose by, where the source has such examples; otherwise a share of {@code train} is held out
 * @param test to measure the result on, where the source has such examples
 */
public record DataParts(
        Dataset train,
        @Nullable Dataset validation,
        @Nullable Dataset test) {}
