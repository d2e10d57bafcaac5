package dev.jumbo.data.clean.expect;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Moment;
import dev.jumbo.data.table.Table;
import java.util.List;

/** Values are dates as {@code parse_date} writes them. */
@Kind("dates")
public record AllDates(
        @Doc("Columns.") List<String> columns,

        @Doc("The share of values of which it must be true.") @Default("1")
        double mostly)
        implements Expectation {
    public AllDates {
        columns = List.copyOf(columns);
        Shares.requireShare(mostly, "dates");
    }

    @Override
    public List<Finding> judge(Table table, Edits edits) {
        return Shares.judge(
                table,
                edits,
                columns,
                "a date such as 2020-01-31",
                mostly,
                false,
                (column, row) -> Moment.iso(String.valueOf(column.text(row))) != null);
    }
}
