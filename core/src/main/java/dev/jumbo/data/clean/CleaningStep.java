package dev.jumbo.data.clean;

import dev.jumbo.data.table.NumberColumn;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TextColumn;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One repair of a table. Records with a {@link dev.jumbo.config.Kind}, run in order by a {@link Cleaner}. Those that are built
 * in are in {@code CleaningSteps}; a {@link dev.jumbo.config.KindProvider} adds others.
 */
public interface CleaningStep {
    /**
     * The table as this step needs it: with the columns that it adds, empty as yet, and with texts in place of numbers
     * where it writes texts. The rows stay what they are.
     *
     * @throws dev.jumbo.error.InputException if a column that it adds is there already
     */
    default Table prepare(Table table) {
        return table;
    }

    /**
     * Looks at the table and makes every change through the edits, with its reason.
     *
     * @throws dev.jumbo.error.InputException if a column that the step names is not there
     */
    void apply(Table table, Edits edits);

    /**
     * Whether what it does to a row depends on that row alone, so that parts of a table can be cleaned apart, and rows to
     * be predicted as those of training. If not, the step looks at a whole column or at groups of rows first.
     */
    default boolean isLocal() {
        return true;
    }

    /**
     * Whether the values that it writes, or the rows that it drops, follow from the values of other rows (a mean, a quantile,
     * a majority), so that rows that are held out later have a say in what is learned from.
     */
    default boolean learnsFromOthers() {
        return false;
    }

    /** Whether it reads dates: what it flags is a date that it could not read, which a model would take for a missing one. */
    default boolean readsDates() {
        return false;
    }

    /** How the values of a column are written that it reads, for messages; empty: it does not say. */
    default List<String> formats(String column) {
        return List.of();
    }

    /**
     * The same step without files: what it reads from them stands in it. So a model takes its steps along.
     *
     * @throws dev.jumbo.error.InputException if a file is not there or not what is expected
     */
    default CleaningStep resolved() {
        return this;
    }

    /**
     * The same step with what it has to find out about the whole table before it can work on single rows; steps for which
     * there is no such thing stay what they are.
     */
    default CleaningStep fitted(Table table) {
        return this;
    }

    /**
     * The same step for single rows, with what it takes from the whole training table in it, such as the mean that fills a
     * missing value. So rows to be predicted are repaired by training's figures. A step that cannot be put so is itself.
     *
     * @param table of training, as it is before this step
     */
    default List<CleaningStep> forRows(Table table) {
        return List.of(fitted(table));
    }

    /** Positions of named columns; of all where none is named. */
    static int[] positions(Table table, List<String> names) {
        return names.isEmpty()
                ? IntStream.range(0, table.columns().size()).toArray()
                : names.stream().mapToInt(table::indexOf).toArray();
    }

    /** A table in which some columns hold texts. */
    static Table withTexts(Table table, int[] columns) {
        Table changed = table;
        for (int column : columns) {
            if (table.columns().get(column) instanceof NumberColumn numbers) {
                TextColumn texts = TextColumn.empty();
                IntStream.range(0, numbers.size()).forEach(row -> texts.add(numbers.text(row), true));
                changed = changed.with(table.names().get(column), texts);
            }
        }
        return changed;
    }

    /** A table with more columns of texts, all missing. */
    static Table withColumns(Table table, List<String> names) {
        return table.plus(
                names,
                names.stream()
                        .map(name -> {
                            TextColumn empty = TextColumn.empty();
                            IntStream.range(0, table.rows()).forEach(row -> empty.add(null));
                            return empty;
                        })
                        .toList());
    }
}
