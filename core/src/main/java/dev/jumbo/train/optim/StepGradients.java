package dev.jumbo.train.optim;

import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** The gradients of one step, as {@link GradientRule}s change them. Where workers divide the values, each has a part. */
public final class StepGradients {
    private static final long NOISE_BLOCK = 1L << 18;

    private final List<Tensor> parts;
    private final DoubleUnaryOperator together;
    /** Of each part. */
    private final long[] starts;

    private final double largestShare;
    private double norm = Double.NaN;

    /**
     * @param parts flat, FLOAT32: what this worker steps
     * @param together from a number of this worker's values, such as a squared norm, to the sum over all workers' values
     * @param starts where each part begins in the values of all workers
     * @param largestShare see {@link #largestShare()}
     */
    public StepGradients(List<Tensor> parts, DoubleUnaryOperator together, long[] starts, double largestShare) {
        this.parts = List.copyOf(parts);
        this.together = together;
        this.starts = starts.clone();
        this.largestShare = largestShare;
    }

    /** As the other, of parts that follow one another. @param start where the first begins */
    public StepGradients(List<Tensor> parts, DoubleUnaryOperator together, long start, double largestShare) {
        this(parts, together, following(parts, start), largestShare);
    }

    private static long[] following(List<Tensor> parts, long start) {
        long[] starts = new long[parts.size()];
        long at = start;
        for (int i = 0; i < starts.length; i++) {
            starts[i] = at;
            at += parts.get(i).elements();
        }
        return starts;
    }

    /** Of one process that has all values. */
    public static StepGradients of(Tensor gradients) {
        return new StepGradients(List.of(gradients), DoubleUnaryOperator.identity(), new long[1], Double.NaN);
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

    /**
     * The most that one example counts in the mean that the step makes small: of N examples that count alike, {@code 1 / N}. What an
     * example's gradient adds to the step's has at most this times its norm. NaN where no rule looks at examples.
     */
    public double largestShare() {
        return largestShare;
    }

    /**
     * Adds normal noise. The value at a place depends on the random state and the place alone, however workers divide the values.
     *
     * @param standardDeviation of each value
     */
    public void addNoise(double standardDeviation, RandomState random) {
        for (int i = 0; i < starts.length; i++) {
            Tensor part = parts.get(i);
            long at = starts[i];
            long end = at + part.elements();
            for (long block = at / NOISE_BLOCK; block * NOISE_BLOCK < end; block++) {
                try (Scope scope = Scope.open()) {
                    random.derive(block).seedTorch();
                    Tensor drawn = Tensor.zeros(Shape.of(NOISE_BLOCK)).normal_(0, standardDeviation);
                    long first = Math.max(at, block * NOISE_BLOCK);
                    long behind = Math.min(end, (block + 1) * NOISE_BLOCK);
                    Tensor noise = drawn.narrow(0, first - block * NOISE_BLOCK, behind - first);
                    part.narrow(0, first - at, behind - first).add_(noise.to(part.device()));
                }
            }
        }
    }

    /** Multiplies all by a number. */
    public void scale(double factor) {
        parts.forEach(part -> part.mul_(factor));
    }
}
