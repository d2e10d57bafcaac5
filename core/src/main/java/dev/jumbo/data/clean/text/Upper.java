package dev.jumbo.data.clean.text;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Table;
import java.util.List;

/** Letters become upper case, as Unicode has it: {@code straße} is {@code STRASSE}. */
@Kind("upper")
public record Upper(
        @Doc("Columns; empty: all.") @Default("[]") List<String> columns) implements CleaningStep {
    public Upper {
        columns = List.copyOf(columns);
    }

    /** In some columns. */
    public static Upper of(String... columns) {
        return new Upper(List.of(columns));
    }

    @Override
    public void apply(Table table, Edits edits) {
        TextCase.change(table, edits, columns, text -> TextCase.upper(text), "letters in lower case");
    }
}
