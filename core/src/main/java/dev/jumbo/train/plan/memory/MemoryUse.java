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
     * @param saved bytes of buffers and of what is frozen
     * @param copies bytes that a checkpoint copies, on a CPU
     * @param validation bytes that a forward pass over a batch of the examples held out leaves, or 0
     */
    public static MemoryUse of(
            Workload workload,
            Costs costs,
            StateBytes bytes,
            double parameters,
            double saved,
            Activations activations,
            double copies,
            double validation) {
        // Between steps, where activations are free; copies of whole tensors leave no holes.
        double copied = costs.isGpu() ? 0 : copies - activations.kept();
        double passes = Math.max(activations.workspace(), validation - activations.kept());
        double workspace = Math.max(passes + costs.holes() * (activations.kept() + passes), copied);
        return new MemoryUse(
                parameters * bytes.values() + saved,
                parameters * bytes.gradients(),
                parameters * bytes.optimizer(),
                activations.kept(),
                workspace,
                costs.base(workload));
    }

    /**
     * Of a worker that keeps a share of everything. Its allocator gives large blocks back at once, so no holes are left; what is put
     * together for a block is not there between steps.
     *
     * @param gathered bytes of values and gradients of blocks at the fullest moment of a pass
     * @param between bytes that saving takes between steps
     */
    public static MemoryUse ofShare(
            Workload workload,
            Costs costs,
            StateBytes bytes,
            double parameters,
            double saved,
            Activations activations,
            double gathered,
            double between) {
        return new MemoryUse(
                parameters * bytes.values() + saved,
                parameters * bytes.gradients(),
                parameters * bytes.optimizer(),
                activations.kept(),
                activations.workspace() + Math.max(gathered, between),
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
