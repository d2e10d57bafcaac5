package dev.jumbo.data.clean.expect;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Table;
import java.util.List;

/** No value is missing. */
@Kind("not_missing")
public record Filled(
        @Doc("Columns; empty: all.") @Default("[]") List<String> columns,

        @Doc("The share of values of which it must be true.") @Default("1")
        double mostly)
        implements Expectation {
    public Filled {
        columns = List.copyOf(columns);
        Shares.requireShare(mostly, "not_missing");
    }

    @Override
    public List<Finding> judge(Table table, Edits edits) {
        return Shares.judge(table, edits, columns, "a value", mostly, true, (column, row) -> !column.isMissing(row));
    }
}
