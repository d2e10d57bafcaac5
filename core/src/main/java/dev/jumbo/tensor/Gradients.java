package dev.jumbo.tensor;

import dev.jumbo.error.Shown;
import java.util.List;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.global.torch;

/** Formulas of back-propagation by themselves: what autograd computes for the weights of an operation, and the products that it is made of. */
public final class Gradients {
    private static final long NORM_BLOCK = 2048;
    private static final long[] NONE = {};
    private static final long[] ONE = {1, 1};
    private static final long[] ZERO = {0, 0};

    private Gradients() {}

    /**
     * How a convolution reads its input. Sizes have one number for each spatial dimension.
     *
     * @param transposed whether it is the gradient of a convolution used as a layer, with weights {@code [C, out / groups, ...]}
     * @param outputPadding what a transposed one adds at the end; zeros otherwise
     */
    public record Reading(
            long[] stride, long[] padding, long[] dilation, boolean transposed, long[] outputPadding, long groups) {
        /** Of a convolution that is not transposed. */
        public static Reading of(long[] stride, long[] padding, long[] dilation, long groups) {
            return new Reading(stride, padding, dilation, false, new long[stride.length], groups);
        }

        /** The same over so many times as many groups. */
        public Reading times(long more) {
            return new Reading(stride, padding, dilation, transposed, outputPadding, groups * more);
        }

        @Override
        public String toString() {
            return "stride " + Shown.of(stride) + ", padding " + Shown.of(padding) + ", dilation " + Shown.of(dilation)
                    + (transposed ? ", transposed with " + Shown.of(outputPadding) : "") + ", groups " + groups;
        }
    }

    /**
     * The gradient of a convolution's weight.
     *
     * @param output the gradient of its output, {@code [N, out, ...]}
     * @param x its input, {@code [N, C, ...]}
     * @param weight any tensor of the weight's shape and type; its values are not read
     */
    public static Tensor convolution(Tensor output, Tensor x, Tensor weight, Reading reading) {
        try (BoolPointer wanted = new BoolPointer(3)) {
            wanted.put(0, false).put(1, true).put(2, false);
            return Tensor.wrap(torch.convolution_backward(
                            output.handle(),
                            x.handle(),
                            weight.handle(),
                            NONE,
                            reading.stride(),
                            reading.padding(),
                            reading.dilation(),
                            reading.transposed(),
                            reading.outputPadding(),
                            reading.groups(),
                            wanted)
                    .get1());
        }
    }

    /** What windows over {@code [N, C, H, W]} hold, {@code [N, C * kernel, positions]}. */
    public static Tensor windows(Tensor x, long[] kernel, Reading reading) {
        return Tensor.wrap(torch.im2col(x.handle(), kernel, reading.dilation(), reading.padding(), reading.stride()));
    }

    /**
     * {@code output^T x}: the gradient of the weight {@code [out, in]} of a dense layer. In fp32 it runs as that of a 1x1
     * convolution, as {@link Functional#linear} does.
     *
     * @param output {@code [rows, out]}
     * @param x {@code [rows, in]}
     */
    public static Tensor linear(Tensor output, Tensor x) {
        long rows = x.size(0);
        long in = x.size(1);
        long out = output.size(1);
        if (x.dtype() != DType.FLOAT32 || rows < 8 || out < 16 || x.handle().is_cuda()) {
            return Tensor.wrap(output.handle().t().matmul(x.handle()));
        }
        Tensor image = x.reshape(1, 1, rows, in).permute(0, 3, 1, 2);
        Tensor gradient = output.reshape(1, 1, rows, out).permute(0, 3, 1, 2);
        Tensor weight = Tensor.zeros(Shape.of(1)).expand(out, in, 1, 1);
        return convolution(gradient, image, weight, Reading.of(ONE, ZERO, ONE, 1))
                .reshape(out, in);
    }

    /** Products of matrices, one for each of a batch: {@code [B, n, m]} and {@code [B, m, p]} give {@code [B, n, p]}. */
    public static Tensor bmm(Tensor a, Tensor b) {
        return Tensor.wrap(a.handle().bmm(b.handle()));
    }

    /** Row i of the result is the sum of the rows of {@code x} whose id is i. @param ids {@code [rows of x]}, INT64 */
    public static Tensor sumById(Tensor x, Tensor ids, long count) {
        long[] shape = x.shape().toArray();
        shape[0] = count;
        Tensor sums = Tensor.zeros(Shape.of(shape), x.dtype()).to(x.device());
        sums.handle().index_add_(0, ids.handle(), x.handle());
        return sums;
    }

    /** The different values of a vector, ascending, and for each of its elements the index of its value. */
    public static List<Tensor> distinct(Tensor values) {
        var found = torch.unique_dim(values.handle(), 0, true, true, false);
        return List.of(Tensor.wrap(found.get0()), Tensor.wrap(found.get1()));
    }

    /** Whole numbers divided and rounded down. */
    public static Tensor quotient(Tensor x, long by) {
        return Tensor.wrap(x.handle().floor_divide(new Scalar(by)));
    }

    /** The sum of the squares of each row, all dimensions behind the first together: {@code [N]}. */
    public static Tensor squaredNorms(Tensor x) {
        if (x.elements() == 0) {
            return Tensor.zeros(Shape.of(x.size(0)), x.dtype()).to(x.device());
        }
        long n = x.size(0);
        long columns = x.elements() / n;
        Tensor rows = x.reshape(n, columns);
        if (columns <= 2 * NORM_BLOCK) {
            return squares(rows, 1);
        }
        // libtorch adds squares up one by one: of millions in fp32, the norm would be off by 1e-4.
        long blocks = columns / NORM_BLOCK;
        Tensor sums = squares(rows.narrow(1, 0, blocks * NORM_BLOCK).reshape(n, blocks, NORM_BLOCK), 2)
                .sum(false, 1);
        long rest = columns - blocks * NORM_BLOCK;
        return rest == 0 ? sums : sums.add(squares(rows.narrow(1, columns - rest, rest), 1));
    }

    private static Tensor squares(Tensor x, long dim) {
        return Tensor.wrap(torch.linalg_vector_norm(
                        x.handle(), new Scalar(2.0), new long[] {dim}, false, new ScalarTypeOptional()))
                .pow(2);
    }

    /** {@code sum_i factors_i x_i} over the first dimension. @param factors {@code [N]} */
    public static Tensor weightedSum(Tensor x, Tensor factors) {
        long[] shape = x.shape().slice(1, x.rank()).toArray();
        long n = x.size(0);
        Tensor rows = x.reshape(n, n == 0 ? 0 : x.elements() / n);
        return Tensor.wrap(rows.handle().t().mv(factors.to(x.dtype()).handle())).reshape(shape);
    }
}
