/**
 * How long a training will take and what it will need, before anything is allocated.
 *
 * <p>A {@link dev.jumbo.train.plan.Workload} says what is trained on how much data. {@link dev.jumbo.train.plan.Operations}
 * opens its layers into what really runs: products, passes over memory, and what autograd keeps for the way back. {@link
 * dev.jumbo.train.plan.Costs} says how long an operation takes, either from measurements of this machine ({@link
 * dev.jumbo.train.plan.Calibration}) or from a data sheet ({@link dev.jumbo.train.plan.DeviceSpec}). {@link
 * dev.jumbo.train.plan.Planner} puts them together for each {@link dev.jumbo.train.plan.Sharding} into a {@link
 * dev.jumbo.train.plan.Plan}.
 *
 * <pre>{@code
 * Plan plan = Planner.plan(workload, device, 64);
 * plan.best().ifPresent(option -> System.out.println(option.seconds()));
 * }</pre>
 *
 * Describing and planning load no native library; only {@link dev.jumbo.train.plan.Calibrator} computes.
 */
@NullMarked
package dev.jumbo.train.plan;

import org.jspecify.annotations.NullMarked;
