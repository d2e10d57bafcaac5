package dev.jumbo.data.transform;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Field;
import dev.jumbo.data.Transform;
import dev.jumbo.data.table.ColumnType;
import dev.jumbo.data.table.encode.RowReader;
import dev.jumbo.data.table.encode.TableEncoder;
import dev.jumbo.data.table.encode.TableEncoding;
import dev.jumbo.data.table.encode.TableFeature;
import dev.jumbo.data.table.encode.TableLayout;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of one or more columns as one vector {@code [F]}, scaled and filled as the numbers of a table are ({@link TableEncoder}): fitted on the
 * training split, in double, rounded to float32 last. A missing number is NaN before it.
 *
 * @param of the columns; empty: the one of its own name
 * @param encode how numbers become features
 * @param rows how rows are read that are given by the names of columns; null where the values are no columns of a table
 * @param features what it has learned, one for each column; empty before
 */
@Kind("numbers")
@Doc("Numbers of one or more columns as one vector, scaled and filled as those of a table.")
public record RowNumbers(
        @Doc("The columns; by default the one of its own name.") @Default("[]")
        List<String> of,

        @Doc("How numbers become features.") @Default("{}") TableEncoder encode,

        @Doc("How rows are read, which the data says.") @Default("null") @Nullable
        RowForm rows,

        @Doc("What it has learned, one for each column.") @Default("[]")
        List<TableFeature> features)
        implements Transform {
    public RowNumbers {
        of = List.copyOf(of);
        features = List.copyOf(features);
        if (new HashSet<>(of).size() < of.size()) {
            throw new InputException("numbers.of: expected different columns, received " + of);
        }
        if (!features.isEmpty() && features.size() != Math.max(1, of.size())) {
            throw new InputException(
                    "numbers: expected a feature for each of the columns " + of + ", received " + features.size());
        }
    }

    /** Scaled by mean and deviation, missing ones filled by the mean. @param columns none for the one of its own name */
    public static RowNumbers columns(String... columns) {
        return new RowNumbers(List.of(columns), TableEncoder.standard(), null, List.of());
    }

    /** This for rows of a table. */
    public RowNumbers withRows(RowForm form) {
        return new RowNumbers(of, encode, form, features);
    }

    /** Reads the columns from rows by name; null where it does not know such rows. @param name that it stands under */
    public @Nullable RowReader reader(String name) {
        RowForm form = rows;
        if (form == null) {
            return null;
        }
        return new RowReader(new TableEncoding(
                layout(inputs(reads(name)), form.targets()),
                form.missing(),
                features,
                form.columns(),
                form.format(),
                form.clean(),
                Map.of()));
    }

    private static List<TableLayout.Input> inputs(List<String> columns) {
        return columns.stream()
                .map(column -> new TableLayout.Input(column, ColumnType.NUMBER, List.of()))
                .toList();
    }

    /** A layout has a target; where rows say nothing of one, it is none that a row could have. */
    private static TableLayout layout(List<TableLayout.Input> inputs, List<String> targets) {
        List<TableLayout.Target> all = new ArrayList<>();
        (targets.isEmpty() ? List.of("") : targets)
                .forEach(target -> all.add(new TableLayout.Target(target, List.of())));
        return new TableLayout(inputs, all.get(0), all.subList(1, all.size()));
    }

    @Override
    public List<String> reads(String name) {
        return of.isEmpty() ? List.of(name) : of;
    }

    @Override
    public List<Field> rawFields(String name) {
        return reads(name).stream()
                .map(column -> Field.doubles(column, Shape.of()))
                .toList();
    }

    /** Before it is fitted it does not know which numbers are missing, nor how many pieces one has: one feature a column. */
    @Override
    public List<Field> outputs(String name, List<Field> raw) {
        for (Field field : raw) {
            if (!field.dtype().isFloating() || field.isRagged() || field.elements() != 1) {
                throw new InputException("numbers: expected fields of one number each, received " + field);
            }
        }
        int width = features.isEmpty()
                ? raw.size()
                : features.stream().mapToInt(TableFeature::width).sum();
        return List.of(Field.floats(name, Shape.of(width)));
    }

    @Override
    public RowNumbers fitAll(List<Field> raw, Iterable<List<Object>> training) {
        if (!features.isEmpty()) {
            return this;
        }
        List<double[]> all = new ArrayList<>();
        for (List<Object> values : training) {
            all.add(numbers(values));
        }
        if (all.isEmpty()) {
            throw new InputException("numbers: expected examples to fit on, received an empty training split");
        }
        double[][] columns = new double[raw.size()][all.size()];
        for (int i = 0; i < all.size(); i++) {
            for (int c = 0; c < columns.length; c++) {
                columns[c][i] = all.get(i)[c];
            }
        }
        List<String> names = raw.stream().map(Field::name).toList();
        return new RowNumbers(of, encode, rows, encode.features(inputs(names), columns));
    }

    private static double[] numbers(List<Object> values) {
        double[] row = new double[values.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = values.get(i) instanceof double[] wide ? wide[0] : ((float[]) values.get(i))[0];
        }
        return row;
    }

    @Override
    public Opened openAll(List<Field> raw) {
        if (features.isEmpty()) {
            throw new IllegalStateException("numbers: it is fitted before it is opened");
        }
        List<String> names = raw.stream().map(Field::name).toList();
        TableEncoding encoding = new TableEncoding(layout(inputs(names), List.of()), List.of(), features);
        int width = encoding.width();
        return values -> {
            float[] out = new float[width];
            encoding.apply(numbers(values), 0, out, 0);
            return List.of(out);
        };
    }

    /** Rows are read as the data at hand says; what was learned stays. */
    @Override
    public Transform forRowsOf(Transform asked) {
        return asked instanceof RowNumbers other ? new RowNumbers(of, encode, other.rows, features) : this;
    }
}
