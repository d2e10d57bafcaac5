package dev.jumbo.serve.model;

import dev.jumbo.data.Field;
import dev.jumbo.data.image.Images;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.limits.Limits;
import dev.jumbo.serve.wire.InferRequest;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.train.infer.SizedRow;
import java.util.Arrays;
import java.util.List;

/** Inputs whose sizes are the caller's: {@code [N, 3, H, W]} with any H and W within the limits, the same for all rows of a request. */
final class SizedInputs {
    private SizedInputs() {}

    /** @throws InputException if the shape is not the model's, or larger than one request may have */
    static void requireShape(Field field, Spec spec, long[] shape, Limits limits) {
        Shape example = shape.length == 0 ? Shape.of() : Shape.of(Arrays.copyOfRange(shape, 1, shape.length));
        if (!spec.allows(example) || example.elements() < 1) {
            StringBuilder expected = new StringBuilder("[N");
            for (int dim = 0; dim < spec.shape().rank(); dim++) {
                expected.append(", ")
                        .append(spec.varies(dim) ? "any" : spec.shape().size(dim));
            }
            throw new InputException("input \"" + field.name() + "\": expected the shape " + expected
                    + "] with sizes of 1 or more, received " + Arrays.toString(shape));
        }
        long free = 1;
        for (int dim : spec.varying()) {
            free = Math.multiplyExact(free, example.size(dim));
        }
        limits.requireSizes(field.name(), free, shape[0]);
    }

    /** The rows of a tensor whose shape fits. */
    static SizedRow[] rows(Field field, InferRequest.Input input) {
        long[] shape = input.shape();
        Shape example = Shape.of(Arrays.copyOfRange(shape, 1, shape.length));
        int rows = Math.toIntExact(shape[0]);
        int each = Math.toIntExact(example.elements());
        boolean ids = field.dtype() == DType.INT64;
        long[] longs = ids ? InputValues.longs(input) : new long[0];
        float[] floats = ids ? new float[0] : floats(input);
        SizedRow[] all = new SizedRow[rows];
        for (int row = 0; row < rows; row++) {
            int from = row * each;
            all[row] = new SizedRow(
                    ids ? Arrays.copyOfRange(longs, from, from + each) : Arrays.copyOfRange(floats, from, from + each),
                    example);
        }
        return all;
    }

    private static float[] floats(InferRequest.Input input) {
        float[] given = input.elements().floats();
        if (given == null) {
            return InputValues.floats(InputValues.reals(input, false));
        }
        InputValues.requireFinite(input, given);
        return given;
    }

    /** Pictures in their own size, which must be one. @throws InputException if the model takes no pictures, or their sizes differ */
    static ServedModel.Request pictures(ServedModel model, List<byte[]> files, Limits limits) {
        Field field = model.inputs().get(0);
        Spec spec = model.free(field.name());
        boolean picture = spec != null
                && spec.shape().rank() == 3
                && spec.varies(1)
                && spec.varies(2)
                && field.dtype() == DType.FLOAT32;
        if (spec == null || !picture || model.inputs().size() != 1) {
            throw new InputException("expected an infer request, which says the sizes of \"" + field.name() + "\" "
                    + (spec == null ? field.shape() : spec));
        }
        SizedRow[] rows = new SizedRow[files.size()];
        for (int i = 0; i < rows.length; i++) {
            String place = rows.length == 1 ? "" : "file " + i + ": ";
            try {
                int[] size = Images.size(files.get(i));
                Shape shape = Shape.of(spec.shape().size(0), size[1], size[0]);
                requireShape(field, spec, shape.prepend(rows.length).toArray(), limits);
                if (i > 0 && !shape.equals(rows[0].shape())) {
                    throw new InputException("expected pictures of one size in a request, received " + shape
                            + " beside " + rows[0].shape() + "; send a request for each size");
                }
                rows[i] = new SizedRow(Images.example(files.get(i), shape), shape);
            } catch (InputException e) {
                throw new InputException(place + e.getMessage(), e);
            }
        }
        return new ServedModel.Request(List.of((Object) rows), rows.length, List.of());
    }
}
