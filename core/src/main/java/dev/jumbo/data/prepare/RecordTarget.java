package dev.jumbo.data.prepare;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import dev.jumbo.data.table.Truth;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.tensor.Shape;
import java.util.List;

/**
 * A column of a table that is predicted: a class of each row, or a number.
 *
 * @param classes of the training table, in order; empty for numbers
 */
record RecordTarget(String name, List<String> classes) {
    /** Classes as the training table has them. */
    static RecordTarget classes(Table learned, String name) {
        return new RecordTarget(name, Truth.categories(learned.column(name)));
    }

    /** @param from what the table is called in errors */
    Column of(Table table, String from) {
        return classes.isEmpty() ? numbers(table, from) : ids(table, from);
    }

    private Column ids(Table table, String from) {
        TableColumn column = table.column(name);
        long[] ids = new long[table.rows()];
        for (int row = 0; row < ids.length; row++) {
            String text = column.text(row);
            ids[row] = text == null ? -1 : Truth.position(classes, text);
            if (ids[row] < 0) {
                throw new InputException(from + ": expected one of the classes " + classes + " in " + name
                        + ", received " + (text == null ? "no value" : "\"" + text + "\"" + Nearest.hint(text, classes))
                        + " in row " + table.sourceRow(row));
            }
        }
        return ArrayDataset.column(Field.classId(name, classes), ids);
    }

    private Column numbers(Table table, String from) {
        TableColumn column = table.column(name);
        float[] numbers = new float[table.rows()];
        for (int row = 0; row < numbers.length; row++) {
            String text = column.text(row);
            try {
                numbers[row] = Float.parseFloat(String.valueOf(text));
            } catch (NumberFormatException e) {
                numbers[row] = Float.NaN;
            }
            if (!Float.isFinite(numbers[row])) {
                throw new InputException(from + ": expected a number in " + name + ", received "
                        + (text == null ? "no value" : "\"" + text + "\"") + " in row " + table.sourceRow(row));
            }
        }
        return ArrayDataset.column(Field.floats(name, Shape.of(1)), numbers);
    }
}
