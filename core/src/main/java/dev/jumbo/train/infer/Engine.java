package dev.jumbo.train.infer;

import java.util.List;

/** A network prepared for inference. Safe for several threads. Close it to free its memory. */
public interface Engine extends AutoCloseable {
    /** As logs and a server's metadata say it: {@code libtorch}, {@code onnxruntime 1.29.0}. */
    String name();

    /**
     * What the network makes of prepared inputs, as predictions: probabilities of a classifier, values otherwise.
     *
     * @param inputs for each input field row-major values of {@code rows} examples: {@code float[]} or {@link java.nio.FloatBuffer} for
     *     FLOAT32, {@code long[]} or {@link java.nio.LongBuffer} for INT64 (a buffer's from its position to its limit, which stay). All
     *     rows of a ragged input have the same number of steps here, and every step is real
     * @return for each output a row-major array of its own, {@code rows} examples long
     */
    List<float[]> run(List<?> inputs, int rows);

    /** Bytes that it holds outside the Java heap, or -1 where that is not known. */
    default long residentBytes() {
        return -1;
    }

    @Override
    void close();
}
