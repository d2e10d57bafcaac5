package dev.jumbo.serve.model;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.wire.Datatype;
import dev.jumbo.serve.wire.InferRequest;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.SequenceRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the inputs of a model of sequences. A ragged one is {@code [N, T, ...]} with T of 1 to the longest; all T steps of a row are
 * real, unless a BOOL input {@code mask} of {@code [N, T]} ({@code NAME_mask} for further ragged inputs) says where a row ends.
 */
public final class SequenceInputs {
    private SequenceInputs() {}

    /** @throws InputException if an input is missing, unknown, of another shape, or a mask has a hole or leaves a row empty */
    static ServedModel.Request read(InferRequest request, ServedModel model) {
        List<String> known = new ArrayList<>();
        List<@Nullable String> masks = new ArrayList<>();
        for (Field field : model.inputs()) {
            boolean first = masks.stream().allMatch(m -> m == null);
            masks.add(!field.isRagged() ? null : first ? Batch.MASK : field.name() + "_" + Batch.MASK);
            known.add(field.name());
        }
        for (String mask : masks) {
            if (mask != null) {
                known.add(mask);
            }
        }
        Map<String, InferRequest.Input> given = InputValues.byName(request, known);
        int rows = 0;
        int sent = 0;
        List<Column> columns = new ArrayList<>();
        List<List<String>> warnings = new ArrayList<>();
        for (int i = 0; i < model.inputs().size(); i++) {
            Field field = model.inputs().get(i);
            InferRequest.Input input = given.get(field.name());
            if (input == null) {
                throw new InputException("the input \"" + field.name() + "\" is missing");
            }
            requireShape(field, input.shape(), rows);
            rows = Math.toIntExact(input.shape()[0]);
            while (warnings.size() < rows) {
                warnings.add(new ArrayList<>());
            }
            String mask = masks.get(i);
            if (mask == null) {
                columns.add(
                        InputValues.column(field, input, rows, model.predictor().fillsMissing(field)));
            } else {
                sent = sent == 0 ? Math.toIntExact(input.shape()[1]) : sent;
                columns.add(ragged(field, input, given.get(mask), warnings));
            }
        }
        return new ServedModel.Request(columns, rows, warnings, sent);
    }

    private static void requireShape(Field field, long[] shape, int rows) {
        long longest = field.isRagged() ? field.shape().size(0) : 0;
        boolean fits = shape.length == field.shape().rank() + 1 && shape[0] >= 1 && (rows == 0 || shape[0] == rows);
        if (fits && field.isRagged()) {
            fits = shape[1] >= 1
                    && shape[1] <= longest
                    && Shape.of(shape)
                            .slice(2, shape.length)
                            .equals(field.shape().slice(1, field.shape().rank()));
        } else if (fits) {
            fits = Shape.of(shape).slice(1, shape.length).equals(field.shape());
        }
        if (!fits) {
            StringBuilder expected = new StringBuilder("[N");
            for (int i = 0; i < field.shape().rank(); i++) {
                expected.append(", ")
                        .append(
                                i == 0 && field.isRagged()
                                        ? "T"
                                        : "" + field.shape().size(i));
            }
            throw new InputException("input \"" + field.name() + "\": expected the shape " + expected + "] with N of "
                    + (rows == 0 ? "1 or more" : "" + rows) + (field.isRagged() ? " and T of 1 to " + longest : "")
                    + ", received " + Arrays.toString(shape));
        }
    }

    private static Column ragged(
            Field field, InferRequest.Input input, InferRequest.@Nullable Input mask, List<List<String>> warnings) {
        int rows = warnings.size();
        int steps = Math.toIntExact(input.shape()[1]);
        int unit = field.unit();
        boolean ids = field.dtype() == DType.INT64;
        double[] reals = InputValues.reals(input, false);
        long[] longs = ids ? InputValues.longs(input) : new long[0];
        float[] floats = ids ? new float[0] : InputValues.floats(reals);
        List<Object> each = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            int length = mask == null ? steps : length(mask, row, rows, steps);
            int from = row * steps * unit;
            if (ids) {
                long[] own = Arrays.copyOfRange(longs, from, from + length * unit);
                each.add(own);
                if (mask == null) {
                    warn(field, own, warnings.get(row));
                }
            } else {
                each.add(Arrays.copyOfRange(floats, from, from + length * unit));
            }
        }
        return SequenceRows.column(field, each);
    }

    /** Rows that a client has filled up would be answered as if the filling were data. */
    private static void warn(Field field, long[] ids, List<String> warnings) {
        if (field.meaning() instanceof Meaning.Tokens tokens && ids[ids.length - 1] == tokens.padding()) {
            warnings.add("\"" + field.name() + "\" ends in the padding id " + tokens.padding()
                    + ", which counts as a real step; send the row without it, or with a mask");
        }
    }

    private static int length(InferRequest.Input mask, int row, int rows, int steps) {
        long[] shape = {rows, steps};
        if (mask.datatype() != Datatype.BOOL || !Arrays.equals(mask.shape(), shape)) {
            throw new InputException("input \"" + mask.name() + "\": expected BOOL " + Arrays.toString(shape)
                    + ", received " + mask.datatype() + " " + Arrays.toString(mask.shape()));
        }
        int length = 0;
        for (int i = 0; i < steps; i++) {
            boolean real = mask.elements().real(row * steps + i) == 1;
            if (real && length < i) {
                throw new InputException("input \"" + mask.name() + "\": expected true for the steps of a row and false"
                        + " behind them only, received true after false at [" + row + ", " + i + "]");
            }
            length += real ? 1 : 0;
        }
        if (length == 0) {
            throw new InputException("input \"" + mask.name() + "\": expected one step or more in each row, received"
                    + " none in row " + row);
        }
        return length;
    }
}
