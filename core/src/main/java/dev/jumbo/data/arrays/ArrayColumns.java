package dev.jumbo.data.arrays;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Arrays of a file as columns of fields that are known, such as those of a model. An array is {@code [N, ...]} of the field's shape. One of a
 * ragged field is {@code [N, T, ...]} with T of 1 to the longest, and an array {@code mask} of {@code [N, T]} ({@code NAME_mask} for further
 * ragged fields) of zeros and ones says which steps are real; all of them without it.
 *
 * @param columns of the fields, in order
 * @param errors for each row why it cannot be taken, such as a number that is not finite; null where it can
 */
public record ArrayColumns(List<Column> columns, List<@Nullable String> errors) {
    /**
     * Reads the arrays of some fields.
     *
     * @param place what messages call the file
     * @param beside names of arrays that may stand in the file and are left aside
     * @throws InputException that lists all arrays that are missing, of another shape or number of rows, or unknown
     */
    public static ArrayColumns read(ArrayFile file, String place, List<Field> fields, Collection<String> beside) {
        Reading reading = new Reading(file, fields);
        reading.requireAll(place, beside);
        List<@Nullable String> errors = new ArrayList<>();
        for (int row = 0; row < reading.rows(); row++) {
            errors.add(null);
        }
        List<Column> columns = new ArrayList<>();
        for (Field field : fields) {
            NamedArray array = reading.array(field.name());
            int[] steps = new int[field.isRagged() ? reading.rows() : 0];
            for (int row = 0; row < steps.length; row++) {
                NamedArray mask = reading.mask(field);
                int all = (int) array.shape().size(1);
                steps[row] = mask == null ? all : length(place, mask, row, all);
            }
            Column column = Values.of(field, array, steps, errors);
            columns.add(
                    field.isRagged() ? ragged(field, column, (int) array.shape().size(1), steps) : column);
        }
        return new ArrayColumns(columns, errors);
    }

    /** @throws InputException with the first row that cannot be taken */
    public ArrayColumns requireAll(String place) {
        for (int row = 0; row < errors.size(); row++) {
            if (errors.get(row) != null) {
                throw new InputException(place + ":" + row + ": " + errors.get(row));
            }
        }
        return this;
    }

    private static Column ragged(Field field, Column all, int most, int[] steps) {
        int unit = field.unit();
        boolean ids = field.dtype() == DType.INT64;
        long[][] longs = new long[ids ? steps.length : 0][];
        float[][] floats = new float[ids ? 0 : steps.length][];
        for (int row = 0; row < steps.length; row++) {
            int from = row * most * unit;
            int to = from + unit * steps[row];
            if (ids) {
                longs[row] = Arrays.copyOfRange(all.longs(), from, to);
            } else {
                floats[row] = Arrays.copyOfRange(all.floats(), from, to);
            }
        }
        return ids ? RaggedDataset.column(field, longs) : RaggedDataset.column(field, floats);
    }

    private static int length(String place, NamedArray mask, int row, int steps) {
        int length = 0;
        for (int i = 0; i < steps; i++) {
            double real = mask.number(row * steps + i);
            if (real != 0 && real != 1 || real == 1 && length < i) {
                throw new InputException(
                        place + ":" + row + ": expected a mask of ones for the steps of a row and zeros"
                                + " behind them, received " + real + " at step " + i);
            }
            length += (int) real;
        }
        if (length == 0) {
            throw new InputException(place + ":" + row + ": expected a mask with one step or more, received none");
        }
        return length;
    }

    /** The arrays of a file beside the fields that they should be. */
    private static final class Reading {
        private final ArrayFile file;
        private final List<Field> fields;
        private final Map<String, NamedArray> arrays = new HashMap<>();
        /** By the name of the field. */
        private final Map<String, NamedArray> masks = new HashMap<>();

        private final List<String> maskNames = new ArrayList<>();
        private final List<String> missing = new ArrayList<>();
        private final List<String> misshapen = new ArrayList<>();
        private final List<String> mistyped = new ArrayList<>();
        private long rows = -1;

        Reading(ArrayFile file, List<Field> fields) {
            this.file = file;
            this.fields = fields;
            List<String> names = file.names();
            for (Field field : fields) {
                if (!names.contains(field.name())) {
                    missing.add(field.name() + Nearest.hint(field.name(), names));
                    continue;
                }
                NamedArray array = file.read(field.name());
                arrays.put(field.name(), array);
                rows = rows < 0 ? array.rows() : rows;
                if (field.meaning() instanceof Meaning.Stored trained && trained.type() != array.stored()) {
                    mistyped.add(field.name() + " as " + array.type() + ", where the model was trained on "
                            + trained.type());
                }
                if (!fits(field, array)) {
                    misshapen.add(field.name() + " " + array.shape() + " instead of " + expected(field, rows));
                }
                if (field.isRagged()) {
                    mask(field, array, names);
                }
            }
        }

        NamedArray array(String name) {
            NamedArray array = arrays.get(name);
            if (array == null) {
                throw new IllegalStateException("not read: " + name);
            }
            return array;
        }

        int rows() {
            return (int) Math.max(0, rows);
        }

        /** Targets that are as long as the first ragged field, such as a class for each step, have its mask. */
        @Nullable
        NamedArray mask(Field field) {
            NamedArray own = masks.get(field.name());
            NamedArray first = fields.stream()
                    .filter(Field::isRagged)
                    .findFirst()
                    .map(f -> masks.get(f.name()))
                    .orElse(null);
            boolean same = first != null
                    && first.shape().equals(array(field.name()).shape().slice(0, 2));
            return own == null && same ? first : own;
        }

