package dev.jumbo.data.clean.expect;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.util.List;
import java.util.Set;

/** Values are among given ones. */
@Kind("in_set")
public record InSet(
        @Doc("Columns.") List<String> columns,
        @Doc("Values that are expected.") List<String> values,

        @Doc("The share of values of which it must be true.") @Default("1")
        double mostly)
        implements Expectation {
    public InSet {
        columns = List.copyOf(columns);
        Shares.requireShare(mostly, "in_set");
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new InputException("expected values in in_set, received none: no value would be among them");
        }
    }

    @Override
    public List<Finding> judge(Table table, Edits edits) {
        Set<String> known = Set.copyOf(values);
        return Shares.judge(
                table,
                edits,
                columns,
                "one of " + String.join(", ", values),
                mostly,
                false,
                (column, row) -> known.contains(String.valueOf(column.text(row))));
    }
}
