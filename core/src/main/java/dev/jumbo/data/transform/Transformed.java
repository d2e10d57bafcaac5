package dev.jumbo.data.transform;

import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.ExampleStream;
import dev.jumbo.data.Examples;
import dev.jumbo.data.Field;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.Row;
import dev.jumbo.data.Transform;
import dev.jumbo.data.View;
import dev.jumbo.data.boxes.PictureMap;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A dataset of raw values, seen through its transforms. Ids are made once and kept, which says how long examples are, and so are numbers beside
 * them, such as a weight for each; of other inputs the values are made whenever an example is read.
 */
public final class Transformed extends View {
    private static final Logger LOG = LoggerFactory.getLogger(Transformed.class);

    private final OpenTransforms open;
    private final Map<String, Transform> applied;
    private final List<Column.@Nullable Ragged> kept = new ArrayList<>();
    private final List<int @Nullable []> steps = new ArrayList<>();
    /** Fields that go where the picture goes. */
    private final List<Integer> boxes;

    private Transformed(Dataset raw, OpenTransforms open, Map<String, Transform> applied) {
        super(raw);
        this.open = open;
        this.applied = applied;
        for (int group = 0; group < open.groups(); group++) {
            keep(group);
        }
        boxes = Boxes.of(open, raw.targets());
    }

    /**
     * Fits the transforms that a training split asks for, and shows it through them; itself where it asks for none. Of a stream they are fitted
     * on its first {@value dev.jumbo.data.ExampleStream#FITTED_ON} examples.
     */
    public static Dataset fitted(Dataset training) {
        Map<String, Transform> wanted = training.transforms();
        if (wanted.isEmpty()) {
            return training;
        }
        if (!(training instanceof ExampleStream stream)) {
            return of(training, Fitting.of(wanted, training));
        }
        Examples first = Examples.first(stream);
        Map<String, Transform> fitted = Fitting.of(wanted, first);
        if (first.areRead() && !fitted.equals(wanted)) {
            LOG.warn("transforms are fitted on the first {} examples of the stream alone", first.size());
        }
        return of(training, fitted);
    }

    /**
     * A dataset through transforms that are fitted already; itself where there are none.
     *
     * @throws InputException if an example cannot be transformed, with its row
     */
    public static Dataset of(Dataset raw, Map<String, Transform> fitted) {
        if (fitted.isEmpty()) {
            return raw;
        }
        OpenTransforms open = OpenTransforms.of(raw.inputs(), fitted);
        Map<String, Transform> applied = Collections.unmodifiableMap(new LinkedHashMap<>(fitted));
        return raw instanceof ExampleStream stream
                ? new TransformedStream(stream, open, applied)
                : new Transformed(raw, open, applied);
    }

    /** A dataset through transforms that stay the caller's, who closes them. */
    public static Dataset of(Dataset raw, OpenTransforms open) {
        return new Transformed(raw, open, Map.of());
    }

    /** The inputs of a dataset as they are before its transforms. */
    public static List<Field> rawInputs(Dataset dataset) {
        if (dataset instanceof TransformedStream stream) {
            return stream.rawInputs();
        }
        return dataset instanceof Transformed seen ? seen.open.raw() : dataset.inputs();
    }

    /** The fitted transforms that a dataset is seen through; none of one that is no such view. */
    public static Map<String, Transform> applied(Dataset dataset) {
        if (dataset instanceof TransformedStream stream) {
            return stream.applied();
        }
        return dataset instanceof Transformed seen ? seen.applied : Map.of();
    }

    /** Keeps the ids that a group makes with a number for each, and how long other ragged outputs are. */
    private void keep(int group) {
        List<Field> outputs = open.outputs(group);
        boolean ids = open.changes(group) && outputs.stream().anyMatch(Transformed::isIds);
        List<@Nullable Kept> all = new ArrayList<>();
        for (Field output : outputs) {
            boolean ragged = open.changes(group) && output.isRagged();
            boolean held = isIds(output) || (ids && output.dtype() == DType.FLOAT32 && output.unit() == 1);
            all.add(ragged && held ? new Kept(output, size()) : null);
            steps.add(ragged && !held ? new int[size()] : null);
        }
        int first = steps.size() - outputs.size();
        for (int i = 0; open.changes(group) && i < size(); i++) {
            List<Object> values =
                    ids || steps.stream().skip(first).anyMatch(Objects::nonNull) ? values(i, raw(i), group) : List.of();
            List<Object> made = ids ? made(i, values, group) : List.of();
            for (int k = 0; k < outputs.size(); k++) {
                int[] lengths = steps.get(first + k);
                Kept held = all.get(k);
                if (held != null) {
                    held.set(i, made.get(k));
                } else if (lengths != null) {
                    lengths[i] = ids
                            ? ((float[]) made.get(k)).length / outputs.get(k).unit()
                            : steps(i, values, group, k);
                }
            }
        }
        all.forEach(held -> kept.add(held == null ? null : held.column()));
    }

