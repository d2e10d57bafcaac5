package dev.jumbo.train.optim;

import dev.jumbo.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** The gradients of one step, as {@link GradientRule}s change them. Where workers divide the values, each has a part. */
public final class StepGradients {
    private final List<Tensor> parts;
    private final DoubleUnaryOperator together;
    private double norm = Double.NaN;

    /**
     * @param parts flat, FLOAT32: what this worker steps
     * @param together from a number of this worker's values, such as a squared norm, to the sum over all workers' values
     */
    public StepGradients(List<Tensor> parts, DoubleUnaryOperator together) {
        this.parts = List.copyOf(parts);
        this.together = together;
    }

    /** Of one process that has all values. */
    public static StepGradients of(Tensor gradients) {
        return new StepGradients(List.of(gradients), DoubleUnaryOperator.identity());
    }

    /** The live tensors, flat, to be changed in place. */
    public List<Tensor> parts() {
        return parts;
    }

    /** The Euclidean norm of all values of all workers, as they are now; it takes time, so {@link #lastNorm} keeps it. */
    public double norm() {
        double squares = 0;
        for (Tensor part : parts) {
            double own = part.norm().item();
            squares += own * own;
        }
        norm = Math.sqrt(together.applyAsDouble(squares));
        return norm;
    }

    /** What {@link #norm} gave last; NaN where nobody asked. */
    public double lastNorm() {
        return norm;
    }

    /** Multiplies all by a number. */
    public void scale(double factor) {
        parts.forEach(part -> part.mul_(factor));
    }
}
