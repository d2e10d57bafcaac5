package dev.jumbo.serve.model;

import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.data.table.encode.RowReader;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.limits.Limits;
import dev.jumbo.serve.wire.InferRequest;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.answer.Answers;
import dev.jumbo.train.answer.Decoder;
import dev.jumbo.train.answer.RowOutputs;
import dev.jumbo.train.infer.FreeShapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model as the server sees it: a name, a version and a {@link Predictor}. Callers send raw values, as they stand in
 * the data; the preprocessing that was saved with the model is applied here, so nobody has to repeat it.
 *
 * @param name letters, digits and {@code . _ -}, at most 64
 * @param version likewise
 * @param images reads the image that {@code predict} is sent
 * @param rows reads the JSON that {@code predict} is sent, unless the model takes rows of a table
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

    /** A model with the readers of its kind of input. @throws InputException as the constructor */
    public static ServedModel of(String name, String version, Predictor predictor) {
        RawReader images = RawReader.images(predictor.rawInputs().get(0), predictor.rows() != null);
        return new ServedModel(name, version, predictor, images, RawReader.numbers());
    }

    /**
     * What a request has been read as.
     *
     * @param inputs prepared values of each input, {@code rows} examples long; raw columns of a model of texts, files or sequences
     * @param warnings for each row what its sender should know, such as an unseen category; empty where there is none at all
     * @param steps of the first ragged input, as many as its tensor has; 0 where no tensor says it
     */
    public record Request(List<?> inputs, int rows, List<List<String>> warnings, int steps) {
        public Request(List<?> inputs, int rows, List<List<String>> warnings) {
            this(inputs, rows, warnings, 0);
        }
    }

    /** Inputs as callers send them, where they are no columns of a table. */
    public List<Field> inputs() {
        return predictor.rawInputs();
    }

    /** One example of an input or output with the sizes that are the caller's to choose; null where none is. */
    public @Nullable Spec free(String field) {
        return predictor.freeShapes().map(shapes -> shapes.of(field)).orElse(null);
    }

    /** The outputs in the shapes that they have for a request that was computed. */
    public List<Field> outputs(Request request) {
        FreeShapes free = predictor.freeShapes().orElse(null);
        List<Shape> shapes = free == null ? null : free.outputs(request.inputs());
        if (free == null || shapes == null) {
            return outputs();
        }
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            Field field = outputs().get(i);
            fields.add(
                    free.of(field.name()) == null
                            ? field
                            : new Field(field.name(), shapes.get(i), field.dtype(), List.of()));
        }
        return fields;
    }

    /** What computes, as in {@code onnxruntime 1.29.0}; empty where the predictor does not say. */
    public Optional<String> engine() {
        return predictor.engine().map(chosen -> chosen.engine().name());
    }

    public List<Field> outputs() {
        return predictor.outputs();
    }

    /**
     * What a {@code predict} request asks.
     *
     * @param list whether a list of answers is expected
     */
    public record Asked(Request request, boolean list) {}

    /** The answers to what was asked. @param outputs of the network */
    public Said said(Asked asked, RowOutputs outputs) {
        Request request = asked.request();
        Answers answers = decoder(request).of(outputs);
        return new Said(
                request.warnings().isEmpty() ? answers : answers.withWarnings(request.warnings()), asked.list());
    }

    private Decoder decoder(Request request) {
        return predictor.freeShapes().isEmpty() ? predictor.decoder() : Decoder.of(outputs(request));
    }

    /** What is answered. @param list whether as a list */
    public record Said(Answers answers, boolean list) {}

    /**
     * The raw values of an {@code infer} request, prepared.
     *
     * @throws InputException if an input is missing, unknown, given twice, of another shape, or has a value that the model
     *     does not take
     */
    public Request read(InferRequest request, Limits limits) {
        request.inputs().forEach(input -> limits.requireRows(input.shape().length > 0 ? input.shape()[0] : 0));
        RowReader table = predictor.rows();
        if (table != null) {
            return new TableInputs(table).read(request, this, limits);
        }
        Request read = isRagged() ? SequenceInputs.read(request, this) : tensors(request, limits);
        limits.requirePictures(read.inputs());
        return read;
    }

    /** Whether an input has another number of steps in each row. */
    private boolean isRagged() {
        return predictor.rows() == null && inputs().stream().anyMatch(Field::isRagged);
    }

    /** As {@link #read}, of one tensor for each input. */
    Request tensors(InferRequest request, Limits limits) {
        Map<String, InferRequest.Input> given =
                InputValues.byName(request, inputs().stream().map(Field::name).toList());
        int rows = rows(given, limits);
        List<Object> prepared = new ArrayList<>();
        for (int i = 0; i < inputs().size(); i++) {
            Field field = inputs().get(i);
            InferRequest.Input input = given.get(field.name());
            if (input == null) {
                throw new InputException("the input \"" + field.name() + "\" is missing");
            }
            if (field.isBytes() || predictor.takesRecords()) {
                prepared.add(InputValues.column(field, input, rows, predictor.fillsMissing(field)));
                continue;
            }
            if (free(field.name()) != null) {
                prepared.add(SizedInputs.rows(field, input)); // nothing is done to inputs of such models
                continue;
            }
            float[] floats = field.dtype() == DType.FLOAT32 ? input.elements().floats() : null;
            if (floats != null) {
                InputValues.requireFinite(input, floats);
                InputValues.requireStored(field, input);
                prepared.add(predictor.prepareFloats(i, floats, rows));
                continue;
            }
            double[] values = InputValues.reals(input, field.dtype() == DType.FLOAT64);
            InputValues.requireStored(field, input);
            if (field.dtype() == DType.INT64) {
                prepared.add(InputValues.longs(input));
            } else {
                prepared.add(predictor.prepare(i, values, rows));
            }
        }
        List<Column> columns = prepared.stream()
                .filter(Column.class::isInstance)
                .map(Column.class::cast)
                .toList();
        boolean raw = !columns.isEmpty() && columns.size() == prepared.size();
        return new Request(prepared, rows, raw ? predictor.rawWarnings(columns) : List.of());
    }

    private int rows(Map<String, InferRequest.Input> given, Limits limits) {
        long rows = -1;
        for (Field field : inputs()) {
            InferRequest.Input input = given.get(field.name());
            if (input == null) {
                throw new InputException("the input \"" + field.name() + "\" is missing");
            }
            long[] shape = input.shape();
            Spec free = free(field.name());
            if (free != null) {
                SizedInputs.requireShape(field, free, shape, limits);
            }
            if (shape.length == 0
                    || shape[0] < 1
                    || (rows >= 0 && shape[0] != rows)
                    || (free == null && !Shape.of(shape).slice(1, shape.length).equals(field.shape()))) {
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

    /** The outputs of the network. @param inputs as those of a {@link Request} */
    public RowOutputs compute(List<?> inputs, int rows) {
        return predictor.takesRecords() || isRagged()
                ? predictor.computeRaw(inputs.stream().map(Column.class::cast).toList())
                : RowOutputs.of(predictor.predict(inputs, rows), rows);
    }

    /** An output as one tensor. @param field with its shape in this answer @param values row-major */
    public record Sent(Field field, float[] values) {}

    /**
     * The outputs as tensors: where one has a value for each step, of as many steps as the tensor that was sent, zeros behind those that
     * are real.
     *
     * @param request that was computed
     */
    public List<Sent> sent(Request request, RowOutputs computed) {
        return StepOutputs.of(this, request, computed);
    }

    /** @throws InputException if a value is not finite, for which JSON has no word, naming row and output */
    public void requireFinite(Request request, RowOutputs outputs) {
        for (float[] output : outputs.values()) {
            for (float value : output) {
                if (!Float.isFinite(value)) {
                    decoder(request).of(outputs); // says where
                }
            }
        }
    }
}
