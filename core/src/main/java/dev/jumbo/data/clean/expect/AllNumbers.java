package dev.jumbo.data.clean.expect;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Table;
import java.util.List;

/** Values are numbers. */
@Kind("numbers")
public record AllNumbers(
        @Doc("Columns.") List<String> columns,

        @Doc("The share of values of which it must be true.") @Default("1")
        double mostly)
        implements Expectation {
    public AllNumbers {
        columns = List.copyOf(columns);
        Shares.requireShare(mostly, "numbers");
    }

    @Override
    public List<Finding> judge(Table table, Edits edits) {
        return Shares.judge(
                table, edits, columns, "a number", mostly, false, (column, row) -> !Double.isNaN(column.number(row)));
    }
}
