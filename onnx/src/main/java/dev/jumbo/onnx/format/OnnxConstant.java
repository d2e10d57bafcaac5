package dev.jumbo.onnx.format;

import java.util.Arrays;
import java.util.List;

/**
 * A {@code TensorProto}: a parameter or another constant.
 *
 * @param name in the graph
 * @param type of its elements
 * @param shape its sizes; none for a single value
 * @param content as many elements as the shape has
 */
public record OnnxConstant(String name, ElementType type, List<Long> shape, TensorContent content) {
    private static final int EXTERNAL = 1;

    public OnnxConstant {
        shape = List.copyOf(shape);
    }

    /** Bytes of its elements. */
    public long bytes() {
        return shape.stream().reduce((long) type.bytes(), Math::multiplyExact);
    }

    private Message head() {
        return new Message()
                .integers(1, shape.stream().mapToLong(s -> s).toArray())
                .integer(2, type.number())
                .text(8, name);
    }

    Message inFile() {
        return head().content(9, bytes(), out -> content.writeTo((block, length) -> out.write(block, 0, length)));
    }

    /** With its elements in another file of the directory. */
    Message outside(String file, long offset) {
        return head().entry(13, "location", file)
                .entry(13, "offset", Long.toString(offset))
                .entry(13, "length", Long.toString(bytes()))
                .integer(14, EXTERNAL);
    }

    /** Whole numbers in one dimension. */
    public static OnnxConstant integers(String name, long... values) {
        return new OnnxConstant(name, ElementType.INT64, List.of((long) values.length), TensorContent.of(values));
    }

    /** One whole number without dimensions. */
    public static OnnxConstant integer(String name, long value) {
        return new OnnxConstant(name, ElementType.INT64, List.of(), TensorContent.of(new long[] {value}));
    }

    /** Numbers of a shape. */
    public static OnnxConstant floats(String name, float[] values, long... shape) {
        return new OnnxConstant(name, ElementType.FLOAT, sizes(shape), TensorContent.of(values));
    }

    /** Numbers of a shape, in double precision. */
    public static OnnxConstant doubles(String name, double[] values, long... shape) {
        return new OnnxConstant(name, ElementType.DOUBLE, sizes(shape), TensorContent.of(values));
    }

    private static List<Long> sizes(long[] shape) {
        return Arrays.stream(shape).boxed().toList();
    }
}
