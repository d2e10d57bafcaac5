package dev.jumbo.models.imports;

import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.function.BiFunction;

/** Tensors of FLOAT32 whose values are computed piece by piece, so that a large one is in memory once. */
public final class FloatPieces {
    private static final int PIECE = 1 << 22;

    private FloatPieces() {}

    /**
     * @param block values that are computed together
     * @param piece gives values from a place on: the first one and how many, multiples of the block
     */
    public static Tensor of(Shape shape, int block, BiFunction<Long, Integer, float[]> piece) {
        long all = shape.elements();
        if (all <= PIECE) {
            return Tensor.of(piece.apply(0L, (int) all), shape);
        }
        int size = Math.max(1, PIECE / block) * block;
        Tensor made = Tensor.empty(Shape.of(all), DType.FLOAT32);
        for (long from = 0; from < all; from += size) {
            int count = (int) Math.min(size, all - from);
            try (Tensor next = Tensor.of(piece.apply(from, count), Shape.of(count))) {
                made.narrow(0, from, count).copy_(next);
            }
        }
        return made.view(shape.toArray());
    }

    /**
     * Rows of a projection whose pairs of rotary positions are neighbours, as Meta's and llama.cpp's are, in the order in which the pair of row i of a
     * head is row {@code i + d / 2}, as Hugging Face's and ours are.
     *
     * @param heads of the projection
     * @param x {@code [heads * d, D]}, or a bias {@code [heads * d]}
     */
    public static Tensor halves(Tensor x, int heads) {
        long half = x.size(0) / heads / 2;
        long width = x.elements() / x.size(0);
        return x.contiguous()
                .view(heads, half, 2, width)
                .transpose(1, 2)
                .reshape(x.shape().toArray());
    }
}
