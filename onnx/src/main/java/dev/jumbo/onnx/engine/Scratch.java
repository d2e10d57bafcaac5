package dev.jumbo.onnx.engine;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Native memory of one call, kept for the next: direct memory that is allocated for each call waits for the garbage collector. Of one
 * thread at a time.
 */
final class Scratch {
    /** What is kept at most; a call that needed more gives its memory back. */
    private static final int MOST_BYTES = 4 << 20;

    private final List<ByteBuffer> blocks = new ArrayList<>();
    private int next;

    /** A direct buffer in native order itself; the values of anything else in one of these. */
    Buffer direct(Object values) {
        if (values instanceof FloatBuffer given && given.isDirect() && given.order() == ByteOrder.nativeOrder()) {
            return given.slice();
        }
        if (values instanceof LongBuffer given && given.isDirect() && given.order() == ByteOrder.nativeOrder()) {
            return given.slice();
        }
        if (values instanceof float[] || values instanceof FloatBuffer) {
            FloatBuffer from = values instanceof float[] array ? FloatBuffer.wrap(array) : (FloatBuffer) values;
            FloatBuffer to =
                    bytes(Math.multiplyExact(Float.BYTES, from.remaining())).asFloatBuffer();
            return to.put(0, from, from.position(), from.remaining());
        }
        LongBuffer from = values instanceof long[] array ? LongBuffer.wrap(array) : (LongBuffer) values;
        LongBuffer to = bytes(Math.multiplyExact(Long.BYTES, from.remaining())).asLongBuffer();
        return to.put(0, from, from.position(), from.remaining());
    }

    /** Some neighbouring columns of a matrix. */
    FloatBuffer columns(Object values, int rows, int width, int from, int count) {
        FloatBuffer all = values instanceof float[] array ? FloatBuffer.wrap(array) : (FloatBuffer) values;
        FloatBuffer own = bytes(Math.multiplyExact(Float.BYTES, rows * count)).asFloatBuffer();
        for (int row = 0; row < rows; row++) {
            own.put(row * count, all, all.position() + row * width + from, count);
        }
        return own;
    }

    /** Memory of a size, in native order, as long as this call lasts. */
    ByteBuffer bytes(int size) {
        if (next == blocks.size()) {
            blocks.add(allocate(size));
        } else if (blocks.get(next).capacity() < size) {
            blocks.set(next, allocate(size));
        }
        return blocks.get(next++).slice(0, size).order(ByteOrder.nativeOrder());
    }

    private static ByteBuffer allocate(int size) {
        return ByteBuffer.allocateDirect(size);
    }

    /** The call is over. @return whether it is worth keeping */
    boolean giveBack() {
        next = 0;
        long held = 0;
        for (ByteBuffer block : blocks) {
            held += block.capacity();
        }
        return held <= MOST_BYTES;
    }
}
