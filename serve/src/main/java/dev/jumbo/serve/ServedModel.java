package dev.jumbo.serve;

import dev.jumbo.data.Field;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.Predictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model as the server sees it: a name, a version and a {@link Predictor}. Callers send raw values, as they stand in
 * the data; the preprocessing that was saved with the model is applied here, so nobody has to repeat it.
 *
 * @param name letters, digits and {@code . _ -}, at most 64
 * @param version likewise
 * @param images reads the image that {@code predict} is sent
 * @param rows reads the JSON that {@code predict} is sent
 */
public record ServedModel(String name, String version, Predictor predictor, RawReader images, RawReader rows) {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    /** @throws InputException if the name or the version can't stand in a path */
    public ServedModel {
        for (String part : List.of(name, version)) {
            if (!part.matches(NAME)) {
                throw new InputException(
                        "expected a model name and version that match " + NAME + ", received \"" + part + "\"");
            }
        }
    }

    /** Inputs as callers send them. */
    List<Field> inputs() {
        return predictor.rawInputs();
    }

    List<Field> outputs() {
        return predictor.outputs();
    }

    /** The answer to one example of the first input, for each output. */
    List<float[]> predictOne(double[] raw) {
        if (inputs().size() != 1) {
            throw new InputException("expected an infer request: this model has " + inputs().size() + " inputs");
        }
        return checked(predictor.predict(List.of(predictor.prepare(raw)), 1));
    }

    /**
     * Number of examples in a request whose inputs fit the model.
     *
     * @throws InputException if an input is missing, unknown, given twice, or of another shape
     */
    int rows(InferRequest request) {
        Map<String, InferRequest.Input> given = new LinkedHashMap<>();
        List<String> known = inputs().stream().map(Field::name).toList();
        for (InferRequest.Input input : request.inputs()) {
            if (!known.contains(input.name())) {
                throw new InputException("unknown input \"" + input.name() + "\"" + Nearest.hint(input.name(), known));
            }
            if (given.put(input.name(), input) != null) {
                throw new InputException("the input \"" + input.name() + "\" is given twice");
            }
        }
        long rows = -1;
        for (Field field : inputs()) {
            InferRequest.Input input = given.get(field.name());
            if (input == null) {
                throw new InputException("the input \"" + field.name() + "\" is missing");
            }
            long[] shape = input.shape();
            if (shape.length == 0
                    || shape[0] < 1
                    || (rows >= 0 && shape[0] != rows)
                    || !Shape.of(shape).slice(1, shape.length).equals(field.shape())) {
                throw new InputException("input \"" + field.name() + "\": expected the shape "
                        + field.shape()
                                .toString()
                                .replaceFirst("\\[", field.shape().rank() == 0 ? "[N" : "[N, ")
                        + " with N of " + (rows < 0 ? "1 or more" : "" + rows) + ", received "
                        + Arrays.toString(shape));
            }
            rows = shape[0];
        }
        return Math.toIntExact(rows);
    }

    /** The answers to a request that {@link #rows} has accepted, for each output. */
    List<float[]> predict(InferRequest request, int rows) {
        List<Object> prepared = new ArrayList<>();
        for (int i = 0; i < inputs().size(); i++) {
            Field field = inputs().get(i);
            Elements elements = request.inputs().stream()
                    .filter(input -> input.name().equals(field.name()))
                    .findFirst()
                    .orElseThrow()
                    .elements();
            if (field.dtype() == DType.INT64) {
                prepared.add(longs(elements));
            } else {
                prepared.add(i == 0 ? prepare(elements, rows) : floats(elements, 0, elements.size()));
            }
        }
        return checked(predictor.predict(prepared, rows));
    }

    /** The first input, each example through the saved preprocessing. */
    private float[] prepare(Elements elements, int rows) {
        int raw = elements.size() / rows;
        float[] all = new float[0];
        for (int row = 0; row < rows; row++) {
            float[] one = predictor.prepare(doubles(elements, row * raw, raw));
            if (row == 0) {
                all = new float[Math.multiplyExact(one.length, rows)];
            }
            System.arraycopy(one, 0, all, row * one.length, one.length);
        }
        return all;
    }

    private static float[] floats(Elements elements, int from, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) elements.real(from + i);
        }
        return values;
    }

    private static double[] doubles(Elements elements, int from, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = elements.real(from + i);
        }
        return values;
    }

    private static long[] longs(Elements elements) {
        long[] values = new long[elements.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = elements.whole(i);
        }
        return values;
    }

    /** JSON has no word for values that are not finite, so none may leave the model unseen. */
    private static List<float[]> checked(List<float[]> outputs) {
        for (float[] output : outputs) {
            for (float value : output) {
                if (!Float.isFinite(value)) {
                    throw new FailureException("the model answered with a value that is not finite");
                }
            }
        }
        return outputs;
    }
}
