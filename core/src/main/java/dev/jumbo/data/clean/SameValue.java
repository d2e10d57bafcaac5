package dev.jumbo.data.clean;

import dev.jumbo.data.table.NumberColumn;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * When values are the same. In a column in which every value is a number they are compared as numbers: 1, 1.0 and 1e0 are one
 * value, as are 0 and -0. In others, and where one value begins with a zero as codes do (007), as texts.
 */
public final class SameValue {
    private final Table table;
    private final int[] columns;
    private final boolean[] numbers;

    private SameValue(Table table, int[] columns) {
        this.table = table;
        this.columns = columns;
        numbers = new boolean[columns.length];
        for (int i = 0; i < columns.length; i++) {
            numbers[i] = isNumbers(table.columns().get(columns[i]));
        }
    }

    /** In some columns of a table. */
    public static SameValue in(Table table, int... columns) {
        return new SameValue(table, columns);
    }

    private static boolean isNumbers(TableColumn column) {
        return column instanceof NumberColumn
                || IntStream.range(0, column.size()).allMatch(row -> mayBeNumber(column.text(row)));
    }

    /** Whether a value is missing or a number, and no code. */
    public static boolean mayBeNumber(@Nullable String text) {
        return text == null || Numbers.canonical(text) != null;
    }

    /** A text that is equal where values are the same. @param number whether they are compared as numbers */
    public static @Nullable String key(@Nullable String text, boolean number) {
        String canonical = text == null || !number ? null : Numbers.canonical(text);
        return canonical == null ? text : canonical;
    }

    /** Of one row: equal to that of another if all its values are the same; missing ones are null. */
    public List<@Nullable String> key(int row) {
        List<@Nullable String> key = new ArrayList<>(columns.length);
        for (int i = 0; i < columns.length; i++) {
            key.add(key(table.text(row, columns[i]), numbers[i]));
        }
        return key;
    }
}
