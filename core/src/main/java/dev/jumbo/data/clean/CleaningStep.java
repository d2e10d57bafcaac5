package dev.jumbo.data.clean;

import dev.jumbo.data.table.Table;
import java.util.List;
import java.util.stream.IntStream;

/** One repair of a table. Records with a {@link dev.jumbo.config.Kind}, run in order by a {@link Cleaner}. */
public sealed interface CleaningStep
        permits Dependency,
                Duplicates,
                Extract,
                MissingTokens,
                MissingValues,
                NormalizeText,
                NumbersOnly,
                Outliers,
                ParseNumber,
                Replace,
                ValidRange {
    /**
     * Looks at the table and makes every change through the edits, with its reason.
     *
     * @throws dev.jumbo.error.InputException if a column that the step names is not there
     */
    void apply(Table table, Edits edits);

    /**
     * Whether what it does to a row depends on that row alone, so that parts of a table can be cleaned apart. If not,
     * the step looks at a whole column or at groups of rows first.
     */
    default boolean isLocal() {
        return true;
    }

    /** Positions of named columns; of all where none is named. */
    static int[] positions(Table table, List<String> names) {
        return names.isEmpty()
                ? IntStream.range(0, table.columns().size()).toArray()
                : names.stream().mapToInt(table::indexOf).toArray();
    }
}