        private void mask(Field field, NamedArray array, List<String> names) {
            String name = maskNames.isEmpty() ? Batch.MASK : field.name() + "_" + Batch.MASK;
            maskNames.add(name);
            if (!names.contains(name)) {
                return;
            }
            NamedArray mask = file.read(name);
            masks.put(field.name(), mask);
            if (array.shape().rank() > 1 && !mask.shape().equals(array.shape().slice(0, 2))) {
                misshapen.add(name + " " + mask.shape() + " instead of "
                        + array.shape().slice(0, 2));
            }
        }

        private boolean fits(Field field, NamedArray array) {
            Shape shape = array.shape();
            if (shape.rank() != field.shape().rank() + 1 || shape.size(0) != rows || rows < 1) {
                return false;
            }
            if (!field.isRagged()) {
                return array.example().equals(field.shape());
            }
            return shape.size(1) >= 1
                    && shape.size(1) <= field.shape().size(0)
                    && shape.slice(2, shape.rank())
                            .equals(field.shape().slice(1, field.shape().rank()));
        }

        private static String expected(Field field, long rows) {
            StringBuilder text = new StringBuilder("[").append(rows < 1 ? "N" : "" + rows);
            for (int i = 0; i < field.shape().rank(); i++) {
                text.append(", ")
                        .append(i == 0 && field.isRagged() ? "1 to " : "")
                        .append(field.shape().size(i));
            }
            return text.append(']').toString();
        }

        void requireAll(String place, Collection<String> beside) {
            List<String> extra = new ArrayList<>(file.names());
            fields.forEach(field -> extra.remove(field.name()));
            extra.removeAll(maskNames);
            extra.removeAll(beside);
            if (missing.isEmpty() && misshapen.isEmpty() && mistyped.isEmpty() && extra.isEmpty()) {
                return;
            }
            List<String> wrong = new ArrayList<>();
            say(wrong, "missing: ", missing);
            say(wrong, "of another shape: ", misshapen);
            say(wrong, "of another type: ", mistyped);
            say(wrong, "unknown: ", extra);
            throw new InputException(place + ": expected the arrays "
                    + fields.stream()
                            .map(field -> field.name() + " " + expected(field, 0))
                            .toList()
                    + (maskNames.isEmpty() ? "" : ", of which " + maskNames + " need not be there,")
                    + (beside.isEmpty() ? "" : " beside " + beside + " that may be there")
                    + "; received " + String.join("; ", wrong)
                    + (mistyped.isEmpty()
                            ? ""
                            : "; save them as training has them, in type and scale: bytes (uint8) are divided by 255,"
                                    + " other numbers are not"));
        }

        private static void say(List<String> wrong, String what, List<String> names) {
            if (!names.isEmpty()) {
                wrong.add(what + String.join(", ", names));
            }
        }
    }

    /** Numbers of an array as those of a field. */
    private static final class Values {
        private Values() {}

        /** @param steps of each row that are real, of a ragged field; what is behind them is not looked at */
        static Column of(Field field, NamedArray array, int[] steps, List<@Nullable String> errors) {
            int rows = (int) array.rows();
            int each = (int) array.example().elements();
            Field flat = field.isRagged()
                    ? new Field(field.name(), field.spec().with(array.example()), field.meaning())
                    : field;
            Column column = Column.of(flat, rows);
            for (int row = 0; row < rows; row++) {
                int real = field.isRagged() ? steps[row] * field.unit() : each;
                for (int i = 0; i < real; i++) {
                    String wrong = set(column, array, row * each + i, flat);
                    if (wrong != null && errors.get(row) == null) {
                        errors.set(row, wrong + (each == 1 ? "" : " at " + i));
                    }
                }
            }
            return column;
        }

        private static @Nullable String set(Column column, NamedArray array, int at, Field field) {
            double number = array.number(at);
            switch (field.dtype()) {
                case INT64 -> {
                    long id = array.values() instanceof long[] ids ? ids[at] : (long) number;
                    if (array.dtype() != DType.INT64 && (number != Math.rint(number) || Math.abs(number) >= 0x1p53)) {
                        return "expected whole numbers in \"" + field.name() + "\", received " + number;
                    }
                    column.longs()[at] = id;
                    return unknown(field, id);
                }
                case FLOAT64 -> column.doubles()[at] = number;
                default -> column.floats()[at] = (float) number;
            }
            boolean fits = field.dtype() == DType.FLOAT64 ? Double.isFinite(number) : Float.isFinite((float) number);
            return fits ? null : "expected numbers up to 3.4e38 in \"" + field.name() + "\", received " + number;
        }

        private static @Nullable String unknown(Field field, long id) {
            boolean isClass = field.shape().rank() == 0 && !field.classes().isEmpty();
            long most = field.meaning() instanceof Meaning.Tokens tokens && tokens.vocabulary() > 0
                    ? tokens.vocabulary()
                    : isClass ? field.classes().size() : Long.MAX_VALUE;
            return most == Long.MAX_VALUE || id >= 0 && id < most
                    ? null
                    : "expected ids from 0 to " + (most - 1) + " in \"" + field.name() + "\", received " + id;
        }
    }
}
