/**
 * What a training computes: a {@link Workload} says which model learns from how much data, and {@link
 * Operations} opens its layers into what the engine runs, each with its FLOPs and with what it keeps in memory.
 */
@NullMarked
package dev.jumbo.train.plan.work;

import org.jspecify.annotations.NullMarked;
