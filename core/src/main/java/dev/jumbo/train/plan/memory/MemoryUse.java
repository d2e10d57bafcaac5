package dev.jumbo.train.plan.memory;

import dev.jumbo.train.plan.cost.Costs;
import dev.jumbo.train.plan.work.Workload;

/**
 * Bytes of one worker at the fullest moment of a step.
 *
 * @param weights values of parameters and buffers, in all their forms
 * @param gradients of all parameters, in all their forms
 * @param optimizer what the rule remembers, and the moving average
 * @param activations what the forward pass leaves for the backward pass
 * @param workspace gradients of activations under way; where that is more, what the copies of a checkpoint or the results
 *     of a validation batch take beyond the place of the activations; and the holes that the allocator leaves
 * @param base the process without a model: virtual machine, heap, native libraries
 */
public record MemoryUse(
        double weights, double gradients, double optimizer, double activations, double workspace, double base) {
    /**
     * @param bytes for each parameter
     * @param copies bytes that a checkpoint copies, on a CPU
     * @param validation bytes that a forward pass over a batch of the examples held out leaves, or 0
     */
    public static MemoryUse of(
            Workload workload,
            Costs costs,
            StateBytes bytes,
            double parameters,
            double buffers,
            Activations activations,
            double copies,
            double validation) {
        // Between steps, where activations are free.
        double copied = costs.isGpu() ? 0 : copies - activations.kept();
        double more = Math.max(copied, validation - activations.kept());
        double workspace = Math.max(activations.workspace(), more);
        return new MemoryUse(
                parameters * bytes.values() + Float.BYTES * buffers,
                parameters * bytes.gradients(),
                parameters * bytes.optimizer(),
                activations.kept(),
                workspace + costs.holes() * (activations.kept() + workspace),
                costs.base(workload));
    }

    /** Bytes that a checkpoint of the whole model copies: values and optimizer state. */
    public static double copies(StateBytes bytes, double parameters) {
        return parameters * (Float.BYTES + bytes.optimizer());
    }

    public double total() {
        return weights + gradients + optimizer + activations + workspace + base;
    }
}
