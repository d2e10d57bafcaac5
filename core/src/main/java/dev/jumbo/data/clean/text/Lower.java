package dev.jumbo.data.clean.text;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Table;
import java.util.List;

/** Letters become lower case, as Unicode has it. */
@Kind("lower")
public record Lower(
        @Doc("Columns; empty: all.") @Default("[]") List<String> columns) implements CleaningStep {
    public Lower {
        columns = List.copyOf(columns);
    }

    /** In some columns. */
    public static Lower of(String... columns) {
        return new Lower(List.of(columns));
    }

    @Override
    public void apply(Table table, Edits edits) {
        TextCase.change(table, edits, columns, text -> TextCase.lower(text), "letters in upper case");
    }
}
