package dev.jumbo.train;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.InputParts;
import dev.jumbo.data.Loader;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.data.table.encode.RowReader;
import dev.jumbo.data.table.encode.TableEncoding;
import dev.jumbo.data.transform.OpenTransforms;
import dev.jumbo.data.transform.Transformed;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import dev.jumbo.train.answer.Decoder;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.ModelFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A {@link Predictor} over a checkpoint's model, in fp32. Several threads may predict at once: nothing is written but results. */
final class ModelPredictor implements Predictor {
    private final ModelFile description;
    private final Model model;
    private final List<Field> outputs;
    private final OpenTransforms transforms;
    private volatile @Nullable Decoder decoder;

    ModelPredictor(Checkpoint checkpoint) {
        description = checkpoint.description();
        transforms = OpenTransforms.of(description.rawInputs(), description.answeringTransforms());
        model = checkpoint.load();
        outputs = outputs(description, model.outputs().shapes());
    }

    private static List<Field> outputs(ModelFile description, List<Shape> shapes) {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            Field target = description.targets().get(i);
            Field field = new Field(target.name(), shapes.get(i), DType.FLOAT32, target.classes());
            boolean steps = target.isRagged() && field.shape().rank() > 0;
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
    public List<float[]> predict(List<?> inputs, int rows) {
        if (inputs.size() != inputs().size()) {
            throw new InputException("expected " + inputs().size() + " inputs, received " + inputs.size());
        }
        if (rows < 1) {
            throw new InputException("expected one row or more to predict, received " + rows);
        }
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            Map<String, Tensor> masks = new LinkedHashMap<>();
            for (int i = 0; i < inputs.size(); i++) {
                Field field = inputs().get(i);
                if (field.isRagged()) {
                    SequenceInput sequence = SequenceInput.of(field, inputs.get(i), rows);
                    tensors.put(field.name(), sequence.tensor());
                    masks.put(
                            masks.isEmpty() ? Batch.MASK : field.name() + "_" + Batch.MASK,
                            sequence.mask().tensor());
                } else {
                    InputParts.put(field, tensor(field, inputs.get(i), rows), tensors);
                }
            }
            tensors.putAll(masks);
            return read(Tensors.of(tensors));
        }
    }

    /** As a loader of training makes a batch: nothing that is done to examples is written a second time. */
    @Override
    public List<float[]> predictRaw(List<Column> raw) {
        RawInputs.require(rawInputs(), raw);
        int rows = raw.get(0).rows();
        Dataset examples = Transformed.of(RaggedDataset.of(raw, List.of()), transforms);
        Batch batch = Loader.of(examples)
                .inOrder()
                .batchSize(rows)
                .preprocessing(description.preprocessing())
                .build()
                .first();
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            return read(batch.tensors());
        }
    }

    private List<float[]> read(Tensors inputs) {
        List<Tensor> made = model.forward(inputs, Pass.inference()).all();
        List<float[]> predicted = new ArrayList<>();
        for (int i = 0; i < made.size(); i++) {
            predicted.add(description.lossOf(i).predictions(made.get(i)).toFloats());
        }
        return predicted;
    }

    private static Tensor tensor(Field field, Object values, int rows) {
        Shape shape = field.shape().prepend(rows);
        if (field.dtype() == DType.FLOAT32 && values instanceof float[] floats) {
            return Tensor.of(floats, shape);
        }
        if (field.dtype() == DType.INT64 && values instanceof long[] longs) {
            return Tensor.of(longs, shape);
        }
        throw new InputException("expected " + (field.dtype() == DType.INT64 ? "long[]" : "float[]") + " for the input "
                + field.name() + ", received " + values.getClass().getSimpleName());
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
        model.close();
    }
}
