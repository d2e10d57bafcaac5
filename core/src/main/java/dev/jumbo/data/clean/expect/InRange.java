package dev.jumbo.data.clean.expect;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Numbers lie between bounds, both included and compared with all digits; a text is no such number. */
@Kind("range")
public record InRange(
        @Doc("Columns.") List<String> columns,
        @Doc("The least.") @Default("null") @Nullable BigDecimal min,
        @Doc("The most.") @Default("null") @Nullable BigDecimal max,

        @Doc("The share of values of which it must be true.") @Default("1")
        double mostly)
        implements Expectation {
    public InRange {
        columns = List.copyOf(columns);
        min = min == null ? null : Numbers.stripped(min);
        max = max == null ? null : Numbers.stripped(max);
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
                (column, row) -> isWithin(column, row));
    }

    /** With all digits. */
    private boolean isWithin(TableColumn column, int row) {
        String text = column.text(row);
        return text != null
                && !Double.isNaN(column.number(row))
                && (min == null || Numbers.compare(text, min) >= 0)
                && (max == null || Numbers.compare(text, max) <= 0);
    }
}
