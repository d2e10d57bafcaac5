package dev.jumbo.data.table;

import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Named columns of equal length in memory. Each row remembers its number in the source: the line where it began in a
 * text file, its position from 1 elsewhere.
 */
public final class Table {
    private final List<String> names;
    private final List<TableColumn> columns;
    private final long[] sourceRows;

    private Table(List<String> names, List<TableColumn> columns, long[] sourceRows) {
        this.names = List.copyOf(names);
        this.columns = List.copyOf(columns);
        this.sourceRows = sourceRows;
        if (names.size() != columns.size() || new HashSet<>(names).size() != names.size()) {
            throw new InputException(
                    "expected a different name for each of " + columns.size() + " columns, received " + names);
        }
        for (int c = 0; c < columns.size(); c++) {
            if (columns.get(c).size() != sourceRows.length) {
                throw new InputException("expected " + sourceRows.length + " rows in the column " + names.get(c)
                        + ", received " + columns.get(c).size());
            }
        }
    }

    /** Columns with their names; rows are numbered from 1. */
    public static Table of(List<String> names, List<? extends TableColumn> columns) {
        int rows = columns.isEmpty() ? 0 : columns.get(0).size();
        return new Table(
                names, List.copyOf(columns), LongStream.rangeClosed(1, rows).toArray());
    }

    /** Columns with their names and the number of each row in its source. */
    public static Table of(List<String> names, List<? extends TableColumn> columns, long[] sourceRows) {
        return new Table(names, List.copyOf(columns), sourceRows.clone());
    }

    public int rows() {
        return sourceRows.length;
    }

    public List<String> names() {
        return names;
    }

    public List<TableColumn> columns() {
        return columns;
    }

    /** The position of a column. @throws InputException with the nearest name if there is none */
    public int indexOf(String name) {
        int index = names.indexOf(name);
        if (index < 0) {
            throw new UnknownColumn(name, names);
        }
        return index;
    }

    /** A column by its name. @throws InputException with the nearest name if there is none */
    public TableColumn column(String name) {
        return columns.get(indexOf(name));
    }

    /** A value as text; null where it is missing. */
    public @Nullable String text(int row, int column) {
        return columns.get(column).text(row);
    }

    /** The number of a row in its source. */
    public long sourceRow(int row) {
        return sourceRows[row];
    }

    /** Some rows, in the given order, as a copy. */
    public Table select(int[] rows) {
        return new Table(
                names,
                columns.stream()
                        .map(column -> (TableColumn) column.select(rows))
                        .toList(),
                IntStream.of(rows).mapToLong(row -> sourceRows[row]).toArray());
    }

    /** All rows as a copy that can be changed on its own. */
    public Table copy() {
        return select(IntStream.range(0, rows()).toArray());
    }

    /** This table with one column replaced. */
    public Table with(String name, TableColumn column) {
        List<TableColumn> changed = new ArrayList<>(columns);
        changed.set(indexOf(name), column);
        return new Table(names, changed, sourceRows);
    }

    /**
     * This table with more columns behind the others.
     *
     * @throws InputException if there is a column of such a name
     */
    public Table plus(List<String> more, List<? extends TableColumn> added) {
        List<String> allNames = new ArrayList<>(names);
        for (String name : more) {
            if (allNames.contains(name)) {
                throw new InputException(
                        "expected a new column " + name + ", and there is one already; name another one");
            }
            allNames.add(name);
        }
        List<TableColumn> all = new ArrayList<>(columns);
        all.addAll(added);
        return new Table(allNames, all, sourceRows);
    }
}
