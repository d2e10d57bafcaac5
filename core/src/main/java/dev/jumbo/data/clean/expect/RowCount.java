package dev.jumbo.data.clean.expect;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Table;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The table has a number of rows. */
@Kind("row_count")
public record RowCount(
        @Doc("The least.") @Default("null") @Nullable Double min,
        @Doc("The most.") @Default("null") @Nullable Double max)
        implements Expectation {
    public RowCount {
        Shares.requireBounds(min, max, "row_count");
    }

    @Override
    public List<Finding> judge(Table table, Edits edits) {
        return List.of(new Finding(
                "rows: " + Shares.between(min, max),
                Shares.within(table.rows(), min, max),
                String.format(Locale.ROOT, "%,d", table.rows())));
    }
}
