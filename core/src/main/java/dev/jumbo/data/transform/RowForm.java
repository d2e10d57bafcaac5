package dev.jumbo.data.transform;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.data.clean.RowCleaner;
import dev.jumbo.data.table.read.CsvFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of a table are written and cleaned, for whoever predicts from rows by name.
 *
 * @param missing texts that stand for a missing value
 * @param columns of the raw table
 * @param targets that nobody who predicts is asked for
 * @param format of its texts, without its path; null where it was no file of texts
 * @param clean what cleaning does to single rows, with training's figures in it; null for nothing
 */
public record RowForm(
        @Doc("Texts that stand for a missing value.") @Default("[]")
        List<String> missing,

        @Doc("All columns of the raw table.") @Default("[]") List<String> columns,
        @Doc("Columns that are predicted.") @Default("[]") List<String> targets,

        @Doc("How the raw table's texts are written, without its path; null where it was no file of texts.")
        @Default("null")
        @Nullable
        CsvFile format,

        @Doc("What cleaning does to single rows, with training's figures in it; null for nothing.")
        @Default("null")
        @Nullable
        RowCleaner clean) {
    public RowForm {
        missing = List.copyOf(missing);
        columns = List.copyOf(columns);
        targets = List.copyOf(targets);
    }
}
