/**
 * What a training computes: a {@link Workload} says which model learns from how much data. What
 * that costs, each layer says itself ({@link dev.jumbo.nn.Cost}).
 */
@NullMarked
package dev.jumbo.train.plan.work;

import org.jspecify.annotations.NullMarked;
