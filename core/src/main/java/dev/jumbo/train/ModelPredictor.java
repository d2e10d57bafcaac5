package dev.jumbo.train;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Loader;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.data.table.encode.RowReader;
import dev.jumbo.data.table.encode.TableEncoding;
import dev.jumbo.data.transform.OpenTransforms;
import dev.jumbo.data.transform.RowNumbers;
import dev.jumbo.data.transform.Transformed;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Spec;
import dev.jumbo.train.answer.Decoder;
import dev.jumbo.train.answer.RowOutputs;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.ModelFile;
import dev.jumbo.train.infer.ChosenEngine;
import dev.jumbo.train.infer.EngineChoice;
import dev.jumbo.train.infer.Engines;
import dev.jumbo.train.infer.SteadyEngine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@link Predictor} over a checkpoint's network, prepared for inference. Several threads may predict at once. */
final class ModelPredictor implements Predictor {
    private final ModelFile description;
    private final ChosenEngine chosen;
    private final SteadyEngine engine;
    private final List<Field> outputs;
    private final OpenTransforms transforms;
    private volatile @Nullable Decoder decoder;

    ModelPredictor(Checkpoint checkpoint, EngineChoice choice) {
        description = checkpoint.description();
        outputs = outputs(description, description.outputs().all());
        transforms = OpenTransforms.of(description.rawInputs(), description.answeringTransforms());
        try {
            chosen = Engines.choose(checkpoint, choice);
        } catch (RuntimeException e) {
            transforms.close();
            throw e;
        }
        engine = chosen.engine();
    }

    @Override
    public Optional<ChosenEngine> engine() {
        return Optional.of(chosen);
    }

