package dev.jumbo.train;

import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.image.Images;
import dev.jumbo.data.table.encode.RowReader;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.train.answer.Answers;
import dev.jumbo.train.answer.Decoder;
import dev.jumbo.train.answer.RowOutputs;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.infer.ChosenEngine;
import dev.jumbo.train.infer.EngineChoice;
import dev.jumbo.train.infer.Engines;
import dev.jumbo.train.infer.FreeShapes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A checkpoint that answers. Safe for several threads. Close it to free its memory. */
public interface Predictor extends AutoCloseable {
    /** A checkpoint's network on the engine that is fastest for it on this machine. */
    static Predictor of(Checkpoint checkpoint) {
        return of(checkpoint, EngineChoice.AUTO);
    }

    /**
     * A checkpoint's network, prepared for inference ({@link Engines#choose}): its answers are within 1e-5 of what the model computes in
     * evaluation, relative to the largest of an output.
     *
     * @throws InputException if an engine is named that cannot be prepared for it
     */
    static Predictor of(Checkpoint checkpoint, EngineChoice choice) {
        return new ModelPredictor(checkpoint, choice);
    }

    /** What it was saved as, in the form PROJECT_FORMAT of the Open Inference Protocol. */
    default String platform() {
        return "jumbo_checkpoint";
    }

    /** What computes, and why it does; empty of a predictor that is no checkpoint's. */
    default Optional<ChosenEngine> engine() {
        return Optional.empty();
    }

    /** Which inputs and outputs have sizes that the caller chooses; empty of most, and of all that are trained here. */
    default Optional<FreeShapes> freeShapes() {
        return Optional.empty();
    }

    /** Input fields as callers give them (raw: before preprocessing). */
    List<Field> rawInputs();

    /** Input fields as the network takes them. */
    List<Field> inputs();

    /** Output fields: probabilities with class names for a classifier, values otherwise. */
    List<Field> outputs();

    /**
     * Answers for prepared inputs. A row's answer has the same bits whatever it is asked together with.
     *
     * @param inputs for each input field row-major values, {@code rows} examples long: float[] or a FloatBuffer for FLOAT32, long[] or
     *     a LongBuffer for INT64 (a buffer's from its position to its limit, which stay); of a ragged one, float[][] or long[][], an
     *     array for each row, or one of rows that are equally long
     * @return for each output a row-major float[] of {@code rows} predictions
     * @throws dev.jumbo.error.InputException if a length does not fit
     */
    List<float[]> predict(List<?> inputs, int rows);

    /**
     * Answers for raw inputs, as the data has them: what training did to its examples (transforms, preprocessing, padding) is done to
     * these, by the same code.
     *
     * @param raw a column for each of {@link #rawInputs}, in order, with the same number of rows
     * @return as {@link #predict}
     * @throws InputException if a column is none of the input's, or an example cannot be transformed, naming its row
     */
    default List<float[]> predictRaw(List<Column> raw) {
        throw new InputException("expected a model of a checkpoint for raw inputs; this one takes prepared ones");
    }

    /**
     * As {@link #predictRaw}, with the number of values that each row has of its own: where an output has a value for each step, as many as
     * the row has steps.
     */
    default RowOutputs computeRaw(List<Column> raw) {
        return RowOutputs.of(predictRaw(raw), raw.get(0).rows());
    }

    /**
     * Whether {@link #predict} and {@link #predictRaw} give each row exactly the bits that it gets alone, whatever rows it is asked
     * together with. Only then a server computes rows of several requests at once.
     */
    default boolean keepsRowsApart() {
        return false;
    }

    /**
     * Texts, files or numbers by the names of the raw inputs as columns for {@link #predictRaw}: a text, a number, or what a file holds as
     * {@code byte[]} or in base64.
     *
     * @throws InputException if the model takes others, or a row lacks one, naming the row
     */
    default List<Column> rawColumns(List<? extends Map<String, ? extends @Nullable Object>> rows) {
        return RawInputs.columns(rawInputs(), Map.of(), rows);
    }

    /**
     * What the sender of raw inputs should know of each row, such as a text of which training had no word.
     *
     * @param raw as {@link #predictRaw} takes them
     * @return a list for each row; empty where there is nothing to be known of any
     */
    default List<List<String>> rawWarnings(List<Column> raw) {
        return List.of();
    }

    /** Answers for columns of raw inputs, with what should be known of each row. */
    default Answers answerColumns(List<Column> raw) {
        Answers answers = decoder().of(computeRaw(raw));
        List<List<String>> warnings = rawWarnings(raw);
        return warnings.isEmpty() ? answers : answers.withWarnings(warnings);
    }

