package dev.jumbo.onnx.graph;

import dev.jumbo.nn.Layer;
import dev.jumbo.onnx.format.OnnxAttribute;
import dev.jumbo.onnx.format.OnnxConstant;
import dev.jumbo.onnx.format.OnnxNode;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A graph that is drawn, seen from the path of a layer. Values go by their names; each method that adds a node returns that of its
 * result.
 */
public final class Drawing {
    private final Sheet sheet;
    private final String path;

    Drawing(Sheet sheet, String path) {
        this.sheet = sheet;
        this.path = path;
    }

    /** The graph at the path of a part. */
    public Drawing at(String part) {
        return new Drawing(sheet, path.isEmpty() ? part : path + "." + part);
    }

    /** Of the layer, {@code layers.0}; empty at the root. */
    public String path() {
        return path;
    }

    /** Version of the operators. */
    public int opset() {
        return sheet.opset();
    }

    /** Adds a layer at this path, by the drawing of its kind. */
    public Values layer(Layer layer, Values in) {
        return sheet.layer(layer, in, this);
    }

    /** Adds a part of a container. */
    public Values part(Layer.Part part, Values in) {
        return at(part.path()).layer(part.layer(), in);
    }

    /** Adds an operation of one result, without settings. */
    public String node(String operator, String... inputs) {
        return node(operator, List.of(inputs));
    }

    /** Adds an operation of one result. */
    public String node(String operator, List<String> inputs, OnnxAttribute... attributes) {
        return nodes(operator, inputs, 1, attributes).get(0);
    }

    /** Adds an operation of several results. */
    public List<String> nodes(String operator, List<String> inputs, int results, OnnxAttribute... attributes) {
        String name = sheet.unique(path + "/" + operator);
        List<String> outputs = java.util.stream.IntStream.range(0, results)
                .mapToObj(i -> name + "_out" + (results == 1 ? "" : i))
                .toList();
        sheet.add(new OnnxNode(name, operator, inputs, outputs, Arrays.asList(attributes)));
        return outputs;
    }

    /** A parameter of this layer, whole and in PyTorch's order. @param name below this path: {@code weight} */
    public String parameter(String name, Shape shape) {
        String full = sheet.slot(full(name));
        return sheet.constant(full, shape, () -> sheet.parameters().read(full));
    }

    /**
     * A parameter of this layer, changed.
     *
     * @param change what is done to it, marked in the constant's name
     * @param shape of the result
     */
    public String parameter(String name, String change, Shape shape, UnaryOperator<Tensor> how) {
        String full = sheet.slot(full(name));
        return sheet.constant(
                full + "/" + change, shape, () -> how.apply(sheet.parameters().read(full)));
    }

    /** Several parameters of this layer as one. @param name of the constant */
    public String parameters(
            String name, List<String> names, Shape shape, java.util.function.Function<List<Tensor>, Tensor> how) {
        List<String> full = names.stream().map(each -> sheet.slot(full(each))).toList();
        return sheet.constant(
                full(name),
                shape,
                () -> how.apply(full.stream().map(sheet.parameters()::read).toList()));
    }

    private String full(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** Whether a parameter of this layer is another layer's. */
    public boolean isTied(String name) {
        return !sheet.slot(full(name)).equals(full(name));
    }

    /** Whole numbers as a constant of one dimension. */
    public String integers(long... values) {
        return sheet.shared(
                OnnxConstant.integers("integers" + Arrays.toString(values).replace(" ", ""), values));
    }

    /** A whole number without dimensions. */
    public String integer(long value) {
        return sheet.shared(OnnxConstant.integer("integer " + value, value));
    }

    /** A number without dimensions. */
    public String real(double value) {
        return sheet.shared(OnnxConstant.floats("real " + (float) value, new float[] {(float) value}));
    }

    /** Numbers of a shape. @param name of what they are, below this path */
    public String reals(String name, float[] values, long... shape) {
        return sheet.constant(OnnxConstant.floats(sheet.unique(path + "/" + name), values, shape));
    }

    /** Numbers of a shape in double precision. */
    public String doubles(String name, double[] values, long... shape) {
        return sheet.constant(OnnxConstant.doubles(sheet.unique(path + "/" + name), values, shape));
    }

    /** Something that several layers need alike, drawn once. @param key that says all that it depends on */
    public String once(String key, java.util.function.Supplier<String> drawn) {
        return sheet.once(key, drawn);
    }
}