    private static List<Field> outputs(ModelFile description, List<Spec> specs) {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            Field target = description.targets().get(i);
            Spec spec = specs.get(i);
            Field field = new Field(target.name(), spec.shape(), DType.FLOAT32, target.classes());
            // A field's first size may vary alone: steps behind the classes are as many as there can be.
            boolean steps = spec.varies()
                    ? spec.varies(0)
                    : target.isRagged() && spec.shape().rank() > 0;
            fields.add(steps ? field.ragged(Math.toIntExact(field.shape().size(0))) : field);
        }
        return List.copyOf(fields);
    }

    @Override
    public List<Field> rawInputs() {
        return description.rawInputs();
    }

    @Override
    public List<Field> inputs() {
        return description.inputs();
    }

    @Override
    public List<Field> outputs() {
        return outputs;
    }

    @Override
    public @Nullable RowReader rows() {
        return description.preprocessing() instanceof TableEncoding encoding ? new RowReader(encoding) : null;
    }

    @Override
    public List<Column> rawColumns(List<? extends Map<String, ? extends @Nullable Object>> rows) {
        return RawInputs.columns(rawInputs(), description.answeringTransforms(), rows);
    }

    @Override
    public boolean takesRecords() {
        return Predictor.super.takesRecords()
                || rows() == null
                        && description.answeringTransforms().values().stream().anyMatch(RowNumbers.class::isInstance);
    }

    /** Not where cleaning comes before, which may say something else of a value that is missing. */
    @Override
    public boolean fillsMissing(Field raw) {
        return description.answeringTransforms().entrySet().stream()
                .anyMatch(own -> own.getValue() instanceof RowNumbers numbers
                        && numbers.reads(own.getKey()).contains(raw.name())
                        && (numbers.rows() == null || numbers.rows().clean() == null));
    }

    @Override
    public Decoder decoder() {
        Decoder made = decoder;
        if (made == null) {
            made = Decoder.of(
                    description.targets(), outputs.stream().map(Field::shape).toList(), description::lossOf);
            decoder = made;
        }
        return made;
    }

    @Override
    public boolean keepsRowsApart() {
        return true; // SteadyEngine does, and transforms see one example at a time
    }

    @Override
    public List<float[]> predict(List<?> inputs, int rows) {
        return engine.run(PreparedInputs.checked(inputs(), inputs, rows), rows);
    }

    @Override
    public List<float[]> predictRaw(List<Column> raw) {
        return computeRaw(raw).values();
    }

    @Override
    public List<List<String>> rawWarnings(List<Column> raw) {
        List<List<String>> warnings = new ArrayList<>();
        for (int row = 0; row < raw.get(0).rows(); row++) {
            int at = row;
            warnings.add(transforms.warnings(raw.stream()
                    .map(column -> column instanceof Column.Bytes bytes ? (Object) bytes.values()[at] : column)
                    .toList()));
        }
        return warnings.stream().allMatch(List::isEmpty) ? List.of() : List.copyOf(warnings);
    }

    /** As a loader of training makes a batch: nothing that is done to examples is written a second time. */
    @Override
    public RowOutputs computeRaw(List<Column> raw) {
        RawInputs.require(rawInputs(), raw);
        int rows = raw.get(0).rows();
        Dataset examples = Transformed.of(RaggedDataset.of(raw, List.of()), transforms);
        Batch batch = Loader.of(examples)
                .inOrder()
                .batchSize(rows)
                .preprocessing(description.preprocessing())
                .build()
                .first();
        return engine.rows(PreparedInputs.of(inputs(), batch), rows);
    }

    @Override
    public float[] prepare(float[] raw) {
        requireLength(raw.length);
        float[] prepared = new float[inputs().get(0).elements()];
        description.preprocessing().apply(raw, 0, prepared, 0);
        return prepared;
    }

    @Override
    public float[] prepare(double[] raw) {
        if (rawInputs().get(0).dtype() != DType.FLOAT64) {
            return Predictor.super.prepare(raw); // as in training: in float32 from the start
        }
        requireLength(raw.length);
        float[] prepared = new float[inputs().get(0).elements()];
        description.preprocessing().apply(raw, 0, prepared, 0);
        return prepared;
    }

    @Override
    public float[] prepare(double[] raw, int rows) {
        if (!isFloatsOfOneWidth()) {
            return Predictor.super.prepare(raw, rows);
        }
        float[] narrow = new float[raw.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) raw[i]; // as in training: in float32 from the start
        }
        return prepareFloats(narrow, rows);
    }

    @Override
    public float[] prepareFloats(float[] raw, int rows) {
        if (!isFloatsOfOneWidth()) {
            return Predictor.super.prepareFloats(raw, rows);
        }
        int each = rawInputs().get(0).elements();
        if (raw.length != Math.multiplyExact((long) rows, each)) {
            requireLength(raw.length / rows);
        }
        return inPlace(description.preprocessing(), raw, rows, "");
    }

    @Override
    public float[] prepareFloats(int input, float[] raw, int rows) {
        Preprocessing by = description.preprocessing().of(input);
        return input == 0 || by == null
                ? Predictor.super.prepareFloats(input, raw, rows)
                : inPlace(by, raw, rows, rawInputs().get(input).name() + ", ");
    }

    @Override
    public float[] prepare(int input, double[] raw, int rows) {
        Preprocessing by = description.preprocessing().of(input);
        if (input == 0) {
            return prepare(raw, rows);
        }
        if (by == null || rawInputs().get(input).dtype() != DType.FLOAT64) {
            return prepareFloats(input, Predictor.super.prepare(input, raw, rows), rows);
        }
        int each = raw.length / rows;
        float[] all = new float[raw.length];
        for (int row = 0; row < rows; row++) {
            by.apply(Arrays.copyOfRange(raw, row * each, (row + 1) * each), 0, all, row * each);
        }
        return requireFinite(all, each, rawInputs().get(input).name() + ", ");
    }

    /** @param of which input, for messages */
    private static float[] inPlace(Preprocessing by, float[] raw, int rows, String of) {
        int each = raw.length / rows;
        for (int row = 0; row < rows; row++) {
            by.apply(raw, row * each, raw, row * each);
        }
        return requireFinite(raw, each, of);
    }

    private static float[] requireFinite(float[] prepared, int each, String of) {
        for (int i = 0; i < prepared.length; i++) {
            if (!Float.isFinite(prepared[i])) {
                throw new InputException(of + "row " + i / each
                        + ": expected numbers that stay below 3.4e38 when they are scaled, received a larger one");
            }
        }
        return prepared;
    }

    /** Whether raw values become prepared ones in their place. */
    private boolean isFloatsOfOneWidth() {
        Field raw = rawInputs().get(0);
        Field prepared = inputs().get(0);
        return raw.dtype() == DType.FLOAT32
                && prepared.dtype() == DType.FLOAT32
                && !raw.isRagged()
                && raw.shape().equals(prepared.shape())
                && rows() == null;
    }

    private void requireLength(int received) {
        int expected = rawInputs().get(0).elements();
        if (received != expected) {
            throw new InputException("expected " + expected + " values for the input "
                    + rawInputs().get(0).name() + " " + rawInputs().get(0).shape() + ", received " + received);
        }
    }

    @Override
    public void close() {
        transforms.close();
        engine.close();
    }
}
