package dev.jumbo.train.infer;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Field;
import dev.jumbo.data.InputParts;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Packing;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.ModelFile;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model on libtorch. The plain one computes as training and evaluation do, and is what other engines are held against. */
final class LibtorchEngine implements Engine {
    private final String name;
    private final ModelFile description;
    private final Model model;
    private final Packing packing;

    /** @param model closed with the engine, and packing behind it */
    LibtorchEngine(String name, ModelFile description, Model model, Packing packing) {
        this.name = name;
        this.description = description;
        this.model = model;
        this.packing = packing;
    }

    /** The model as it was trained. */
    static LibtorchEngine plain(Checkpoint checkpoint) {
        return new LibtorchEngine("libtorch", checkpoint.description(), checkpoint.load(), new Packing(Map.of()));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<float[]> run(List<?> inputs, int rows) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            List<Tensor> made =
                    model.forward(tensors(inputs, rows), Pass.inference()).all();
            List<float[]> predicted = new ArrayList<>(made.size());
            for (int i = 0; i < made.size(); i++) {
                predicted.add(description.lossOf(i).predictions(made.get(i)).toFloats());
            }
            return predicted;
        }
    }

    private Tensors tensors(List<?> inputs, int rows) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, Tensor> masks = new LinkedHashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            Field field = description.inputs().get(i);
            Shape each = field.shape();
            if (field.isRagged()) {
                int steps = Rows.length(inputs.get(i)) / rows / field.unit();
                each = each.with(0, steps);
                masks.put(
                        masks.isEmpty() ? Batch.MASK : field.name() + "_" + Batch.MASK,
                        Tensor.full(Shape.of(rows, steps), 1, DType.BOOL));
            }
            InputParts.put(field, tensor(inputs.get(i), each.prepend(rows)), tensors);
        }
        tensors.putAll(masks);
        return Tensors.of(tensors);
    }

    private static Tensor tensor(Object values, Shape shape) {
        if (values instanceof float[] floats) {
            return Tensor.of(floats, shape);
        }
        if (values instanceof long[] longs) {
            return Tensor.of(longs, shape);
        }
        return values instanceof FloatBuffer floats ? Tensor.of(floats, shape) : Tensor.of((LongBuffer) values, shape);
    }

    @Override
    public long residentBytes() {
        return Float.BYTES
                * (model.store().values().elements() + model.store().buffers().elements());
    }

    @Override
    public void close() {
        model.close();
        packing.close();
    }
}
