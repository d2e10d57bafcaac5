package dev.jumbo.train.plan.work;

import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.layers.ActivationLayer;
import dev.jumbo.nn.layers.Residual;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.conv.Conv2d;
import dev.jumbo.nn.layers.conv.MaxPool2d;
import dev.jumbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * What the engine runs for a described model, in order, for one example. Containers are opened, and activations that
 * building moves behind a max pooling are counted there.
 */
public final class Operations {
    private final LayerRules rules;
    private final List<Operation> found = new ArrayList<>();

    private Operations(LayerRules rules) {
        this.rules = rules;
    }

    /**
     * @param bf16 whether layers compute in bf16
     * @param gpu whether a GPU computes, where attention needs no scores in memory
     * @throws dev.jumbo.tensor.ShapeException if the layers do not fit each other or the inputs
     */
    public static List<Operation> of(Layer model, List<Shape> inputs, boolean bf16, boolean gpu) {
        model.outputShapes(inputs);
        Operations operations = new Operations(new LayerRules(bf16, gpu));
        operations.open("", model, inputs);
        return List.copyOf(operations.found);
    }

    private void open(String path, Layer layer, List<Shape> inputs) {
        List<Layer.Part> parts = layer.parts(inputs);
        if (parts.isEmpty()) {
            add(path, layer, inputs);
            return;
        }
        boolean inRow = layer instanceof Sequential || layer instanceof Residual;
        Activation moved = Activation.LINEAR;
        for (int i = 0; i < parts.size(); i++) {
            Layer.Part part = parts.get(i);
            String inside = path.isEmpty() ? part.path() : path + "." + part.path();
            boolean pooled = inRow && i + 1 < parts.size() && parts.get(i + 1).layer() instanceof MaxPool2d;
            Layer built = part.layer();
            if (pooled && built instanceof Conv2d conv && conv.activation().commutesWithMax()) {
                moved = conv.activation();
                built = conv.withActivation(Activation.LINEAR);
            } else if (pooled
                    && built instanceof ActivationLayer f
                    && f.function().commutesWithMax()) {
                moved = f.function();
                built = new ActivationLayer(Activation.LINEAR);
            }
            open(inside, built, part.inputs());
            if (built instanceof MaxPool2d pool && moved != Activation.LINEAR) {
                long values = pool.outputShapes(part.inputs()).get(0).elements();
                found.add(LayerRules.inPlace(inside, moved, values));
                moved = Activation.LINEAR;
            }
        }
        if (layer instanceof Residual residual) {
            long values = layer.outputShapes(inputs).get(0).elements();
            found.add(Operation.pass(path, "add", values, values, Operation.Kept.values(values)));
            LayerRules.activation(path, residual.activation(), values).ifPresent(found::add);
        }
    }

    /** Parameters count at the first operation of a layer. */
    private void add(String path, Layer layer, List<Shape> inputs) {
        Parameters slots = Parameters.collect();
        layer.build(inputs, slots);
        long trained = slots.count();
        long all = slots.all().stream().mapToLong(p -> p.shape().elements()).sum();
        List<Operation> operations = new ArrayList<>(rules.of(path, layer, inputs));
        if (operations.isEmpty() && all > 0) {
            throw new IllegalStateException("a layer with parameters computes nothing: " + path);
        }
        if (all > 0) {
            operations.set(0, operations.get(0).withParameters(trained, all - trained));
        }
        found.addAll(operations);
    }
}
