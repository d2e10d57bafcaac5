package dev.jumbo.data;

import dev.jumbo.error.Shown;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Examples on their way to the network, in plain arrays.
 *
 * @param inputs a column for each input field; ragged ones are padded to the longest example of the batch
 * @param targets a column for each target field, likewise
 * @param sides masks of ragged inputs, BOOL {@code [T]}, true where a step is real: {@value #MASK} is that of the first one
 * @param weights what each example counts in loss and metrics; null: all the same
 * @param size number of examples
 */
@SuppressWarnings("ArrayRecordComponent") // On its way to the network: never compared.
public record Batch(
        List<Column> inputs, List<Column> targets, List<Column> sides, double @Nullable [] weights, int size) {
    /** The name of the mask of the first ragged input. */
    public static final String MASK = "mask";

    /** Of one size each, all counting the same. */
    public Batch(List<Column> inputs, List<Column> targets, int size) {
        this(inputs, targets, List.of(), null, size);
    }

    /** The same examples with other values. */
    public Batch with(List<Column> otherInputs, List<Column> otherTargets) {
        return new Batch(otherInputs, otherTargets, sides, weights, size);
    }

    /** Empty columns for some examples of a dataset, inputs first. */
    static List<Column> columns(Dataset dataset, int rows) {
        return new ArrayList<>(Stream.concat(dataset.inputs().stream(), dataset.targets().stream())
                .map(field -> Column.of(field, rows))
                .toList());
    }

    /** A copy of a part of the examples. */
    public Batch slice(BatchSlice part) {
        int from = part.from(size);
        int rows = part.rows(size);
        return new Batch(
                slice(inputs, from, rows),
                slice(targets, from, rows),
                slice(sides, from, rows),
                weights == null ? null : Arrays.copyOfRange(weights, from, from + rows),
                rows);
    }

    private static List<Column> slice(List<Column> columns, int from, int rows) {
        return columns.stream().map(column -> column.slice(from, rows)).toList();
    }

    /** The inputs in native memory under the names of their fields, and the masks, in the innermost open scope. */
    public Tensors tensors() {
        Map<String, Tensor> byName = new LinkedHashMap<>();
        inputs.forEach(column -> InputParts.put(column.field(), column.tensor(), byName));
        sides.forEach(column -> byName.put(column.field().name(), column.tensor()));
        return Tensors.of(byName);
    }

    @Override
    public String toString() {
        return size + " examples with " + inputs + " and the targets " + targets
                + (weights == null ? "" : ", weights " + Shown.of(weights));
    }
}
