package dev.jumbo.nn.each;

import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Gradients;
import dev.jumbo.tensor.Gradients.Reading;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Of a convolution's kernel. All examples side by side, each as a group of channels, are one convolution whose kernel's gradient
 * is those of all examples (Rochette et al., 2019); where a kernel is large and its outputs are few, norms come from the windows
 * under it as those of {@link Products}. The weighted sum is one pass of plain back-propagation, unless all are there already.
 */
public final class Kernels implements ExampleGradients {
    /** Values under a kernel. */
    private static final long FEW_UNDER = 16;

    private final Tensor output;
    private final Tensor x;
    private final Shape shape;
    private final Reading reading;
    private final long n;
    private @Nullable Tensor written;
    private @Nullable Products products;

    private Kernels(Tensor output, Tensor x, Shape shape, Reading reading) {
        this.output = Functional.toFloat32(output);
        this.x = Functional.toFloat32(x);
        this.shape = shape;
        this.reading = reading;
        n = x.size(0);
    }

    /**
     * @param output the gradient of what the convolution gave, {@code [N, out, ...]}
     * @param x what it was given, {@code [N, C, ...]}
     * @param shape of the weight
     */
    public static Kernels of(Tensor output, Tensor x, Shape shape, Reading reading) {
        return new Kernels(output, x, shape, reading);
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public long examples() {
        return n;
    }

    @Override
    public Tensor squaredNorms() {
        long values = shape.elements();
        if (!reading.transposed() && reading.groups() == 1 && shape.rank() == 4) {
            long under = values / shape.size(0);
            long positions = output.size(2) * output.size(3);
            if (under <= FEW_UNDER) {
                // Of one channel, a convolution reads too little for each place.
                products = windows(positions);
                return products.squaredNorms();
            }
            // Products of few rows run at a fraction of a convolution's speed.
            if (4 * positions * (under + shape.size(0)) < values) {
                return windows(positions).squaredNorms();
            }
        }
        if (Pieces.isOne(n, values) && values * n <= 4 * (output.elements() + x.elements())) {
            written = all();
            return Gradients.squaredNorms(written);
        }
        return Pieces.join(n, values, (from, count) -> Gradients.squaredNorms(some(from, count)));
    }

    private Products windows(long positions) {
        long[] kernel = {shape.size(2), shape.size(3)};
        Tensor under = Gradients.windows(x, kernel, reading).transpose(1, 2);
        return Products.of(output.reshape(n, output.size(1), positions).transpose(1, 2), under);
    }

    @Override
    public Tensor sum(Tensor factors) {
        if (products != null) {
            return products.sum(factors).reshape(shape.toArray());
        }
        if (written != null) {
            return Gradients.weightedSum(written, factors);
        }
        long[] each = new long[output.rank()];
        Arrays.fill(each, 1);
        each[0] = n;
        Tensor scaled = output.mul(factors.to(output.dtype()).reshape(each));
        return Gradients.convolution(scaled, x, ofShape(shape.toArray()), reading);
    }

    @Override
    public Tensor some(long from, long count) {
        long[] all = shape.toArray();
        all[0] *= count;
        Tensor gradients = Gradients.convolution(
                sideBySide(output.narrow(0, from, count)),
                sideBySide(x.narrow(0, from, count)),
                ofShape(all),
                reading.times(count));
        long[] apart = new long[all.length + 1];
        apart[0] = count;
        System.arraycopy(shape.toArray(), 0, apart, 1, shape.rank());
        return gradients.reshape(apart);
    }

    /** {@code [1, N C, ...]}. */
    private static Tensor sideBySide(Tensor x) {
        long[] sizes = x.shape().slice(1, x.rank()).toArray();
        long[] beside = new long[sizes.length + 1];
        beside[0] = 1;
        System.arraycopy(sizes, 0, beside, 1, sizes.length);
        beside[1] *= x.size(0);
        return x.contiguous().reshape(beside);
    }

    /** What tells a shape and takes no memory. */
    private Tensor ofShape(long[] sizes) {
        long[] ones = new long[sizes.length];
        Arrays.fill(ones, 1);
        return Tensor.zeros(Shape.of(ones), x.dtype()).to(x.device()).expand(sizes);
    }
}
