package dev.jumbo.nn;

import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.Objects;

/** Padded sequences with their channels first, {@code [N, C, L]}, and a mask {@code [N, L]}. */
public final class PaddedChannels {
    /** Below whatever a network computes, and far enough from the end of its type. */
    private static final double LOWEST = -1e30;

    /** More steps than there are. */
    private static final double MANY = 1e30;

    private PaddedChannels() {}

    /** Whether a mask is given that is of the main input: one of as many steps. */
    public static boolean isPadded(Specs in) {
        Shape shape = in.main().shape();
        return in.has(Masks.MASK)
                && shape.rank() == 2
                && in.require(Masks.MASK).shape().equals(Shape.of(shape.size(1)))
                && in.require(Masks.MASK).varies() == in.main().varies(1);
    }

    /** 1 at real steps, 0 at others, {@code [N, 1, L]} in the main input's type. @throws ShapeException if the mask does not fit */
    public static Tensor real(Tensors xs) {
        Tensor mask = Objects.requireNonNull(Masks.of(xs, xs.main().size(2)));
        return mask.unsqueeze(1).to(xs.main().dtype());
    }

    /** The mean over real steps, {@code [N, C]}; 0 where there are none. */
    public static Tensor mean(Tensor x, Tensor real) {
        // In bf16 a count above 256 would not be exact.
        Tensor wide = Functional.toFloat32(real);
        Tensor mean = Functional.toFloat32(x)
                .mul(wide)
                .sum(false, 2)
                .div(wide.sum(false, 2).clamp(1, MANY));
        return mean.dtype() == x.dtype() ? mean : mean.to(x.dtype());
    }

    /** The largest over real steps, {@code [N, C]}; 0 where there are none. */
    public static Tensor max(Tensor x, Tensor real) {
        Tensor some = real.sum(false, 2).clamp(0, 1);
        return x.mul(real).add(real.sub(1).mul(-LOWEST)).amax(false, 2).mul(some);
    }
}
