package dev.jumbo.data.table.encode;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Row;
import dev.jumbo.data.table.Cell;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import dev.jumbo.data.table.Truth;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The rows of a table as examples: one FLOAT64 value a column (numbers, positions of categories, NaN where missing, -1
 * for a category that the layout does not know), and the target as class id or number.
 */
public final class TableDataset implements Dataset {
    private final TableLayout layout;
    private final ArrayDataset values;

    private final long[] sourceRows;

    private TableDataset(TableLayout layout, ArrayDataset values, Table table) {
        this.layout = layout;
        this.values = values;
        sourceRows =
                IntStream.range(0, table.rows()).mapToLong(table::sourceRow).toArray();
    }

    /**
     * Converts a table; columns that the layout does not name are left out.
     *
     * @throws InputException if a column is not there, or a target is missing or not one of the classes
     */
    public static TableDataset of(Table table, TableLayout layout) {
        List<TableLayout.Input> inputs = layout.inputs();
        double[] raw = new double[Math.multiplyExact(table.rows(), inputs.size())];
        for (int i = 0; i < inputs.size(); i++) {
            TableColumn column = table.column(inputs.get(i).name());
            List<Cell> wrong = new ArrayList<>();
            for (int row = 0; row < table.rows(); row++) {
                String text = column.text(row);
                double value = inputs.get(i).raw(text);
                raw[row * inputs.size() + i] = value;
                if (text != null && !Double.isFinite(value)) {
                    wrong.add(new Cell(table.sourceRow(row), text));
                }
            }
            if (!wrong.isEmpty()) {
                throw misfit(inputs.get(i), wrong);
            }
        }
        Column rows = ArrayDataset.column(Field.doubles("row", Shape.of(inputs.size())), raw);
        List<Column> targets = layout.targets().stream()
                .map(target -> target(table, target.name(), target.classes()))
                .toList();
        return new TableDataset(layout, ArrayDataset.of(List.of(rows), targets), table);
    }

    private static Column target(Table table, String name, List<String> classes) {
        TableColumn target = table.column(name);
        if (classes.isEmpty()) {
            float[] numbers = new float[table.rows()];
            double[] exact = new double[table.rows()];
            for (int row = 0; row < numbers.length; row++) {
                exact[row] = target.number(row);
                numbers[row] = (float) exact[row];
                String text = target.text(row);
                if (text == null) {
                    throw targetless(table, row, name);
                }
                if (!Float.isFinite(numbers[row])) {
                    throw new InputException("expected a number as target in " + name + ", received "
                            + new Cell(table.sourceRow(row), text)
                            + "; clean it with parse_number or outliers, or write columns: {" + name + ": category}");
                }
            }
            TargetPrecision.require(name, exact);
            return ArrayDataset.column(Field.floats(name, Shape.of()), numbers);
        }
        long[] ids = new long[table.rows()];
        for (int row = 0; row < ids.length; row++) {
            String text = target.text(row);
            if (text == null) {
                throw targetless(table, row, name);
            }
            ids[row] = Truth.position(classes, text);
            if (ids[row] < 0) {
                throw new InputException("unknown class \"" + text + "\" in " + name + ", row " + table.sourceRow(row)
                        + Nearest.hint(text, classes) + "; clean it with replace");
            }
        }
        return ArrayDataset.column(Field.classId(name, classes), ids);
    }

    /** A cell that is there but not a value of its column's type is never taken for a missing one. */
    private static InputException misfit(TableLayout.Input input, List<Cell> wrong) {
        return new InputException("expected a finite " + input.type().name().toLowerCase(Locale.ROOT)
                + " in each row of "
                + input.name() + " as in training, received "
                + Cell.list(wrong.subList(0, Math.min(5, wrong.size())), wrong.size())
                + "; clean it with parse_number, missing_tokens, numbers or outliers");
    }

    private static InputException targetless(Table table, int row, String name) {
        return new InputException("expected a target in " + name + ", received a missing value in row "
                + table.sourceRow(row) + "; drop such rows with missing: {fill: drop, columns: [" + name + "]}");
    }

    public TableLayout layout() {
        return layout;
    }

    @Override
    public long sourceRow(int index) {
        return sourceRows[index];
    }

    @Override
    public int size() {
        return values.size();
    }

    @Override
    public List<Field> inputs() {
        return values.inputs();
    }

    @Override
    public List<Field> targets() {
        return values.targets();
    }

    @Override
    public void read(int index, Row into) {
        values.read(index, into);
    }

    @Override
    public boolean mayBeSorted() {
        return true;
    }

    @Override
    public String fingerprint() {
        return values.fingerprint();
    }
}
