package dev.jumbo.onnx.layers;

import dev.jumbo.nn.Activation;
import dev.jumbo.onnx.format.OnnxAttribute;
import dev.jumbo.onnx.graph.Drawing;
import java.util.List;

/** Functions of values, and what is a few nodes more than ONNX has words for. */
public final class Functions {
    /** From this version on sizes of a reduction are an input. */
    private static final int AXES_AS_INPUT = 18;

    /** From this version on there is Gelu. */
    private static final int GELU = 20;

    private Functions() {}

    /** @param function as {@link Activation#apply} has it */
    public static String of(Activation function, String x, Drawing to) {
        return switch (function) {
            case LINEAR -> x;
            case RELU -> to.node("Relu", x);
            case LEAKY_RELU -> leakyRelu(x, 0.01, to);
            case ELU -> elu(x, 1, to);
            case GELU -> gelu(x, to);
            case GELU_TANH -> geluTanh(x, to);
            case SILU -> to.node("Mul", x, to.node("Sigmoid", x));
            case SIGMOID -> to.node("Sigmoid", x);
            case TANH -> to.node("Tanh", x);
            case SOFTMAX -> softmax(x, -1, to);
        };
    }

    public static String leakyRelu(String x, double slope, Drawing to) {
        return to.node("LeakyRelu", List.of(x), OnnxAttribute.of("alpha", slope));
    }

    public static String elu(String x, double alpha, Drawing to) {
        return to.node("Elu", List.of(x), OnnxAttribute.of("alpha", alpha));
    }

    public static String softmax(String x, int axis, Drawing to) {
        return to.node("Softmax", List.of(x), OnnxAttribute.of("axis", axis));
    }

    private static String gelu(String x, Drawing to) {
        if (to.opset() >= GELU) {
            return to.node("Gelu", x);
        }
        String erf = to.node("Erf", to.node("Div", x, to.real(Math.sqrt(2))));
        return to.node("Mul", to.node("Mul", x, to.node("Add", erf, to.real(1))), to.real(0.5));
    }

    private static String geluTanh(String x, Drawing to) {
        if (to.opset() >= GELU) {
            return to.node("Gelu", List.of(x), OnnxAttribute.of("approximate", "tanh"));
        }
        String cube = to.node("Mul", x, to.node("Mul", x, x));
        String inner = to.node("Add", x, to.node("Mul", cube, to.real(0.044715)));
        String tanh = to.node("Tanh", to.node("Mul", inner, to.real(Math.sqrt(2 / Math.PI))));
        return to.node("Mul", to.node("Mul", x, to.node("Add", tanh, to.real(1))), to.real(0.5));
    }

    /** A sum, mean, or largest value. @param operator as in {@code ReduceMean} */
    public static String reduce(String operator, String x, boolean keep, Drawing to, long... axes) {
        OnnxAttribute kept = OnnxAttribute.of("keepdims", keep ? 1 : 0);
        return to.opset() >= AXES_AS_INPUT || operator.equals("ReduceSum")
                ? to.node(operator, List.of(x, to.integers(axes)), kept)
                : to.node(operator, List.of(x), OnnxAttribute.of("axes", axes), kept);
    }

    /** @param type number of a {@code TensorProto.DataType} */
    public static String cast(String x, dev.jumbo.onnx.format.ElementType type, Drawing to) {
        return to.node("Cast", List.of(x), OnnxAttribute.of("to", type.number()));
    }

    public static String transpose(String x, Drawing to, long... order) {
        return to.node("Transpose", List.of(x), OnnxAttribute.of("perm", order));
    }

    /** @param shape 0 for a size that stays at its place, -1 for what is left */
    public static String reshape(String x, Drawing to, long... shape) {
        return to.node("Reshape", x, to.integers(shape));
    }

    public static String concat(List<String> xs, int axis, Drawing to) {
        return to.node("Concat", xs, OnnxAttribute.of("axis", axis));
    }

    /** One index of a dimension, which is gone then; from the end when negative. */
    public static String select(String x, int axis, long index, Drawing to) {
        return to.node("Gather", List.of(x, to.integer(index)), OnnxAttribute.of("axis", axis));
    }

    /** Some indices of a dimension. */
    public static String slice(String x, int axis, long from, long to, Drawing drawing) {
        return drawing.node("Slice", x, drawing.integers(from), drawing.integers(to), drawing.integers(axis));
    }

    /** A size of a value, {@code [1]}. */
    public static String size(String x, int dim, Drawing to) {
        return to.node("Shape", List.of(x), OnnxAttribute.of("start", dim), OnnxAttribute.of("end", dim + 1L));
    }
}
