package dev.jumbo.data.transform;

import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.Row;
import dev.jumbo.data.Transform;
import dev.jumbo.data.View;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A dataset of raw values, seen through its transforms. Ids are made once and kept, which says how long examples are; of other
 * inputs the values are made whenever an example is read.
 */
public final class Transformed extends View {
    private final OpenTransforms open;
    private final Map<String, Transform> applied;
    private final List<Column.@Nullable Ragged> kept = new ArrayList<>();
    private final List<int @Nullable []> steps = new ArrayList<>();

    private Transformed(Dataset raw, OpenTransforms open, Map<String, Transform> applied) {
        super(raw);
        this.open = open;
        this.applied = applied;
        for (int f = 0; f < open.outputs().size(); f++) {
            Field output = open.outputs().get(f);
            boolean ragged = open.changes(f) && output.isRagged();
            kept.add(ragged && output.dtype() == DType.INT64 ? ids(f, output) : null);
            steps.add(ragged && kept.get(f) == null ? lengths(f) : null);
        }
    }

    /** Fits the transforms that a training split asks for, and shows it through them; itself where it asks for none. */
    public static Dataset fitted(Dataset training) {
        Map<String, Transform> fitted = new LinkedHashMap<>(training.transforms());
        for (int f = 0; f < training.inputs().size(); f++) {
            int input = f;
            Field field = training.inputs().get(f);
            fitted.computeIfPresent(field.name(), (name, transform) -> transform.fit(field, values(training, input)));
        }
        return of(training, fitted);
    }

    /**
     * A dataset through transforms that are fitted already; itself where there are none.
     *
     * @throws InputException if an example cannot be transformed, with its row
     */
    public static Dataset of(Dataset raw, Map<String, Transform> fitted) {
        return fitted.isEmpty()
                ? raw
                : new Transformed(
                        raw,
                        OpenTransforms.of(raw.inputs(), fitted),
                        Collections.unmodifiableMap(new LinkedHashMap<>(fitted)));
    }

    /** A dataset through transforms that stay the caller's, who closes them. */
    public static Dataset of(Dataset raw, OpenTransforms open) {
        return new Transformed(raw, open, Map.of());
    }

    /** The inputs of a dataset as they are before its transforms. */
    public static List<Field> rawInputs(Dataset dataset) {
        return dataset instanceof Transformed seen ? seen.open.raw() : dataset.inputs();
    }

    /** The fitted transforms that a dataset is seen through; none of one that is no such view. */
    public static Map<String, Transform> applied(Dataset dataset) {
        return dataset instanceof Transformed seen ? seen.applied : Map.of();
    }

    /** Raw values of an input, example by example. */
    private static Iterable<Object> values(Dataset dataset, int input) {
        return () -> {
            Row row = Row.single(dataset);
            Iterator<Integer> indices = IntStream.range(0, dataset.size()).iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return indices.hasNext();
                }

                @Override
                public Object next() {
                    int index = indices.next();
                    dataset.read(index, row);
                    return value(dataset, index, row, input);
                }
            };
        };
    }

    private static Object value(Dataset dataset, int index, Row row, int input) {
        Field field = row.column(input).field();
        if (field.isBytes()) {
            return row.bytes(input);
        }
        int held = field.isRagged() ? dataset.length(index, input) * field.unit() : field.elements();
        int from = row.offset(input);
        return switch (field.dtype()) {
            case FLOAT32 -> Arrays.copyOfRange(row.floats(input), from, from + held);
            case FLOAT64 -> Arrays.copyOfRange(row.doubles(input), from, from + held);
            default -> Arrays.copyOfRange(row.longs(input), from, from + held);
        };
    }

    private Column.Ragged ids(int input, Field output) {
        long[][] all = new long[size()][];
        for (int i = 0; i < all.length; i++) {
            all[i] = (long[]) made(i, raw(i), input);
        }
        return (Column.Ragged) RaggedDataset.column(output, all);
    }

    private int[] lengths(int input) {
        int[] lengths = new int[size()];
        for (int i = 0; i < lengths.length; i++) {
            Row row = raw(i);
            try {
                lengths[i] = open.steps(input, value(behind(), i, row, input));
            } catch (InputException e) {
                throw placed(i, e);
            }
        }
        return lengths;
    }

    private Object made(int index, Row row, int input) {
        try {
            return open.apply(input, value(behind(), index, row, input));
        } catch (InputException e) {
            throw placed(index, e);
        }
    }

    private InputException placed(int index, InputException e) {
        return new InputException("row " + behind().sourceRow(index) + ": " + e.getMessage(), e);
    }

    @Override
    public List<Field> inputs() {
        return open.outputs();
    }

    /** Nothing is left to be done. */
    @Override
    public Map<String, Transform> transforms() {
        return Map.of();
    }

    @Override
    public Preprocessing preprocessing() {
        return Preprocessing.none(inputs().get(0).unit());
    }

    @Override
    public int length(int index, int field) {
        Column.Ragged column = field < kept.size() ? kept.get(field) : null;
        if (column != null) {
            return column.length(index);
        }
        int[] lengths = field < steps.size() ? steps.get(field) : null;
        return lengths != null ? lengths[index] : behind().length(index, field);
    }

    @Override
    public void read(int index, Row into) {
        Row row = raw(index);
        for (int f = 0; f < row.fields(); f++) {
            Column.Ragged column = f < kept.size() ? kept.get(f) : null;
            if (column != null) {
                column.read(index, into.values(f), into.offset(f));
            } else if (f < kept.size() && open.changes(f)) {
                Object made = made(index, row, f);
                int held = made instanceof long[] ids ? ids.length : ((float[]) made).length;
                System.arraycopy(made, 0, into.values(f), into.offset(f), held);
            } else {
                Field field = row.column(f).field();
                int held = field.isBytes() ? 1 : field.isRagged() ? length(index, f) * field.unit() : field.elements();
                System.arraycopy(row.values(f), row.offset(f), into.values(f), into.offset(f), held);
            }
        }
    }

    @Override
    public long classId(int index) {
        return behind().classId(index);
    }
}
