/**
 * From files to batches: readers, cleaning, splits, preprocessing, augmentation, loading.
 *
 * <p>A {@link dev.jumbo.data.Dataset} has a size and reads one example at a time into a {@link dev.jumbo.data.Row}.
 * What the values are is said by its {@link dev.jumbo.data.Field}s. A {@link dev.jumbo.data.Preprocessing} is fitted
 * on the training split alone and saved with the model, so that serving does to an input what training did.
 *
 * <p>The way of an example in training: {@code Dataset.read} -> augmentation (raw values) -> preprocessing -> batch.
 * This all happens on plain arrays, on prefetch threads that own no tensor.
 */
@NullMarked
package dev.jumbo.data;

import org.jspecify.annotations.NullMarked;