    /** Whether {@link #answerRows} takes texts, files or numbers by the names of the raw inputs. */
    default boolean takesRecords() {
        return rows() == null && rawInputs().stream().anyMatch(Field::isBytes);
    }

    /** Whether NaN in a raw input is a missing number, which is filled in as training fills it, and as a missing value of {@link #answerRows} is. */
    default boolean fillsMissing(Field raw) {
        return false;
    }

    /** Whether the numbers of the only raw input have names of their own, by which {@link #answerRows} takes them. */
    default boolean takesNumbersByName() {
        return rows() == null && rawInputs().size() == 1 && rawInputs().get(0).meaning() instanceof Meaning.Columns;
    }

    /**
     * Numbers by their names as values for {@link #answerRaw}.
     *
     * @throws InputException if the model {@linkplain #takesNumbersByName takes others}, or a row lacks one or has another value there, naming the
     *     row where there are several
     */
    default double[] numbersByName(List<? extends Map<String, ? extends @Nullable Object>> rows) {
        if (!takesNumbersByName()) {
            throw new InputException(
                    "expected a model of numbers with names of their own, this one takes " + rawInputs());
        }
        return RawNumbers.named(rawInputs().get(0), rows);
    }

    /** Answers for texts, of a model whose only raw input is one. */
    default Answers answerTexts(List<String> texts) {
        if (rawInputs().size() != 1 || !(rawInputs().get(0).meaning() instanceof Meaning.Text)) {
            throw new InputException("expected a model that takes one text, this one takes " + rawInputs());
        }
        String name = rawInputs().get(0).name();
        return answerColumns(
                rawColumns(texts.stream().map(text -> Map.of(name, text)).toList()));
    }

    /** Whether {@link #answerSequences} takes rows: the only raw input has another number of steps in each row. */
    default boolean takesSequences() {
        return rows() == null && rawInputs().size() == 1 && rawInputs().get(0).isRagged();
    }

    /**
     * Answers for sequences of different lengths, every step of them real. Where the model answers each step, an answer is as long as its
     * row.
     *
     * @param rows for each a {@code long[]} of ids, or a row-major {@code float[]} of numbers, before preprocessing
     * @throws InputException if the model takes none, a row is empty or too long, or an id is none of the vocabulary, naming the
     *     row
     */
    default Answers answerSequences(List<?> rows) {
        if (!takesSequences()) {
            throw new InputException("expected a model that takes sequences alone, this one takes " + rawInputs());
        }
        return decoder().of(computeRaw(List.of(SequenceRows.column(rawInputs().get(0), rows))));
    }

    /** What the outputs mean. */
    default Decoder decoder() {
        return Decoder.of(outputs());
    }

    /**
     * As {@link #predict}, read by the {@link #decoder}: labels, probabilities, numbers.
     *
     * @throws dev.jumbo.error.InputException also if an answer is not finite
     */
    default Answers answer(List<?> inputs, int rows) {
        return decoder().of(predict(inputs, rows), rows);
    }

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

    /** Reads raw rows of the table that the model was trained on; null where it was no table. */
    default @Nullable RowReader rows() {
        return null;
    }

    /**
     * Answers for raw rows of a table, by column name: all that training did to its rows is done to these. Likewise for a model of texts
     * or files ({@link #takesRecords}): a text under the name of each raw input, or what the file holds as {@code byte[]} or in base64; and for one of
     * numbers with names ({@link #takesNumbersByName}).
     *
     * @param rows texts as in the training file, numbers, truth values, or null where a value is missing
     * @throws InputException if the model takes neither, or a row does not fit, naming it
     */
    default Answers answerRows(List<? extends Map<String, ? extends @Nullable Object>> rows) {
        RowReader reader = rows();
        if (takesRecords()) {
            return answerColumns(rawColumns(rows));
        }
        if (takesNumbersByName()) {
            return answerRaw(numbersByName(rows), rows.size());
        }
        if (reader == null) {
            throw new InputException("expected a model of a table for rows by column name; this one takes "
                    + rawInputs().get(0).name() + " " + rawInputs().get(0).shape());
        }
        RowReader.Read read = reader.read(rows);
        read.requireAll(row -> rows.size() == 1 ? "" : "row " + row);
        return answerRaw(read.values(), rows.size()).withWarnings(read.warnings());
    }

