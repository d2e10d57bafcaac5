package dev.jumbo.train;

import dev.jumbo.data.Field;
import dev.jumbo.tensor.DType;
import java.util.List;

/** How many examples a forward pass of validation and evaluation has. */
public final class ValidationBatch {
    /** Larger than in training, but what a layer makes of it still fits the cache: 512 is a fifth slower on images. */
    private static final int EXAMPLES = 128;

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

    /** Whether a field is {@code [T, values]}, or ids {@code [T]}. */
    static boolean isSequence(Field field) {
        return field.shape().rank() == 2
                || field.dtype() == DType.INT64 && field.shape().rank() > 0;
    }
}
