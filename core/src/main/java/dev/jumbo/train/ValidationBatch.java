package dev.jumbo.train;

import dev.jumbo.data.Field;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import java.util.List;

/** How many examples a forward pass of validation and evaluation has. */
public final class ValidationBatch {
    /** Larger than in training, but what a layer makes of it still fits the cache: 512 is a fifth slower on images. */
    private static final int EXAMPLES = 128;

    /** Bytes of a batch's outputs, beside which the loss holds as much again: a few sequences of a large vocabulary. */
    private static final long OUTPUT_BYTES = 256L << 20;

    private ValidationBatch() {}

    /**
     * The setting, or by default 128 examples for each worker; of sequences, whose memory grows with their length, as many as
     * a training batch has, if these are fewer.
     *
     * @param inputs of one example
     * @return examples of all workers together
     */
    public static int of(TrainConfig config, List<Field> inputs, int workers) {
        if (config.validationBatchSize() != null) {
            return config.validationBatchSize();
        }
        int usual = Math.multiplyExact(EXAMPLES, workers);
        return inputs.stream().anyMatch(ValidationBatch::isSequence) ? Math.min(usual, config.batchSize()) : usual;
    }

    /**
     * As {@link #of(TrainConfig, List, int)}, and by default so few that the outputs of a worker's part take 256 MB at most: of a
     * language model one may be 200 MB for one example.
     *
     * @param outputs of the network, for one example
     */
    public static int of(TrainConfig config, List<Field> inputs, List<Shape> outputs, int workers) {
        int usual = of(config, inputs, workers);
        return config.validationBatchSize() != null ? usual : (int) Math.min(usual, (long) workers * examples(outputs));
    }

    /** How many examples have outputs of 256 MB, 1 or more. */
    static int examples(List<Shape> outputs) {
        long bytes = outputs.stream().mapToLong(Shape::elements).sum() * Float.BYTES;
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, OUTPUT_BYTES / Math.max(1, bytes)));
    }

    /** Whether a field is {@code [T, values]}, or ids {@code [T]}. */
    static boolean isSequence(Field field) {
        return field.shape().rank() == 2
                || field.dtype() == DType.INT64 && field.shape().rank() > 0;
    }
}
