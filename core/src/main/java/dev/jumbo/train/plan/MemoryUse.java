package dev.jumbo.train.plan;

/**
 * Bytes of one worker at the fullest moment of a step.
 *
 * @param weights values of parameters and buffers, in all their forms
 * @param gradients of all parameters, in all their forms
 * @param optimizer what the rule remembers, and the moving average
 * @param activations what the forward pass leaves for the backward pass
 * @param workspace gradients of activations under way, and copies that operations make for themselves
 * @param base the process without a model: virtual machine, heap, native libraries
 */
public record MemoryUse(
        double weights, double gradients, double optimizer, double activations, double workspace, double base) {
    public double total() {
        return weights + gradients + optimizer + activations + workspace + base;
    }
}
