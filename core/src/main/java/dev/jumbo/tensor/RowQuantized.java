package dev.jumbo.tensor;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A matrix of small whole numbers with a scale for each row: {@code w = s q}, with {@code s = max |w| / m} over the row and
 * {@code q = round(w / s)} from -m to m, m = 127 in 8 bits and 7 in 4; two of 4 bits share a byte. An error of at most {@code
 * s / 2} for each value.
 *
 * <p>Scales have 16 significant bits, so that {@code s q} is exact in fp32, and a matrix that is quantized, read and quantized
 * again gives the same bits. Close it to free its memory.
 */
public final class RowQuantized implements AutoCloseable {
    /** How many bits a value takes. */
    public enum Bits {
        EIGHT(127),
        FOUR(7);

        private final int most;

        Bits(int most) {
            this.most = most;
        }
    }

    /** Splits 24 significant bits into 16 and the rest (Veltkamp, 1968): 2^8 + 1. */
    private static final double SPLIT = 257;

    private static final int OFFSET = 8;
    private static final int NIBBLE = 4;

    private final Bits bits;
    private final Shape shape;
    private final Tensor whole;
    private final Tensor scales;

    private RowQuantized(Bits bits, Shape shape, Tensor whole, Tensor scales) {
        this.bits = bits;
        this.shape = shape;
        this.whole = whole;
        this.scales = scales;
    }

    /** @param matrix {@code [rows, columns]}, FLOAT32 */
    public static RowQuantized of(Tensor matrix, Bits bits) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            Tensor largest = matrix.elements() == 0
                    ? Tensor.zeros(Shape.of(matrix.size(0), 1)).to(matrix.device())
                    : matrix.abs().amax(true, 1).div(bits.most);
            Tensor wide = largest.mul(SPLIT);
            Tensor scale = wide.sub(wide.sub(largest));
            // A row of zeros has no scale: any gives zeros.
            Tensor safe = scale.add(
                    scale.eq(Tensor.zeros(Shape.of()).to(matrix.device())).to(DType.FLOAT32));
            Tensor rounded = Tensor.wrap(matrix.div(safe).handle().round()).clamp_(-bits.most, bits.most);
            Tensor packed = bits == Bits.EIGHT ? rounded.to(DType.INT8) : pack(rounded);
            return new RowQuantized(bits, matrix.shape(), packed.retain(), safe.retain());
        }
    }

    /** Two neighbours of the flat values in a byte, the first in the lower half. */
    private static Tensor pack(Tensor rounded) {
        Tensor flat = rounded.add(OFFSET).flatten(0, 1);
        if (flat.elements() % 2 == 1) {
            flat = Tensor.cat(java.util.List.of(flat, Tensor.zeros(Shape.of(1)).to(flat.device())), 0);
        }
        Tensor pairs = flat.view(flat.elements() / 2, 2);
        return pairs.select(1, 0).add(pairs.select(1, 1).mul(1 << NIBBLE)).to(DType.UINT8);
    }

    /** {@code s q} for all values, {@code [rows, columns]}, FLOAT32, in the caller's scope. */
    public Tensor values() {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            Tensor numbers = bits == Bits.EIGHT ? whole.to(DType.FLOAT32) : unpack();
            return scope.keep(numbers.mul_(scales));
        }
    }

    private Tensor unpack() {
        return unpacked(whole, shape.elements()).view(shape.toArray());
    }

    /** The first values of bytes that have two each, {@code [count]}, FLOAT32. */
    private static Tensor unpacked(Tensor bytes, long count) {
        var low = bytes.handle().bitwise_and(new Scalar((1 << NIBBLE) - 1));
        var high = bytes.handle().bitwise_right_shift(new Scalar(NIBBLE));
        Tensor flat = Tensor.wrap(torch.stack(new TensorVector(low, high), 1)).flatten(0, 1);
        return flat.narrow(0, 0, count).to(DType.FLOAT32).sub(OFFSET);
    }

    /** The whole numbers {@code q}, {@code [rows, columns]}, INT8, in the caller's scope. */
    public Tensor numbers() {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            return scope.keep(bits == Bits.EIGHT ? whole.copy() : unpack().to(DType.INT8));
        }
    }

    /** The scales {@code s}, {@code [rows]}, FLOAT32, in the caller's scope. */
    public Tensor scales() {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            return scope.keep(scales.copy().view(scales.elements()));
        }
    }

    /** Whole numbers from -7 to 7, two in a byte: {@code [(count + 1) / 2]}, UINT8, {@code (a + 8) + 16 (b + 8)} of neighbours a and b. */
    public static Tensor packed(Tensor numbers) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            return scope.keep(pack(numbers.to(DType.FLOAT32).reshape(1, numbers.elements())));
        }
    }

    /**
     * {@code s q}, FLOAT32, of what files have.
     *
     * @param numbers INT8 in the shape of the values, or UINT8 as {@link #packed} makes them
     * @param scales one a row, the first dimension of the shape
     */
    public static Tensor values(Tensor numbers, Tensor scales, Shape shape) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            long rows = scales.elements();
            Tensor all =
                    numbers.dtype() == DType.UINT8 ? unpacked(numbers, shape.elements()) : numbers.to(DType.FLOAT32);
            return scope.keep(all.reshape(rows, shape.elements() / Math.max(1, rows))
                    .mul(scales.view(rows, 1))
                    .reshape(shape.toArray()));
        }
    }

    @Override
    public void close() {
        whole.close();
        scales.close();
    }
}
