package dev.jumbo.nn.losses;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Answer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Target;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.LossFunctions;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Connectionist temporal classification (Graves et al., 2006): the negative logarithm of the probability of a sequence of
 * labels, over all its alignments with a longer sequence of outputs, divided by the number of labels and averaged over the
 * batch; as PyTorch's {@code CTCLoss}.
 *
 * <p>Outputs are logits {@code [N, T, classes]}. Targets are class ids {@code [N, S]} INT64: the labels of an example, then
 * -1 up to S. The number of labels is the number of ids before the first -1. Where inputs differ in length, {@code
 * input_lengths} puts each one's number of valid outputs, 1 to T, in front of its labels: {@code [N, 1 + S]}.
 *
 * @param blank class id that stands for no label
 * @param inputLengths whether each target starts with the number of valid outputs; if not, all T are
 * @param zeroInfinity whether labels that do not fit into the outputs count as 0 instead of infinity
 */
@Kind("ctc")
public record Ctc(
        @Doc("Class id that stands for no label.") @Default("0")
        int blank,

        @Doc("Whether each target starts with the number of valid outputs.") @Default("false")
        boolean inputLengths,

        @Doc("Whether labels that do not fit into the outputs count as 0 instead of infinity.") @Default("false")
        boolean zeroInfinity)
        implements Loss {
    public Ctc {
        if (blank < 0) {
            throw new InputException("ctc.blank: expected a class id, received " + blank);
        }
    }

    /** @throws InputException if a target is not made as described */
    @Override
    public Tensor of(Tensor outputs, Tensor targets) {
        return compute(outputs, targets, false);
    }

    @Override
    public Tensor each(Tensor outputs, Tensor targets) {
        return compute(outputs, targets, true);
    }

    @Override
    public OptionalLong padding() {
        return OptionalLong.of(-1);
    }

    private Tensor compute(Tensor outputs, Tensor targets, boolean each) {
        int n = (int) outputs.size(0);
        int width = (int) targets.size(1);
        int first = inputLengths ? 1 : 0;
        long[] ids = targets.toLongs();
        long[] inputs = new long[n];
        long[] lengths = new long[n];
        Arrays.fill(inputs, outputs.size(1));
        for (int i = 0; i < n; i++) {
            int row = i * width;
            if (inputLengths) {
                inputs[i] = requireLength(ids[row], outputs.size(1));
            }
            lengths[i] = labels(ids, row + first, row + width, outputs.size(2));
        }
        Tensor logProbabilities = Functional.logSoftmax(outputs, -1).transpose(0, 1);
        // The padding is not read, but must be an id.
        Tensor labels = Tensor.of(ids, Shape.of(n, width))
                .narrow(1, first, width - first)
                .clamp(0, outputs.size(2) - 1)
                .to(DType.INT64)
                .contiguous();
        if (!each) {
            return LossFunctions.ctc(logProbabilities, labels, inputs, lengths, blank, zeroInfinity);
        }
        float[] share = new float[n];
        for (int i = 0; i < n; i++) {
            share[i] = 1f / Math.max(1, lengths[i]); // As the mean does.
        }
        return LossFunctions.ctcEach(logProbabilities, labels, inputs, lengths, blank, zeroInfinity)
                .mul(Tensor.of(share, Shape.of(n)).to(outputs.device()));
    }

    private static long requireLength(long length, long steps) {
        if (length < 1 || length > steps) {
            throw new InputException("ctc: expected a target to start with the number of valid outputs, 1 to " + steps
                    + ", received " + length);
        }
        return length;
    }

    private long labels(long[] ids, int from, int to, long classes) {
        int end = from;
        while (end < to && ids[end] != -1) {
            if (ids[end] < 0 || ids[end] >= classes || ids[end] == blank) {
                throw new InputException("ctc: expected labels from 0 to " + (classes - 1) + " without the blank "
                        + blank + ", then -1, received " + ids[end]);
            }
            end++;
        }
        return end - from;
    }

    @Override
    public void check(Shape outputs, Shape targets) {
        if (outputs.rank() != 2) {
            throw new ShapeException("ctc outputs", "logits [T, classes]", outputs);
        }
        if (blank >= outputs.size(1)) {
            throw new ShapeException("ctc outputs", "[T, classes] with the blank class " + blank, outputs);
        }
        if (targets.rank() != 1 || targets.size(0) < (inputLengths ? 2 : 1)) {
            throw new ShapeException(
                    "ctc targets", inputLengths ? "[1 + S]: a length, then class ids" : "class ids [S]", targets);
        }
    }

    @Override
    public Tensor predictions(Tensor outputs) {
        return Functional.softmax(outputs, -1);
    }

    @Override
    public void check(Shape outputs, Target target) {
        if (!target.ids() || target.shape().rank() != 1) {
            throw new InputException("ctc: expected a sequence of class ids [S], but " + target.described()
                    + "; write loss: " + (target.isNumbers() ? "mse for numbers" : "cross_entropy for one class"));
        }
        check(outputs, target.shape());
    }

    @Override
    public Answer answer(Target target) {
        return Answer.SEQUENCE;
    }

    @Override
    public int classAxis() {
        return -1;
    }
}
