package dev.jumbo.data;

import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Examples on their way to the network, in plain arrays.
 *
 * @param inputs a column for each input field
 * @param targets a column for each target field
 * @param size number of examples
 */
public record Batch(List<Column> inputs, List<Column> targets, int size) {
    /** Empty columns for some examples of a dataset, inputs first. */
    static List<Column> columns(Dataset dataset, int rows) {
        return new ArrayList<>(Stream.concat(dataset.inputs().stream(), dataset.targets().stream())
                .map(field -> new Column(field, rows))
                .toList());
    }

    /** A copy of a part of the examples. */
    Batch slice(BatchSlice part) {
        int from = part.from(size);
        int rows = part.rows(size);
        return new Batch(
                inputs.stream().map(column -> column.slice(from, rows)).toList(),
                targets.stream().map(column -> column.slice(from, rows)).toList(),
                rows);
    }

    /** The inputs in native memory under the names of their fields, in the innermost open scope. */
    public Tensors tensors() {
        Map<String, Tensor> byName = new LinkedHashMap<>();
        inputs.forEach(column -> byName.put(column.field().name(), column.tensor()));
        return Tensors.of(byName);
    }

    static Batch of(Dataset dataset, List<Column> columns, int rows) {
        int inputs = dataset.inputs().size();
        return new Batch(
                List.copyOf(columns.subList(0, inputs)), List.copyOf(columns.subList(inputs, columns.size())), rows);
    }
}
