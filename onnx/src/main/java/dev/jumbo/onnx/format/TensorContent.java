package dev.jumbo.onnx.format;

import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;

/** The bytes of a constant, little-endian and in row-major order, made when they are written. */
@FunctionalInterface
public interface TensorContent {
    /** Values of one block. */
    int BLOCK = 1 << 16;

    /** Takes the bytes of a constant, block after block. */
    @FunctionalInterface
    interface Sink {
        void accept(byte[] bytes, int length) throws IOException;
    }

    void writeTo(Sink sink) throws IOException;

    /** Of a tensor of numbers that is read when it is written, as FLOAT, and freed then. */
    static TensorContent of(Supplier<Tensor> tensor) {
        return sink -> {
            float[] values;
            try (Scope scope = Scope.open()) {
                values = tensor.get().toFloats();
            }
            ByteBuffer block = ByteBuffer.allocate(Float.BYTES * Math.min(BLOCK, Math.max(1, values.length)))
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (int from = 0; from < values.length; from += BLOCK) {
                int length = Math.min(BLOCK, values.length - from);
                block.clear();
                block.asFloatBuffer().put(values, from, length);
                sink.accept(block.array(), Float.BYTES * length);
            }
        };
    }

    static TensorContent of(byte[] bytes) {
        return sink -> sink.accept(bytes, bytes.length);
    }

    static TensorContent of(long... values) {
        ByteBuffer bytes = buffer(Long.BYTES * values.length);
        bytes.asLongBuffer().put(values);
        return of(bytes.array());
    }

    static TensorContent of(int... values) {
        ByteBuffer bytes = buffer(Integer.BYTES * values.length);
        bytes.asIntBuffer().put(values);
        return of(bytes.array());
    }

    static TensorContent of(float... values) {
        ByteBuffer bytes = buffer(Float.BYTES * values.length);
        bytes.asFloatBuffer().put(values);
        return of(bytes.array());
    }

    static TensorContent of(double... values) {
        ByteBuffer bytes = buffer(Double.BYTES * values.length);
        bytes.asDoubleBuffer().put(values);
        return of(bytes.array());
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
