package dev.jumbo.onnx.run;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An input or output of a foreign model.
 *
 * @param name in the graph
 * @param type of its elements
 * @param sizes -1 for one that varies
 * @param sizeNames of those that vary; empty where they have none
 */
record Port(String name, OnnxJavaType type, List<Long> sizes, List<String> sizeNames) {
    /** Steps of a sequence whose model does not say how many it takes: a bound for requests. */
    private static final int LONGEST = 4096;

    /** A size for rows that are made up. */
    private static final long USUAL = 64;

    /** @return null for a sequence or map, which no tensor holds */
    static @Nullable Port of(NodeInfo info) {
        if (!(info.getInfo() instanceof TensorInfo tensor)) {
            return null;
        }
        return new Port(
                info.getName(),
                tensor.type,
                Arrays.stream(tensor.getShape()).boxed().toList(),
                Arrays.asList(tensor.getDimensionNames()));
    }

    boolean hasBatch() {
        return !sizes.isEmpty() && sizes.get(0) == -1;
    }

    /** A batch of exactly one. */
    boolean isSingle() {
        return !sizes.isEmpty() && sizes.get(0) == 1;
    }

    boolean isText() {
        return type == OnnxJavaType.STRING;
    }

    /** Sizes behind the batch. */
    private List<Long> example() {
        return sizes.subList(1, sizes.size());
    }

    /** Whether the first size behind the batch varies. */
    boolean isRagged() {
        return sizes.size() > 1 && sizes.get(1) == -1;
    }

    /** Whether it says which steps of another input are real. */
    boolean isMaskOf(Port other) {
        return type == OnnxJavaType.BOOL
                && sizes.size() == 2
                && isRagged()
                && other.isRagged()
                && !sizeNames.get(1).isEmpty()
                && sizeNames.get(1).equals(other.sizeNames.get(1))
                && (name.equals("mask") || name.equals(other.name + "_mask"));
    }

    /** Whether another size than the batch and the first one behind it varies: height and width, say. */
    boolean isFree() {
        return !isText() && sizes.size() > 2 && sizes.subList(2, sizes.size()).contains(-1L);
    }

    /**
     * One example, with the sizes that a request may choose; where it chooses none they are {@value #USUAL}, and 3 channels of a picture.
     */
    Spec spec() {
        long[] shape = example().stream().mapToLong(size -> size).toArray();
        List<Integer> varying = new ArrayList<>();
        for (int dim = 0; dim < shape.length; dim++) {
            if (shape[dim] == -1) {
                shape[dim] = dim == 0 && shape.length == 3 ? 3 : USUAL;
                varying.add(dim);
            }
        }
        return new Spec(Shape.of(shape), dtype(), varying);
    }

    /**
     * What one example is.
     *
     * @param free whether all sizes that vary are the caller's to choose, rather than the first one the steps of a sequence
     * @throws InputException if no request can say it
     */
    Field field(List<String> classes, boolean free) {
        if (isText()) {
            if (example().stream().anyMatch(size -> size != 1)) {
                throw refused("one text for each example");
            }
            return Field.text(name);
        }
        DType dtype = dtype();
        if (free && example().contains(-1L)) {
            return new Field(name, spec().shape(), dtype, classes);
        }
        long[] shape = example().stream().mapToLong(size -> size).toArray();
        if (isRagged()) {
            shape[0] = LONGEST;
            Spec spec = Spec.of(Shape.of(shape), dtype).varying(0);
            return new Field(name, spec, dtype == DType.INT64 ? new Meaning.Tokens(0, 0) : new Meaning.Numbers());
        }
        return new Field(name, Shape.of(shape), dtype, classes);
    }

    /** Numbers go as FLOAT32, whole ones as INT64: the types of requests. */
    private DType dtype() {
        return switch (type) {
            case FLOAT, FLOAT16, BFLOAT16, DOUBLE -> DType.FLOAT32;
            case INT64, INT32, INT16, INT8, UINT8 -> DType.INT64;
            case BOOL -> DType.INT64;
            default -> throw refused("numbers, truth values or texts");
        };
    }

    private InputException refused(String expected) {
        return new InputException("model.onnx: " + name + ": expected " + expected + "; received " + this);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name).append(' ').append(type).append(" [");
        for (int i = 0; i < sizes.size(); i++) {
            String named = i < sizeNames.size() ? sizeNames.get(i) : "";
            text.append(i == 0 ? "" : ", ").append(sizes.get(i) == -1 ? (named.isEmpty() ? "?" : named) : sizes.get(i));
        }
        return text.append(']').toString();
    }
}
