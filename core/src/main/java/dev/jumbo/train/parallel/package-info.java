/**
 * What data-parallel training adds to a step: gradients are summed over the workers while back-propagation goes on ({@link
 * dev.jumbo.train.parallel.GradientBuckets}), and batch normalisation may use the whole batch ({@link
 * dev.jumbo.train.parallel.WholeBatch}). Every worker does the same collectives in the same order, also one that has no rows
 * of a short batch.
 */
@NullMarked
package dev.jumbo.train.parallel;

import org.jspecify.annotations.NullMarked;
