package dev.jumbo.serve.model;

import dev.jumbo.data.Field;
import dev.jumbo.data.image.Images;
import dev.jumbo.error.InputException;

/** Turns the body of a {@code predict} request into the raw values of one example, as a dataset would give them. */
@FunctionalInterface
public interface RawReader {
    /** Channels, rows, columns. */
    int IMAGE_RANK = 3;

    /**
     * Reads one example.
     *
     * @param body an encoded image, or JSON
     * @param raw the model's first raw input, whose shape the values must have
     * @return row-major values
     * @throws InputException if the body is not what it should be
     */
    double[] read(byte[] body, Field raw);

    /**
     * What a body holds.
     *
     * @param values row-major, of all examples
     * @param rows number of examples
     * @param list whether a list of answers is expected
     */
    @SuppressWarnings("ArrayRecordComponent") // On its way to the network.
    record Examples(double[] values, int rows, boolean list) {}

    /** Reads one example or, where the form has a way to say so, a list of them. */
    default Examples readAll(byte[] body, Field raw) {
        return new Examples(read(body, raw), 1, false);
    }

    /** A JSON list of numbers, {@code [5.1, 3.5, 1.4, 0.2]}, nested in any way, or a list of such examples. */
    static RawReader numbers() {
        return new NumberReader();
    }

    /** PNG or JPEG, where the model takes them; refuses them otherwise. @param raw the model's first raw input @param table whether it takes rows of one */
    static RawReader images(Field raw, boolean table) {
        if (raw.shape().rank() == IMAGE_RANK) {
            return (body, field) -> {
                float[] pixels = Images.example(body, field);
                double[] values = new double[pixels.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = pixels[i];
                }
                return values;
            };
        }
        return refusing(
                table
                        ? "a JSON object with the columns, or a list of such objects"
                        : "a JSON list of " + raw.elements() + " numbers");
    }

    /** Says that the model does not take this kind of body. @param expected what it takes instead */
    static RawReader refusing(String expected) {
        return (body, raw) -> {
            throw new InputException("expected " + expected + ": the model does not take this kind of body");
        };
    }
}
