/**
 * What each worker holds: the state of the parameters by each {@link Sharding}, and what a pass over a batch leaves
 * until its backward pass.
 */
@NullMarked
package dev.jumbo.train.plan.memory;

import org.jspecify.annotations.NullMarked;
