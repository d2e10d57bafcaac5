package dev.jumbo.serve.model;

import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.table.encode.RowJson;
import dev.jumbo.data.table.encode.RowReader;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.serve.wire.Datatype;
import dev.jumbo.serve.wire.Elements;
import dev.jumbo.serve.wire.InferRequest;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.SequenceRows;
import dev.jumbo.train.answer.Answers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
     */
    public record Request(List<?> inputs, int rows, List<List<String>> warnings) {}

    /** Inputs as callers send them, where they are no columns of a table. */
    public List<Field> inputs() {
        return predictor.rawInputs();
    }

    public List<Field> outputs() {
        return predictor.outputs();
    }

    /** The answers to the body of a {@code predict} request. @param json whether it is JSON, or an image */
    public Said predict(byte[] body, boolean json) {
        RowReader table = predictor.rows();
        if (json && table != null) {
            RowJson given = RowJson.read(body);
            requireKnown(given, table);
            return new Said(predictor.answerRows(given.rows()), given.list());
        }
        if (predictor.takesRecords()) {
            return records(body, json);
        }
        if (predictor.takesSequences()) {
            if (!json) {
                throw new InputException(
                        "expected a JSON list for \"" + inputs().get(0).name() + "\", or a list of such lists");
            }
            SequenceRows given = SequenceRows.read(body, inputs().get(0));
            return new Said(predictor.answerSequences(given.rows()), given.list());
        }
        if (inputs().size() != 1) {
            throw new InputException("expected an infer request: this model has " + inputs().size() + " inputs");
        }
        if (json && PictureJson.isLikely(body)) {
            PictureJson given = PictureJson.read(body, inputs().get(0).name());
            Said said = predict(given.pictures());
            return new Said(said.answers(), given.list());
        }
        RawReader.Examples examples = (json ? rows : images).readAll(body, inputs().get(0));
        return new Said(predictor.answerRaw(examples.values(), examples.rows()), examples.list());
    }

    /** The answers for several files, pictures or what else the model's only input is. */
    public Said predict(List<byte[]> files) {
        if (predictor.rows() != null || predictor.takesSequences() || inputs().size() != 1) {
            throw new InputException("expected JSON: this model takes no files");
        }
        Field field = inputs().get(0);
        if (predictor.takesRecords()) {
            if (field.meaning() instanceof Meaning.Text) {
                throw new InputException(
                        "expected a JSON object with \"" + field.name() + "\", or a list of such objects");
            }
            List<Map<String, byte[]>> rows =
                    files.stream().map(file -> Map.of(field.name(), file)).toList();
            return new Said(predictor.answerRows(rows), true);
        }
        int each = field.elements();
        double[] values = new double[Math.multiplyExact(each, files.size())];
        for (int i = 0; i < files.size(); i++) {
            try {
                System.arraycopy(images.read(files.get(i), field), 0, values, i * each, each);
            } catch (InputException e) {
                throw new InputException("file " + i + ": " + e.getMessage(), e);
            }
        }
        return new Said(predictor.answerRaw(values, files.size()), true);
    }

    /** Texts and files by the names of the raw inputs, or one file as it is. */
    private Said records(byte[] body, boolean json) {
        if (json) {
            RowJson given = RowJson.read(body);
            return new Said(predictor.answerRows(given.rows()), given.list());
        }
        if (inputs().size() != 1 || inputs().get(0).meaning() instanceof Meaning.Text) {
            throw new InputException("expected a JSON object with "
                    + inputs().stream().map(Field::name).toList() + ", or a list of such objects");
        }
        return new Said(predictor.answerRows(List.of(Map.of(inputs().get(0).name(), body))), false);
    }

    /** A key that no column of training has is likely a misspelt one. */
    private static void requireKnown(RowJson given, RowReader table) {
        if (table.encoding().columns().isEmpty()) {
            return; // An old model, which does not say what columns its table had beside the inputs.
        }
        Set<String> known = new LinkedHashSet<>(table.known());
        for (int i = 0; i < given.rows().size(); i++) {
            for (String column : given.rows().get(i).keySet()) {
                if (!known.contains(column)) {
                    throw new InputException((given.list() ? "row " + i + ": " : "") + "unknown column \"" + column
                            + "\"" + Nearest.hint(column, known));
                }
            }
        }
    }

    /** What is answered. @param list whether as a list */
    public record Said(Answers answers, boolean list) {}

    /**
     * The raw values of an {@code infer} request, prepared.
     *
     * @throws InputException if an input is missing, unknown, given twice, of another shape, or has a value that the model
     *     does not take
     */
    public Request read(InferRequest request) {
        RowReader table = predictor.rows();
        if (table != null) {
            return new TableInputs(table).read(request, this);
        }
        return isRagged() ? SequenceInputs.read(request, this) : tensors(request);
    }

    /** Whether an input has another number of steps in each row. */
    private boolean isRagged() {
        return predictor.rows() == null && inputs().stream().anyMatch(Field::isRagged);
    }

    /** As {@link #read}, of one tensor for each input. */
    Request tensors(InferRequest request) {
        Map<String, InferRequest.Input> given =
                byName(request, inputs().stream().map(Field::name).toList());
        int rows = rows(given);
        List<Object> prepared = new ArrayList<>();
        for (int i = 0; i < inputs().size(); i++) {
            Field field = inputs().get(i);
            InferRequest.Input input = given.get(field.name());
            if (input == null) {
                throw new InputException("the input \"" + field.name() + "\" is missing");
            }
            if (field.isBytes()) {
                prepared.add(texts(field, input));
                continue;
            }
            double[] values = reals(input, field.dtype() == DType.FLOAT64);
            if (field.dtype() == DType.INT64) {
                prepared.add(longs(input));
            } else {
                prepared.add(i == 0 ? predictor.prepare(values, rows) : floats(values));
            }
        }
        return new Request(prepared, rows, List.of());
    }

    /** @throws InputException if one is unknown or given twice */
    static Map<String, InferRequest.Input> byName(InferRequest request, List<String> known) {
        Map<String, InferRequest.Input> given = new LinkedHashMap<>();
        for (InferRequest.Input input : request.inputs()) {
            if (!known.contains(input.name())) {
                throw new InputException("unknown input \"" + input.name() + "\"" + Nearest.hint(input.name(), known));
            }
            if (given.put(input.name(), input) != null) {
                throw new InputException("the input \"" + input.name() + "\" is given twice");
            }
        }
        return given;
    }

    private int rows(Map<String, InferRequest.Input> given) {
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

    /** The outputs of the network for a request, all finite: JSON has no word for other values. */
    public List<float[]> infer(Request request) {
        List<float[]> outputs = predictor.takesRecords() || isRagged()
                ? predictor.predictRaw(
                        request.inputs().stream().map(Column.class::cast).toList())
                : predictor.predict(request.inputs(), request.rows());
        predictor.decoder().of(outputs, request.rows());
        return outputs;
    }

    /** Texts, or files in base64, as raw values. */
    static Column texts(Field field, InferRequest.Input input) {
        Elements elements = input.elements();
        byte[][] values = new byte[elements.size()][];
        for (int i = 0; i < values.length; i++) {
            byte[] given = elements.form() == Elements.Form.TEXTS ? elements.bytes(i) : null;
            if (given == null) {
                throw new InputException("input \"" + input.name() + "\": expected BYTES, received "
                        + (elements.isMissing(i) ? "null" : input.datatype()) + " at "
                        + Datatype.place(input.shape(), i));
            }
            boolean text = field.meaning() instanceof Meaning.Text;
            if (text) {
                elements.text(i); // refuses what is no UTF-8
            }
            values[i] = text ? given : content(input, given, i);
        }
        return new Column.Bytes(field, values);
    }

    /** What a file holds: as it is, or in base64, whose letters alone no picture and no sound consists of. */
    private static byte[] content(InferRequest.Input input, byte[] given, int index) {
        boolean letters = given.length > 0;
        for (int i = 0; letters && i < given.length; i++) {
            letters = given[i] > ' ' && given[i] < 127;
        }
        try {
            return letters ? Base64.getDecoder().decode(given) : given;
        } catch (IllegalArgumentException e) {
            throw new InputException(
                    "input \"" + input.name() + "\": expected the content of a file in base64 at "
                            + Datatype.place(input.shape(), index) + ", received another text",
                    e);
        }
    }

    static double[] reals(InferRequest.Input input, boolean wide) {
        Elements elements = input.elements();
        if (elements.form() == Elements.Form.TEXTS) {
            throw new InputException("input \"" + input.name() + "\": expected numbers, received BYTES");
        }
        double[] values = new double[elements.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = elements.real(i);
            boolean fits = wide ? Double.isFinite(values[i]) : Float.isFinite((float) values[i]);
            if (elements.isMissing(i) || !fits) {
                throw new InputException("input \"" + input.name() + "\": expected numbers"
                        + (wide ? "" : " up to 3.4e38") + ", received " + (elements.isMissing(i) ? "null" : values[i])
                        + " at " + Datatype.place(input.shape(), i));
            }
        }
        return values;
    }

    static float[] floats(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }

    static long[] longs(InferRequest.Input input) {
        Elements elements = input.elements();
        long[] values = new long[elements.size()];
        for (int i = 0; i < values.length; i++) {
            double real = elements.real(i);
            if (!elements.isLong(i) && (real != Math.rint(real) || Math.abs(real) >= 0x1p63)) {
                throw new InputException("input \"" + input.name() + "\": expected whole numbers, received " + real
                        + " at " + Datatype.place(input.shape(), i));
            }
            values[i] = elements.whole(i);
        }
        return values;
    }
}
