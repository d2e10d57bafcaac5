package dev.jumbo.nn.layers.sequence;

import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/** At which positions the steps of a pass are. */
public final class Positions {
    private Positions() {}

    /** Those that are given, {@code [N, T]}; otherwise {@code [T]}, from 0 or on from what a cache has kept. */
    public static Tensor of(Tensors xs, Pass pass, long steps) {
        @Nullable Tensor given = given(xs, steps);
        if (given != null) {
            return given;
        }
        long from = first(pass);
        long[] positions = new long[(int) steps];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = from + i;
        }
        return Tensor.of(positions, Shape.of(steps)).to(xs.main().device());
    }

    /** The first position where none are given. */
    public static long first(Pass pass) {
        return pass.cache() == null ? 0 : pass.cache().length();
    }

    public static @Nullable Tensor given(Tensors xs, long steps) {
        @Nullable Tensor given = xs.get(Masks.POSITIONS);
        if (given == null) {
            return null;
        }
        Shape expected = Shape.of(xs.main().size(0), steps);
        if (given.dtype().isFloating() || !given.shape().equals(expected)) {
            throw new ShapeException(Masks.POSITIONS, "INT64 " + expected, given.dtype() + " " + given.shape());
        }
        return given;
    }
}