    /**
     * Answers for PNG or JPEG files, resized and read as training reads pictures.
     *
     * @param files whole files
     * @throws InputException if the model takes no image, or a file cannot be decoded
     */
    default Answers answerImages(List<byte[]> files) {
        requireNumbersAlone();
        Field raw = rawInputs().get(0);
        float[] values = new float[Math.multiplyExact(files.size(), raw.elements())];
        for (int i = 0; i < files.size(); i++) {
            float[] pixels = Images.example(files.get(i), raw);
            System.arraycopy(pixels, 0, values, i * pixels.length, pixels.length);
        }
        return answer(List.of(prepareFloats(values, files.size())), files.size());
    }

    /**
     * Answers for raw values of the first input, before preprocessing.
     *
     * @param raw row-major values of {@code rows} examples
     * @throws InputException if the model has other inputs too, or a value is too large for it
     */
    default Answers answerRaw(double[] raw, int rows) {
        requireNumbersAlone();
        Field first = rawInputs().get(0);
        requireStored(first, raw);
        return answer(List.of(first.dtype() == DType.INT64 ? whole(first, raw) : prepare(raw, rows)), rows);
    }

    private static void requireStored(Field field, double[] raw) {
        for (int i = 0; field.meaning() instanceof Meaning.Stored stored && i < raw.length; i++) {
            String refusal = stored.refusal(raw[i]);
            if (refusal != null) {
                throw new InputException("row " + i / field.elements() + ": \"" + field.name() + "\": " + refusal);
            }
        }
    }

    private static long[] whole(Field field, double[] raw) {
        long[] ids = new long[raw.length];
        for (int i = 0; i < raw.length; i++) {
            ids[i] = (long) raw[i];
            if (ids[i] != raw[i]) {
                throw new InputException("row " + i / field.elements() + ": expected whole numbers for \""
                        + field.name() + "\", received " + raw[i]);
            }
        }
        return ids;
    }

    private void requireNumbersAlone() {
        if (inputs().size() != 1) {
            throw new InputException("expected a model with one input, this one has " + inputs().size());
        }
        if (takesSequences()) {
            throw new InputException("expected sequences, an array for each row (answerSequences), for the input "
                    + rawInputs().get(0).name());
        }
    }

    /**
     * As {@link #prepare(double[], int)}, for values that are FLOAT32 from the start, as of a picture or a binary tensor.
     *
     * @param raw row-major values of {@code rows} examples; it may be overwritten and be the result
     */
    default float[] prepareFloats(float[] raw, int rows) {
        double[] wide = new double[raw.length];
        for (int i = 0; i < raw.length; i++) {
            wide[i] = raw[i];
        }
        return prepare(wide, rows);
    }

    /**
     * As {@link #prepareFloats(float[], int)}, for the values of one of several inputs.
     *
     * @param input its position
     */
    default float[] prepareFloats(int input, float[] raw, int rows) {
        return input == 0 ? prepareFloats(raw, rows) : raw;
    }

    /**
     * As {@link #prepare(double[], int)}, for the values of one of several inputs.
     *
     * @param input its position
     */
    default float[] prepare(int input, double[] raw, int rows) {
        if (input == 0) {
            return prepare(raw, rows);
        }
        float[] narrow = new float[raw.length];
        for (int i = 0; i < raw.length; i++) {
            narrow[i] = (float) raw[i];
        }
        return narrow;
    }

    /**
     * As {@link #prepare(double[])}, for several examples.
     *
     * @throws InputException if a value is too large for float32, naming row and column
     */
    default float[] prepare(double[] raw, int rows) {
        int each = rawInputs().get(0).elements();
        int width = inputs().get(0).elements();
        float[] all = new float[Math.multiplyExact(width, rows)];
        for (int row = 0; row < rows; row++) {
            double[] own = Arrays.copyOfRange(raw, row * each, (row + 1) * each);
            float[] one = prepare(own);
            for (int i = 0; i < width; i++) {
                if (!Float.isFinite(one[i])) {
                    RowReader reader = rows();
                    throw new InputException("row " + row + ": expected numbers that stay below 3.4e38 when they are"
                            + " scaled, received a larger one"
                            + (reader == null ? "" : reader.encoding().describe(i, own)));
                }
            }
            System.arraycopy(one, 0, all, row * width, width);
        }
        return all;
    }

    /** Names of the classes, or null for a model that does not classify. */
    default @Nullable List<String> classes() {
        List<String> names = outputs().get(0).classes();
        return names.isEmpty() ? null : names;
    }

    @Override
    void close();
}
