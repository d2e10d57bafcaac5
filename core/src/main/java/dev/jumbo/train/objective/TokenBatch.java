package dev.jumbo.train.objective;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Column;
import dev.jumbo.data.Meaning;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * The ids of a batch, of its first input.
 *
 * @param column of the ids
 * @param rows examples
 * @param steps of each, padding included
 * @param real how many steps of each example are no padding
 */
record TokenBatch(Column column, int rows, int steps, int[] real) {
    /** @param objective for errors @throws InputException if the first input is not of ids, one for each step */
    static TokenBatch of(Batch batch, String objective) {
        Column column = batch.inputs().get(0);
        if (column.field().dtype() != DType.INT64 || column.field().shape().rank() != 1) {
            throw new InputException(
                    objective + ": expected ids of tokens [T] as the first input, received " + column.field());
        }
        int rows = batch.size();
        int steps = Math.toIntExact(column.shape().size(1));
        int[] real = new int[rows];
        boolean[] mask = batch.sides().stream()
                .filter(side -> side.field().name().equals(Batch.MASK))
                .map(side -> (boolean[]) side.values())
                .findFirst()
                .orElse(null);
        for (int i = 0; i < rows; i++) {
            int length = steps;
            while (mask != null && length > 0 && !mask[i * steps + length - 1]) {
                length--;
            }
            real[i] = length;
        }
        return new TokenBatch(column, rows, steps, real);
    }

    /** All ids, row after row. */
    long[] ids() {
        return column.longs();
    }

    /** The id at a step of an example. */
    long id(int row, int step) {
        return column.longs()[row * steps + step];
    }

    /** How many ids the vocabulary has; 0 where the data does not say. */
    long vocabulary() {
        return column.field().meaning() instanceof Meaning.Tokens tokens ? tokens.vocabulary() : 0;
    }

    /** The batch with other ids of the same number. */
    Batch with(Batch batch, long[] other) {
        List<Column> inputs = new ArrayList<>(batch.inputs());
        inputs.set(0, new Column.Longs(column.field(), rows, other));
        return batch.with(inputs, batch.targets());
    }
}
