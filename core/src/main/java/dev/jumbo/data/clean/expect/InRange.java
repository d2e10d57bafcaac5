package dev.jumbo.data.clean.expect;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Numbers lie between bounds, both included; a text is no such number. */
@Kind("range")
public record InRange(
        @Doc("Columns.") List<String> columns,
        @Doc("The least.") @Default("null") @Nullable Double min,
        @Doc("The most.") @Default("null") @Nullable Double max,

        @Doc("The share of values of which it must be true.") @Default("1")
        double mostly)
        implements Expectation {
    public InRange {
        columns = List.copyOf(columns);
        Shares.requireShare(mostly, "range");
        Shares.requireBounds(min, max, "range");
    }

    @Override
    public List<Finding> judge(Table table, Edits edits) {
        return Shares.judge(
                table,
                edits,
                columns,
                "a number " + Shares.between(min, max),
                mostly,
                false,
                (column, row) -> Shares.within(column.number(row), min, max));
    }
}
