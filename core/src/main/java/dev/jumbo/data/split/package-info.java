/**
 * Parts of a dataset as views of indices: random, stratified, the last as Keras's {@code validation_split}, by group, by
 * time, and k folds. A {@link dev.jumbo.data.split.SplitMethod} says how, {@link dev.jumbo.data.split.Partition} does it.
 *
 * <pre>{@code
 * TrainingSplit split = Splits.stratified(dataset, 0.2, RandomState.of(42).derive("split"));
 * trainer.fit(split.train(), split.validation());
 * }</pre>
 */
@NullMarked
package dev.jumbo.data.split;

import org.jspecify.annotations.NullMarked;
