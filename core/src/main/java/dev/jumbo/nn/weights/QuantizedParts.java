package dev.jumbo.nn.weights;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.RowQuantized;
import dev.jumbo.tensor.SafetensorsFile;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How files have values {@code w = s q} of small whole numbers with a scale for each row, the first dimension, see {@link RowQuantized}:
 *
 * <pre>{@code
 * NAME.int8   I8 [rows, ...]        q, in the shape of the values
 * NAME.int4   U8 [(count + 1) / 2]  q from -7 to 7 row-major, neighbours a and b in a byte: (a + 8) + 16 (b + 8)
 * NAME.shape  I64 [rank]            beside int4, the shape of the values
 * NAME.scale  F32 [rows]            s; [rows, groups] where neighbours of a row share one in groups
 * }</pre>
 *
 * What reads tensors by name finds {@code NAME} in F32. Quantized again it has the same bits.
 */
public final class QuantizedParts {
    public static final String INT8 = ".int8";
    public static final String INT4 = ".int4";
    public static final String SCALE = ".scale";
    public static final String SHAPE = ".shape";

    private QuantizedParts() {}

    /** The name of the values that a part is of; the name itself if it is no part's. */
    public static String of(String part) {
        for (String suffix : new String[] {INT8, INT4, SCALE, SHAPE}) {
            if (part.endsWith(suffix)) {
                return part.substring(0, part.length() - suffix.length());
            }
        }
        return part;
    }

    /** The tensors of a file, those in parts as one. @throws InputException if parts do not fit each other */
    static Map<String, TensorSource.Stored> joined(SafetensorsFile file) {
        Map<String, TensorSource.Stored> tensors = new LinkedHashMap<>();
        for (String name : file.names()) {
            SafetensorsFile.Entry entry = file.entry(name);
            tensors.put(name, new TensorSource.Stored(entry.dtype(), entry.shape(), () -> file.read(name)));
        }
        for (String name : file.names()) {
            boolean eight = name.endsWith(INT8) && file.entry(name).dtype() == DType.INT8;
            boolean four = name.endsWith(INT4) && file.entry(name).dtype() == DType.UINT8;
            String of = name.substring(0, Math.max(0, name.length() - INT8.length()));
            if (!(eight || four)
                    || !file.names().contains(of + SCALE)
                    || four && !file.names().contains(of + SHAPE)
                    || file.names().contains(of)) {
                continue;
            }
            Shape shape = four ? shape(file, of) : file.entry(name).shape();
            require(file, of, name, shape, four);
            tensors.remove(of + SCALE);
            tensors.remove(of + SHAPE);
            tensors.remove(name);
            tensors.put(of, new TensorSource.Stored(DType.FLOAT32, shape, () -> read(file, of, name, shape)));
        }
        return tensors;
    }

    private static Tensor read(SafetensorsFile file, String of, String numbers, Shape shape) {
        try (Scope scope = Scope.open()) {
            return scope.keep(RowQuantized.values(file.read(numbers), file.read(of + SCALE), shape));
        }
    }

    private static Shape shape(SafetensorsFile file, String of) {
        SafetensorsFile.Entry entry = file.entry(of + SHAPE);
        if (entry.dtype() != DType.INT64 || entry.shape().rank() != 1) {
            throw new InputException("expected \"" + of + SHAPE + "\" in I64 with one dimension, received "
                    + entry.dtype().safetensorsName() + " " + entry.shape());
        }
        try (Scope scope = Scope.open()) {
            long[] sizes = file.read(of + SHAPE).toLongs();
            if (Arrays.stream(sizes).anyMatch(size -> size < 0 || size > Integer.MAX_VALUE) || sizes.length > 8) {
                throw new InputException(
                        "expected the sizes of a tensor in \"" + of + SHAPE + "\", received " + Arrays.toString(sizes));
            }
            return Shape.of(sizes);
        }
    }

    private static void require(SafetensorsFile file, String of, String numbers, Shape shape, boolean four) {
        SafetensorsFile.Entry scale = file.entry(of + SCALE);
        long rows = shape.rank() == 0 ? 1 : shape.size(0);
        long count = shape.elements();
        boolean fits = scale.dtype() == DType.FLOAT32
                && (scale.shape().equals(Shape.of(rows)) || inGroups(scale.shape(), rows, count))
                && (!four || file.entry(numbers).shape().equals(Shape.of((count + 1) / 2)));
        if (!fits) {
            throw new InputException("expected F32 [" + rows + "] as \"" + of + SCALE + "\" and "
                    + (four ? "U8 [" + (count + 1) / 2 + "] as \"" + numbers + "\"" : "its numbers")
                    + " of the shape " + shape + ", received " + scale.dtype().safetensorsName() + " " + scale.shape()
                    + " and " + file.entry(numbers).shape());
        }
    }

    private static boolean inGroups(Shape scale, long rows, long count) {
        return scale.rank() == 2 && scale.size(0) == rows && scale.elements() > 0 && count % scale.elements() == 0;
    }
}
