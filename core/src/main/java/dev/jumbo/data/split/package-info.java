/**
 * Parts of a dataset as views of indices: {@code validation_split} as in Keras, random, stratified, and k folds.
 *
 * <pre>{@code
 * Split split = Splits.stratified(dataset, 0.2, RandomState.of(42).derive("split"));
 * trainer.fit(split.train(), split.validation());
 * }</pre>
 */
@NullMarked
package dev.jumbo.data.split;

import org.jspecify.annotations.NullMarked;
