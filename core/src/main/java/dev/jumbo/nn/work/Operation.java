package dev.jumbo.nn.work;

/**
 * One thing that the engine runs in a forward pass, and again backwards: its work and what stays in memory, for one
 * example.
 *
 * @param path the layer it belongs to, {@code layers.0}, or a part of it; empty seen from the layer itself
 * @param kind what calibration measures it as: {@code conv2d}, {@code relu}
 * @param size what its speed depends on
 * @param flops floating-point operations of the forward pass; a multiply-add counts as two
 * @param parameters values that training changes
 * @param buffers values that are saved but not trained
 * @param inputs values that it reads
 * @param outputs values that it makes
 * @param kept what stays in memory
 */
public record Operation(
        String path,
        String kind,
        Size size,
        double flops,
        long parameters,
        long buffers,
        long inputs,
        long outputs,
        Kept kept) {

    /**
     * A matrix product of {@code [rows, inner]} and {@code [inner, outer]}, or a pass over memory with one inner and outer.
     *
     * @param rows of one example: positions of an image or steps of a sequence; values, for a pass over memory
     * @param inner values that are multiplied and added for one result
     * @param outer results of one row
     */
    public record Size(long rows, long inner, long outer) {
        public static Size values(long values) {
            return new Size(values, 1, 1);
        }

        /** Whether it is a product, whose backward pass is two products. */
        public boolean isProduct() {
            return inner > 1 || outer > 1;
        }

        public double flops() {
            return 2.0 * rows * inner * outer;
        }
    }

    /**
     * What one example holds until the end of the step, where the scope of the step ends, and what autograd alone holds
     * until the operation's backward pass.
     *
     * @param values results, in the type of the computation (4 bytes, or 2 in bf16)
     * @param bytes results of a fixed type
     * @param savedValues held by autograd alone, in the type of the computation
     * @param savedBytes held by autograd alone, of a fixed type, such as the indices of a pooling
     */
    public record Kept(long values, long bytes, long savedValues, long savedBytes) {
        public static final Kept NOTHING = new Kept(0, 0, 0, 0);

        public static Kept values(long values) {
            return new Kept(values, 0, 0, 0);
        }

        public Kept andSaved(long moreValues, long moreBytes) {
            return new Kept(values, bytes, savedValues + moreValues, savedBytes + moreBytes);
        }

        public long scopeBytes(int width) {
            return values * width + bytes;
        }

        public long savedBytes(int width) {
            return savedValues * width + savedBytes;
        }
    }

    /** A product {@code [rows, inner] x [inner, outer]} whose result is new. */
    public static Operation product(String path, String kind, long inputs, Size size) {
        long outputs = size.rows() * size.outer();
        return new Operation(path, kind, size, size.flops(), 0, 0, inputs, outputs, Kept.values(outputs));
    }

    /** A pass over memory, of about one operation a value. */
    public static Operation pass(String path, String kind, long inputs, long outputs, Kept kept) {
        return new Operation(
                path,
                kind,
                Size.values(Math.max(inputs, outputs)),
                Math.max(inputs, outputs),
                0,
                0,
                inputs,
                outputs,
                kept);
    }

    /** The same seen from a container. @param container its path there; empty if none */
    public Operation within(String container) {
        String inside = container.isEmpty() ? path : path.isEmpty() ? container : container + "." + path;
        return new Operation(inside, kind, size, flops, parameters, buffers, inputs, outputs, kept);
    }

    public Operation withFlops(double other) {
        return new Operation(path, kind, size, other, parameters, buffers, inputs, outputs, kept);
    }

    public Operation withParameters(long trained, long saved) {
        return new Operation(path, kind, size, flops, trained, saved, inputs, outputs, kept);
    }

    public Operation withKept(Kept other) {
        return new Operation(path, kind, size, flops, parameters, buffers, inputs, outputs, other);
    }

    public boolean isProduct() {
        return size.isProduct();
    }
}
