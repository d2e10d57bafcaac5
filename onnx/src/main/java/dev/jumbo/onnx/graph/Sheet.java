package dev.jumbo.onnx.graph;

import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Parameters;
import dev.jumbo.onnx.format.ElementType;
import dev.jumbo.onnx.format.OnnxConstant;
import dev.jumbo.onnx.format.OnnxNode;
import dev.jumbo.onnx.format.TensorContent;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a graph has so far. */
public final class Sheet {
    private final int opset;
    private final Map<Class<? extends Layer>, LayerDrawing<?>> drawings;
    private final ParameterSource parameters;
    private final Map<String, String> tied;
    private final List<OnnxNode> nodes = new ArrayList<>();
    private final Map<String, OnnxConstant> constants = new LinkedHashMap<>();
    private final Map<String, String> shared = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Map<String, String> refused = new LinkedHashMap<>();

    /**
     * An empty one.
     *
     * @param drawings how layers are said, by their class
     * @param model whose parameters may go by several names
     */
    public Sheet(
            int opset,
            Map<Class<? extends Layer>, LayerDrawing<?>> drawings,
            ParameterSource parameters,
            Layer model,
            Specs inputs) {
        this.opset = opset;
        this.drawings = Map.copyOf(drawings);
        this.parameters = parameters;
        Parameters slots = Parameters.collect();
        model.build(inputs, slots);
        this.tied = slots.tied();
    }

    /** At the root. */
    public Drawing drawing() {
        return new Drawing(this, "");
    }

    /** Takes a name for an input or output. */
    public void reserve(String name) {
        names.add(name);
    }

    /** Gives a value the name of an output. */
    public void output(String value, String name) {
        reserve(name);
        add(new OnnxNode(unique("/" + name + "/Identity"), "Identity", List.of(value), List.of(name), List.of()));
    }

    public List<OnnxNode> nodes() {
        return List.copyOf(nodes);
    }

    public List<OnnxConstant> constants() {
        return List.copyOf(constants.values());
    }

    /** Paths of layers that ONNX has no words for, with the reasons. */
    public Map<String, String> refused() {
        return new LinkedHashMap<>(refused);
    }

    int opset() {
        return opset;
    }

    ParameterSource parameters() {
        return parameters;
    }

    /** The parameter's own name. */
    String slot(String name) {
        return tied.getOrDefault(name, name);
    }

    void add(OnnxNode node) {
        nodes.add(node);
    }

    String unique(String wanted) {
        String name = wanted;
        for (int i = 1; !names.add(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }

    String constant(String name, Shape shape, Supplier<Tensor> values) {
        if (!constants.containsKey(name)) {
            List<Long> sizes = Arrays.stream(shape.toArray()).boxed().toList();
            constants.put(name, new OnnxConstant(name, ElementType.FLOAT, sizes, TensorContent.of(values)));
            names.add(name);
        }
        return name;
    }

    String constant(OnnxConstant constant) {
        constants.put(constant.name(), constant);
        return constant.name();
    }

    /** One constant for all who need it; its name says its value. */
    String shared(OnnxConstant constant) {
        constants.putIfAbsent(constant.name(), constant);
        return constant.name();
    }

    String once(String key, Supplier<String> drawn) {
        @Nullable String made = shared.get(key);
        if (made == null) {
            made = drawn.get();
            shared.put(key, made);
        }
        return made;
    }

    Values layer(Layer layer, Values in, Drawing at) {
        @Nullable LayerDrawing<?> drawing = drawings.get(layer.getClass());
        try {
            if (drawing == null) {
                throw new Unsayable("no drawing says this kind of layer in ONNX (LayerDrawings adds one)");
            }
            return draw(drawing, layer, in, at);
        } catch (Unsayable e) {
            String path = at.path().isEmpty() ? "the model" : at.path();
            refused.put(path + " (" + layer.getClass().getSimpleName() + ")", String.valueOf(e.getMessage()));
            // Goes on with a name that nobody makes, so that one error tells of every layer.
            Map<String, Value> none = new LinkedHashMap<>();
            layer.outputs(in.specs()).byName().forEach((name, spec) -> none.put(name, new Value("?", spec)));
            return Values.of(none);
        }
    }

    /** The registry holds drawings under the class of their layer. */
    @SuppressWarnings("unchecked")
    private static <L extends Layer> Values draw(LayerDrawing<L> drawing, Layer layer, Values in, Drawing at) {
        return drawing.draw((L) layer, in, at);
    }
}
