package dev.jumbo.tensor;

import java.util.Arrays;
import org.bytedeco.pytorch.global.torch;

/**
 * Cross-entropy of class ids, {@code -mean_i log softmax(x_i)_{t_i}}, of so many values that copies of all of them count: of GPT-2's
 * 50,257 tokens and 1,024 steps each takes 206 MB. Plain autograd holds four at once: the logits, their log-softmax, and the gradients of
 * both. Here rows are taken by pieces that fit into the caches, and a piece's gradient is made right behind its loss, by the same kernels in
 * the same order: the logits, the gradient and what the chain rule makes of it are there, and nothing else.
 *
 * <p>The loss has the bits of {@link Functional#crossEntropy}, and so has the gradient where that of the loss is 1; otherwise it is multiplied
 * by that at the end and not at the beginning, which differs in the last bit.
 */
public final class EntropyByPieces {
    /** Values from which on it is worth it: 32 MB. */
    static final long WORTH = 1L << 23;

    /** Values of a piece: 8 MB. */
    private static final long PIECE = 1L << 21;

    private static final long IGNORED = -100;

    private EntropyByPieces() {}

    /** Whether these logits are recorded, in fp32 in main memory, and many. @param logits {@code [N, classes]} */
    public static boolean isWorthIt(Tensor logits) {
        return isWorthIt(logits, WORTH);
    }

    static boolean isWorthIt(Tensor logits, long values) {
        return logits.rank() == 2
                && logits.elements() >= values
                && logits.requiresGrad()
                && Autograd.isOn()
                && logits.dtype() == DType.FLOAT32
                && logits.device().equals(Device.CPU)
                && logits.isContiguous();
    }

    /**
     * The mean over the rows that count, a scalar that gradients flow through.
     *
     * @param logits {@code [N, classes]}, see {@link #isWorthIt}
     * @param ids {@code [N]} INT64, of which {@code ignoreIndex} does not count; one of them counts
     */
    public static Tensor mean(Tensor logits, Tensor ids, long ignoreIndex) {
        return mean(logits, ids, ignoreIndex, PIECE);
    }

    static Tensor mean(Tensor logits, Tensor ids, long ignoreIndex, long piece) {
        long[] targets = ids.toLongs();
        long counted = Arrays.stream(targets).filter(id -> id != ignoreIndex).count();
        if (counted == 0) {
            return Functional.crossEntropy(logits, ids, null, ignoreIndex, 0);
        }
        long rows = logits.size(0);
        long atOnce = Math.max(1, piece / logits.size(1));
        try (Scope scope = Scope.open()) {
            Tensor gradient = Tensor.empty(logits.shape(), DType.FLOAT32);
            float[] losses = new float[targets.length];
            for (long from = 0; from < rows; from += atOnce) {
                long count = Math.min(atOnce, rows - from);
                try (Scope one = Scope.open()) {
                    Tensor x = logits.detach().narrow(0, from, count).requiresGrad(true);
                    Tensor each = Functional.crossEntropyEach(x, ids.narrow(0, from, count), null, ignoreIndex, 0);
                    each.backward(Tensor.full(Shape.of(count), 1f / counted, DType.FLOAT32));
                    System.arraycopy(each.toFloats(), 0, losses, (int) from, (int) count);
                    gradient.narrow(0, from, count).copy_(x.grad());
                }
            }
            // What is saved for the backward pass is the gradient alone; the sum itself means nothing.
            Tensor loss = Tensor.wrap(logits.reshape(logits.elements())
                    .handle()
                    .dot(gradient.reshape(logits.elements()).handle()));
            loss.detach().copy_(mean(losses, targets, ignoreIndex));
            return scope.keep(loss);
        }
    }

    /** As libtorch adds them up, which is neither one by one nor in pairs. */
    private static Tensor mean(float[] losses, long[] targets, long ignoreIndex) {
        float[] logs = new float[losses.length];
        long[] first = new long[losses.length];
        for (int i = 0; i < losses.length; i++) {
            logs[i] = -losses[i];
            first[i] = targets[i] == ignoreIndex ? IGNORED : 0;
        }
        return Tensor.wrap(torch.nll_loss(
                Tensor.of(logs, Shape.of(logs.length, 1)).handle(),
                Tensor.of(first, Shape.of(first.length)).handle(),
                Native.NONE,
                1,
                IGNORED));
    }
}
