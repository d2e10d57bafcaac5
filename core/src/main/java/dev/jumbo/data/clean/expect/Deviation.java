package dev.jumbo.data.clean.expect;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The standard deviation of a column's numbers (of a sample, as pandas) lies between bounds. */
@Kind("std")
public record Deviation(
        @Doc("Column with numbers.") String column,
        @Doc("The least.") @Default("null") @Nullable Double min,
        @Doc("The most.") @Default("null") @Nullable Double max)
        implements Expectation {
    public Deviation {
        Shares.requireBounds(min, max, "std");
    }

    @Override
    public List<Finding> judge(Table table, Edits edits) {
        return Statistics.judge(table, column, "std", Statistics::deviation, min, max);
    }
}
