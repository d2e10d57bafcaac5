/**
 * How long a training will take and what it will need, before anything is allocated.
 *
 * <p>A {@link dev.jumbo.train.plan.work.Workload} says what is trained on how much data, and is opened into the operations
 * that really run. {@link dev.jumbo.train.plan.cost.Costs} says how long one takes, either from measurements of this machine
 * ({@link dev.jumbo.train.plan.calibrate}) or from a data sheet ({@link dev.jumbo.train.plan.device}). Memory is counted in
 * {@link dev.jumbo.train.plan.memory}, an optimizer step put together in {@link dev.jumbo.train.plan.step}, and {@link
 * dev.jumbo.train.plan.Planner} does it for each {@link dev.jumbo.train.plan.memory.Sharding} and makes a {@link
 * dev.jumbo.train.plan.Plan} of it. The packages depend on each other in one direction: work, device, cost, memory, step,
 * calibrate.
 *
 * <pre>{@code
 * Plan plan = Planner.plan(workload, config, device);
 * plan.best().ifPresent(option -> System.out.println(option.total()));
 * }</pre>
 *
 * Describing and planning load no native library; only {@link dev.jumbo.train.plan.calibrate.Calibrator} computes.
 */
@NullMarked
package dev.jumbo.train.plan;

import org.jspecify.annotations.NullMarked;
