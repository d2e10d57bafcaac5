package dev.jumbo.train;

import dev.jumbo.data.Field;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A checkpoint that answers. Safe for several threads. Close it to free its memory. */
public interface Predictor extends AutoCloseable {
    /** Loads a checkpoint's model. */
    static Predictor of(Checkpoint checkpoint) {
        return new ModelPredictor(checkpoint);
    }

    /** Input fields as callers give them (raw: before preprocessing). */
    List<Field> rawInputs();

    /** Input fields as the network takes them. */
    List<Field> inputs();

    /** Output fields: probabilities with class names for a classifier, values otherwise. */
    List<Field> outputs();

    /**
     * Answers for prepared inputs.
     *
     * @param inputs a row-major array for each input field, {@code rows} examples long: float[] for FLOAT32, long[] for INT64
     * @return for each output a row-major float[] of {@code rows} predictions
     * @throws dev.jumbo.error.InputException if a length does not fit
     */
    List<float[]> predict(List<?> inputs, int rows);

    /** The raw input's float values turned into prepared ones, by the saved preprocessing; the argument is not changed. */
    float[] prepare(float[] raw);

    /**
     * As {@link #prepare(float[])}, for raw values in double precision, which a model of FLOAT64 inputs (a table's) needs:
     * times and prices differ in digits that float32 does not have.
     */
    default float[] prepare(double[] raw) {
        float[] rounded = new float[raw.length];
        for (int i = 0; i < raw.length; i++) {
            rounded[i] = (float) raw[i];
        }
        return prepare(rounded);
    }

    /** Names of the classes, or null for a model that does not classify. */
    default @Nullable List<String> classes() {
        List<String> names = outputs().get(0).classes();
        return names.isEmpty() ? null : names;
    }

    @Override
    void close();
}