    private static boolean isIds(Field output) {
        return output.isRagged() && output.dtype() == DType.INT64;
    }

    /** Values of a ragged output, an array for each example. */
    private static final class Kept {
        private final Field field;
        private final long[][] ids;
        private final float[][] numbers;

        Kept(Field field, int examples) {
            this.field = field;
            boolean whole = isIds(field);
            ids = new long[whole ? examples : 0][];
            numbers = new float[whole ? 0 : examples][];
        }

        void set(int index, Object values) {
            if (isIds(field)) {
                ids[index] = (long[]) values;
            } else {
                numbers[index] = (float[]) values;
            }
        }

        Column.Ragged column() {
            return (Column.Ragged)
                    (isIds(field) ? RaggedDataset.column(field, ids) : RaggedDataset.column(field, numbers));
        }
    }

    /** Values of the raw inputs that a group reads. */
    private List<Object> values(int index, Row row, int group) {
        return open.reads(group).stream()
                .map(input -> Fitting.value(behind(), index, row, input))
                .toList();
    }

    private int steps(int index, List<Object> values, int group, int output) {
        try {
            return open.steps(group, output, values);
        } catch (InputException e) {
            throw placed(index, open.reads(group), e);
        }
    }

    private List<Object> made(int index, List<Object> values, int group) {
        try {
            return open.apply(group, values);
        } catch (InputException e) {
            throw placed(index, open.reads(group), e);
        }
    }

    /** @param inputs places of the raw inputs that it is about */
    private InputException placed(int index, List<Integer> inputs, InputException e) {
        List<String> names =
                inputs.stream().map(input -> open.raw().get(input).name()).toList();
        return new InputException(behind().place(index, names) + ": " + e.getMessage(), e);
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
        if (field >= kept.size()) {
            return behind().length(index, open.raw().size() + field - kept.size());
        }
        Column.Ragged column = kept.get(field);
        if (column != null) {
            return column.length(index);
        }
        int[] lengths = steps.get(field);
        return lengths != null ? lengths[index] : behind().length(index, rawOf(field));
    }

    /** The raw input that an output is, where no transform made it. */
    private int rawOf(int output) {
        int first = 0;
        for (int group = 0; group < open.groups(); group++) {
            first += open.outputs(group).size();
            if (output < first) {
                return open.reads(group).get(0);
            }
        }
        throw new IndexOutOfBoundsException(output);
    }

    @Override
    public void read(int index, Row into) {
        Row row = raw(index);
        int at = 0;
        for (int group = 0; group < open.groups(); group++) {
            List<Object> made = null;
            for (int k = 0; k < open.outputs(group).size(); k++, at++) {
                Column.Ragged column = kept.get(at);
                if (column != null) {
                    column.read(index, into.values(at), into.offset(at));
                } else if (open.changes(group)) {
                    made = made == null ? made(index, values(index, row, group), group) : made;
                    Object values = made.get(k);
                    int held = values instanceof long[] ids ? ids.length : ((float[]) values).length;
                    System.arraycopy(values, 0, into.values(at), into.offset(at), held);
                } else {
                    copy(index, row, open.reads(group).get(0), into, at);
                }
            }
        }
        for (int target = open.raw().size(); target < row.fields(); target++, at++) {
            copy(index, row, target, into, at);
        }
        if (!boxes.isEmpty()) {
            follow(index, row, into);
        }
    }

    /** Boxes go where their picture went. */
    private void follow(int index, Row row, Row into) {
        try {
            PictureMap map = open.placed(IntStream.range(0, open.raw().size())
                    .mapToObj(input -> Fitting.value(behind(), index, row, input))
                    .toList());
            for (int field : boxes) {
                Field own = into.column(field).field();
                Field seen =
                        field < kept.size() ? inputs().get(field) : targets().get(field - kept.size());
                int held = seen.isRagged() ? length(index, field) * seen.unit() : own.elements();
                map.apply(into.floats(field), into.offset(field), held / PictureMap.VALUES);
            }
        } catch (InputException e) {
            List<Integer> all = IntStream.range(0, open.raw().size()).boxed().toList();
            throw placed(index, all, e);
        }
    }

    private void copy(int index, Row row, int from, Row into, int to) {
        Field field = row.column(from).field();
        int held =
                field.isBytes() ? 1 : field.isRagged() ? behind().length(index, from) * field.unit() : field.elements();
        System.arraycopy(row.values(from), row.offset(from), into.values(to), into.offset(to), held);
    }

    @Override
    public long classId(int index) {
        return behind().classId(index);
    }
}
