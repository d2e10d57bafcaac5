package dev.jumbo.train.checkpoint;

import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.SafetensorsFile;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A few examples of the training split as the network takes them, which a checkpoint keeps: engines that are prepared from it are held
 * against the model on these. One file, {@value #FILE}, with a tensor {@code ROW.INPUT} for each row and input, both counted from 0.
 *
 * @param rows for each the values of its inputs in order, {@code float[]} or {@code long[]}; none where none were kept
 */
public record GoldenRows(List<List<Object>> rows) {
    /** A checkpoint of before lacks it. */
    public static final String FILE = "golden.safetensors";

    /** The most that are kept. */
    public static final int MOST = 8;

    public GoldenRows {
        rows = rows.stream().map(List::copyOf).toList();
    }

    public static GoldenRows none() {
        return new GoldenRows(List.of());
    }

    void write(Path directory) {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (int row = 0; row < rows.size(); row++) {
                List<Object> inputs = rows.get(row);
                for (int input = 0; input < inputs.size(); input++) {
                    tensors.put(
                            row + "." + input,
                            inputs.get(input) instanceof long[] ids
                                    ? Tensor.of(ids, Shape.of(ids.length))
                                    : Tensor.of(
                                            (float[]) inputs.get(input),
                                            Shape.of(((float[]) inputs.get(input)).length)));
                }
            }
            Safetensors.write(directory.resolve(FILE), tensors, Map.of());
        }
    }

    /** @throws InputException if a row does not fit the inputs, naming both */
    static GoldenRows read(Path file, List<Field> inputs) {
        SafetensorsFile opened = Safetensors.open(file);
        List<List<Object>> rows = new ArrayList<>();
        try (Scope scope = Scope.open()) {
            while (rows.size() < MOST && opened.names().contains(rows.size() + ".0")) {
                List<Object> row = new ArrayList<>();
                for (int input = 0; input < inputs.size(); input++) {
                    String name = rows.size() + "." + input;
                    Field field = inputs.get(input);
                    Tensor values = opened.names().contains(name) ? opened.read(name) : Tensor.zeros(Shape.of(0));
                    requireFitting(name, field, values);
                    row.add(field.dtype() == DType.INT64 ? values.toLongs() : values.toFloats());
                }
                rows.add(row);
            }
        }
        return new GoldenRows(rows);
    }

    private static void requireFitting(String name, Field field, Tensor values) {
        long held = values.elements();
        boolean length = field.isRagged()
                ? held > 0 && held % field.unit() == 0 && held <= field.elements()
                : held == field.elements();
        if (!length || values.dtype() != field.dtype()) {
            throw new InputException(FILE + ": expected values of the input " + field + " as " + name + ", received "
                    + held + " of " + values.dtype());
        }
    }
}
