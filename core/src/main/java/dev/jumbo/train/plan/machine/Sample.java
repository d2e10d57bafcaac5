package dev.jumbo.train.plan.machine;

/**
 * How long an operation of one kind and size took here. Times in seconds, sizes of the whole batch.
 *
 * @param kind as {@link Operation#kind}
 * @param bf16 whether it computed in bf16
 * @param rows of a product, values of a pass over memory
 * @param inner of a product, otherwise 1
 * @param outer of a product, otherwise 1
 * @param work floating-point operations of a product, values of a pass over memory
 * @param forward seconds of the forward pass
 * @param backward seconds of the backward pass, with the gradient of the input
 * @param weightsOnly seconds of the backward pass without that
 */
public record Sample(
        String kind,
        boolean bf16,
        double rows,
        double inner,
        double outer,
        double work,
        double forward,
        double backward,
        double weightsOnly) {
    /** The same operation with other times. */
    public Sample withSeconds(double otherForward, double otherBackward, double otherWeightsOnly) {
        return new Sample(kind, bf16, rows, inner, outer, work, otherForward, otherBackward, otherWeightsOnly);
    }
}
