package dev.jumbo.serve.model;

import dev.jumbo.data.table.ColumnType;
import dev.jumbo.data.table.encode.RowReader;
import dev.jumbo.data.table.encode.TableLayout;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.serve.limits.Limits;
import dev.jumbo.serve.wire.Datatype;
import dev.jumbo.serve.wire.Elements;
import dev.jumbo.serve.wire.InferRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table over the protocol: an input for each column, by name and in any order. Categories and texts are BYTES, numbers
 * FP64, truth values BOOL; a column may also come as BYTES as it stands in the file, and a missing value is a JSON null, or
 * a text that stands for one. The tensor {@code row} of the positions of categories and the numbers, in the order of the
 * columns, is taken too, as long as every position is one of a category.
 */
public record TableInputs(RowReader reader) {
    private List<TableLayout.Input> inputs() {
        return reader.encoding().layout().inputs();
    }

    /** The columns that a caller sends: those of the table, as far as the model needs them. */
    private List<String> names() {
        return reader.columns();
    }

    ServedModel.Request read(InferRequest request, ServedModel model, Limits limits) {
        String matrix = model.inputs().get(0).name();
        boolean named = request.inputs().stream().anyMatch(input -> names().contains(input.name()));
        if (!named
                && request.inputs().size() == 1
                && request.inputs().get(0).name().equals(matrix)) {
            requirePositions(request.inputs().get(0));
            return model.tensors(request, limits);
        }
        Map<String, InferRequest.Input> given = InputValues.byName(request, reader.known(), names());
        int rows = rows(given);
        List<Map<String, @Nullable Object>> table = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            for (InferRequest.Input input : given.values()) {
                values.put(input.name(), value(input, row));
            }
            table.add(values);
        }
        RowReader.Read read = reader.read(table);
        read.requireAll(row -> "row " + row);
        return new ServedModel.Request(List.of(model.predictor().prepare(read.values(), rows)), rows, read.warnings());
    }

    private int rows(Map<String, InferRequest.Input> given) {
        for (TableLayout.Input column : inputs()) {
            if (names().contains(column.name()) && !given.containsKey(column.name())) {
                throw new InputException(
                        "the input \"" + column.name() + "\" is missing; the columns are " + Nearest.first(names()));
            }
        }
        long rows = -1;
        for (InferRequest.Input input : given.values()) {
            long[] shape = input.shape();
            boolean column = shape.length == 1 || shape.length == 2 && shape[1] == 1;
            if (!column || shape[0] < 1 || rows >= 0 && shape[0] != rows) {
                throw new InputException("input \"" + input.name() + "\": expected the shape [N] with N of "
                        + (rows < 0 ? "1 or more" : "" + rows) + ", received " + Arrays.toString(shape));
            }
            rows = shape[0];
        }
        return Math.toIntExact(rows);
    }

    private static @Nullable Object value(InferRequest.Input input, int row) {
        Elements elements = input.elements();
        if (elements.isMissing(row)) {
            return null;
        }
        if (elements.form() == Elements.Form.TEXTS) {
            return elements.text(row);
        }
        if (input.datatype() == Datatype.BOOL) {
            return elements.real(row) == 1;
        }
        if (input.datatype().isFloating()) {
            return elements.real(row);
        }
        return elements.isUnsigned(row) ? (Object) elements.real(row) : (Object) elements.whole(row);
    }

    /** A number without a name is only safe as a position if it is one. */
    private void requirePositions(InferRequest.Input input) {
        int width = inputs().size();
        Elements elements = input.elements();
        boolean rows = input.shape().length == 2 && input.shape()[1] == width;
        for (int i = 0; rows && i < elements.size() && elements.form() != Elements.Form.TEXTS; i++) {
            TableLayout.Input column = inputs().get(i % width);
            double value = elements.real(i);
            int most = column.type() == ColumnType.CATEGORY
                    ? column.categories().size() - 1
                    : column.type() == ColumnType.BOOLEAN ? 1 : -1;
            if (most >= 0 && (value != Math.rint(value) || value < 0 || value > most)) {
                throw new InputException("input \"" + input.name() + "\": expected the position of a category of "
                        + column.name() + ", 0 to " + most + ", at " + Datatype.place(input.shape(), i) + ", received "
                        + value + "; send an input for each column by name, with categories as BYTES");
            }
        }
    }

    /** What the inputs are. */
    List<TensorInfo> describe() {
        List<TensorInfo> all = new ArrayList<>();
        for (String name : names()) {
            TableLayout.Input column = inputs().stream()
                    .filter(input -> input.name().equals(name))
                    .findFirst()
                    .orElse(new TableLayout.Input(name, ColumnType.TEXT, List.of()));
            Datatype type = switch (column.type()) {
                case NUMBER -> Datatype.FP64;
                case BOOLEAN -> Datatype.BOOL;
                default -> Datatype.BYTES;
            };
            List<String> categories = column.type() == ColumnType.CATEGORY ? column.categories() : List.of();
            all.add(new TensorInfo(name, type, List.of(TensorInfo.ANY), "categories", categories));
        }
        return all;
    }
}
