package dev.jumbo.data.prepare;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.boxes.PictureMap;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import dev.jumbo.data.table.Truth;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import java.util.List;

/**
 * A column of a table that is predicted: a class of each row, or a number.
 *
 * @param classes of the training table, in order; empty for numbers
 * @param box whether it is a box on the picture
 */
record RecordTarget(String name, List<String> classes, boolean box) {
    RecordTarget(String name, List<String> classes) {
        this(name, classes, false);
    }

    /** Classes as the training table has them. */
    static RecordTarget classes(Table learned, String name) {
        return new RecordTarget(name, Truth.categories(learned.column(name)));
    }

    /** @param from what the table is called in errors */
    Column of(Table table, String from) {
        if (box) {
            return boxes(table, from);
        }
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
                        + " in row " + table.sourceRow(row)
                        + (text == null
                                ? "; leave such rows out, or say by missing: [] that None, NA and the like are classes"
                                : ""));
            }
        }
        return ArrayDataset.column(Field.classId(name, classes), ids);
    }

    private Column boxes(Table table, String from) {
        TableColumn column = table.column(name);
        float[] all = new float[table.rows() * PictureMap.VALUES];
        for (int row = 0; row < table.rows(); row++) {
            String text = column.text(row);
            float[] box = text == null ? null : NumberList.parse(text);
            boolean fits = box != null && box.length == PictureMap.VALUES && box[0] <= box[2] && box[1] <= box[3];
            if (box == null || !fits) {
                boolean turned = box != null && box.length == PictureMap.VALUES;
                throw new InputException(from + ": expected a box [left, top, right, bottom]"
                        + (turned ? " whose right is not left of its left, nor its bottom above its top," : "") + " in "
                        + name + ", received " + (text == null ? "no value" : "\"" + text + "\"") + " in row "
                        + table.sourceRow(row));
            }
            System.arraycopy(box, 0, all, row * box.length, box.length);
        }
        Field field = new Field(name, Spec.floats(PictureMap.VALUES), new Meaning.Boxes());
        return ArrayDataset.column(field, all);
    }

    private Column numbers(Table table, String from) {
        TableColumn column = table.column(name);
        float[] numbers = new float[table.rows()];
        for (int row = 0; row < numbers.length; row++) {
            String text = column.text(row);
            // As all columns of tables have numbers: without Java's suffixes and hexadecimal ones.
            numbers[row] =
                    text != null && Double.isFinite(Numbers.parse(text)) ? Float.parseFloat(text.strip()) : Float.NaN;
            if (!Float.isFinite(numbers[row])) {
                throw new InputException(from + ": expected a number in " + name + ", received "
                        + (text == null ? "no value" : "\"" + text + "\"") + " in row " + table.sourceRow(row));
            }
        }
        return ArrayDataset.column(Field.floats(name, Shape.of(1)), numbers);
    }
}
