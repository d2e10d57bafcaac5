package dev.jumbo.tensor;

import dev.jumbo.error.InputException;
import java.util.Arrays;
import org.bytedeco.pytorch.global.torch;

/** The losses of {@code torch.nn.functional}, averaged as PyTorch averages. Cross-entropy is in {@link Functional}. */
public final class LossFunctions {
    /** {@code at::Reduction}: every value for itself. */
    private static final long NONE = 0;

    /** {@code at::Reduction}: a mean over all elements. */
    private static final long MEAN = 1;

    /** {@code at::Reduction}: a sum. */
    private static final long SUM = 2;

    private LossFunctions() {}

    /** {@code -(p t log s(x) + (1 - t) log(1 - s(x)))} with the sigmoid s, computed stably. @param positiveWeight p, a scalar or {@code [..., labels]} */
    public static Tensor binaryCrossEntropyWithLogits(Tensor logits, Tensor targets, Tensor positiveWeight) {
        return Tensor.wrap(torch.binary_cross_entropy_with_logits(
                logits.handle(), targets.handle(), Native.NONE, Functional.optional(positiveWeight), MEAN));
    }

    /** As {@link #binaryCrossEntropyWithLogits}, of each value for itself. */
    public static Tensor binaryCrossEntropyWithLogitsEach(Tensor logits, Tensor targets, Tensor positiveWeight) {
        return Tensor.wrap(torch.binary_cross_entropy_with_logits(
                logits.handle(), targets.handle(), Native.NONE, Functional.optional(positiveWeight), NONE));
    }

    /** Mean of squared differences. */
    public static Tensor mse(Tensor outputs, Tensor targets) {
        return Tensor.wrap(torch.mse_loss(outputs.handle(), targets.handle(), MEAN));
    }

    /** Mean of absolute differences. */
    public static Tensor mae(Tensor outputs, Tensor targets) {
        return Tensor.wrap(torch.l1_loss(outputs.handle(), targets.handle(), MEAN));
    }

    /** Squared up to a difference of delta, linear beyond. */
    public static Tensor huber(Tensor outputs, Tensor targets, double delta) {
        return Tensor.wrap(torch.huber_loss(outputs.handle(), targets.handle(), MEAN, delta));
    }

    /** As {@link #huber}, of each value for itself. */
    public static Tensor huberEach(Tensor outputs, Tensor targets, double delta) {
        return Tensor.wrap(torch.huber_loss(outputs.handle(), targets.handle(), NONE, delta));
    }

    /** As {@link #klDivergenceSum}, of each value for itself. */
    public static Tensor klDivergenceEach(Tensor logProbabilities, Tensor targets) {
        return Tensor.wrap(torch.kl_div(logProbabilities.handle(), targets.handle(), NONE, false));
    }

    /** {@code t (log t - x)}, summed; 0 where t is 0. @param logProbabilities x */
    public static Tensor klDivergenceSum(Tensor logProbabilities, Tensor targets) {
        return Tensor.wrap(torch.kl_div(logProbabilities.handle(), targets.handle(), SUM, false));
    }

    /**
     * Connectionist temporal classification: each sequence's loss over its target length, averaged.
     *
     * @param logProbabilities {@code [T, N, classes]}
     * @param targets class ids {@code [N, S]} INT64; those behind a target's length are not read
     * @param inputLengths up to T, for each of N
     * @param targetLengths up to S, for each of N
     * @param zeroInfinity whether a target that is longer than its input counts as 0 instead of infinity
     * @throws InputException if a shape, a length or an id is none of these: the native kernel would write past its memory
     */
    public static Tensor ctc(
            Tensor logProbabilities,
            Tensor targets,
            long[] inputLengths,
            long[] targetLengths,
            long blank,
            boolean zeroInfinity) {
        requireCtc(logProbabilities, targets, inputLengths, targetLengths, blank);
        return Tensor.wrap(torch.ctc_loss(
                logProbabilities.handle(), targets.handle(), inputLengths, targetLengths, blank, MEAN, zeroInfinity));
    }

    /** As {@link #ctc}, of each sequence for itself, not divided by its length: {@code [N]}. */
    public static Tensor ctcEach(
            Tensor logProbabilities,
            Tensor targets,
            long[] inputLengths,
            long[] targetLengths,
            long blank,
            boolean zeroInfinity) {
        requireCtc(logProbabilities, targets, inputLengths, targetLengths, blank);
        return Tensor.wrap(torch.ctc_loss(
                logProbabilities.handle(), targets.handle(), inputLengths, targetLengths, blank, NONE, zeroInfinity));
    }

    private static void requireCtc(
            Tensor logProbabilities, Tensor targets, long[] inputLengths, long[] targetLengths, long blank) {
        boolean shaped = logProbabilities.rank() == 3
                && logProbabilities.dtype().isFloating()
                && targets.rank() == 2
                && targets.dtype() == DType.INT64
                && targets.size(0) == logProbabilities.size(1);
        if (!shaped) {
            throw new InputException(
                    "ctc: expected log-probabilities [T, N, classes] and class ids [N, S] INT64, received "
                            + logProbabilities.shape() + " and " + targets.shape() + " " + targets.dtype());
        }
        long classes = logProbabilities.size(2);
        if (blank < 0 || blank >= classes) {
            throw new InputException("ctc: expected a blank from 0 to " + (classes - 1) + ", received " + blank);
        }
        requireLengths("input", inputLengths, targets.size(0), logProbabilities.size(0));
        requireLengths("target", targetLengths, targets.size(0), targets.size(1));
        long[] ids = targets.toLongs();
        int width = (int) targets.size(1);
        for (int i = 0; i < targetLengths.length; i++) {
            for (int at = i * width; at < i * width + targetLengths[i]; at++) {
                if (ids[at] < 0 || ids[at] >= classes) {
                    throw new InputException("ctc: expected class ids from 0 to " + (classes - 1) + ", received "
                            + ids[at] + " in target " + i);
                }
            }
        }
    }

    private static void requireLengths(String of, long[] lengths, long n, long most) {
        if (lengths.length != n || Arrays.stream(lengths).anyMatch(length -> length < 0 || length > most)) {
            throw new InputException("ctc: expected " + n + " " + of + " lengths from 0 to " + most + ", received "
                    + Arrays.toString(lengths));
        }
    }
}
