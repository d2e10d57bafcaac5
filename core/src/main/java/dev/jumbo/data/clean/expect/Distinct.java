package dev.jumbo.data.clean.expect;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.clean.SameValue;
import dev.jumbo.data.table.Table;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The number of different values of a column lies between bounds. */
@Kind("distinct")
public record Distinct(
        @Doc("Column.") String column,
        @Doc("The least.") @Default("null") @Nullable Double min,
        @Doc("The most.") @Default("null") @Nullable Double max)
        implements Expectation {
    public Distinct {
        Shares.requireBounds(min, max, "distinct");
    }

    @Override
    public List<Finding> judge(Table table, Edits edits) {
        SameValue same = SameValue.in(table, table.indexOf(column));
        long distinct = IntStream.range(0, table.rows())
                .mapToObj(same::key)
                .filter(key -> key.get(0) != null)
                .distinct()
                .count();
        return List.of(new Finding(
                column + ": different values " + Shares.between(min, max),
                Shares.within(distinct, min, max),
                String.format(Locale.ROOT, "%,d", distinct)));
    }
}
