package dev.jumbo.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is done to raw inputs before they reach the network: fitted on the training split alone, saved in {@code
 * model.json}, applied again when predicting and serving. Implementations are records with a {@link
 * dev.jumbo.config.Kind}.
 */
public interface Preprocessing {
    /** The input fields that the network sees, for the raw ones of a dataset. */
    List<Field> outputs(List<Field> raw);

    /**
     * Turns the raw values of the first input of one example into what the network takes. Both arrays may be the same
     * where raw and prepared shapes are equal.
     *
     * @param raw row-major values of the raw field, from {@code rawOffset}
     * @param out receives the values of the prepared field, from {@code outOffset}
     */
    void apply(float[] raw, int rawOffset, float[] out, int outOffset);

    /**
     * As {@link #apply(float[], int, float[], int)}, for raw values in double precision (FLOAT64 fields): what is computed
     * is rounded to float32 once, at the end. By default the raw values are rounded first.
     */
    default void apply(double[] raw, int rawOffset, float[] out, int outOffset) {
        float[] rounded = new float[raw.length - rawOffset];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) raw[rawOffset + i];
        }
        apply(rounded, 0, out, outOffset);
    }

    /** What is done to one input: by default this to the first, nothing to the others. @param input its position @return null for nothing */
    default @Nullable Preprocessing of(int input) {
        return input == 0 ? this : null;
    }

    /** Raw values as they are. @param values how many an example has */
    static Preprocessing none(int values) {
        return new NoPreprocessing(values);
    }
}
