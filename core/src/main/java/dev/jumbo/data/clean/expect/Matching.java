package dev.jumbo.data.clean.expect;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.clean.Patterns;
import dev.jumbo.data.table.Table;
import java.util.List;
import java.util.regex.Pattern;

/** Whole texts match a regular expression. */
@Kind("matches")
public record Matching(
        @Doc("Columns.") List<String> columns,
        @Doc("Regular expression for the whole text.") String pattern,

        @Doc("The share of values of which it must be true.") @Default("1")
        double mostly)
        implements Expectation {
    public Matching {
        columns = List.copyOf(columns);
        Shares.requireShare(mostly, "matches");
        Patterns.compile(pattern);
    }

    @Override
    public List<Finding> judge(Table table, Edits edits) {
        Pattern whole = Patterns.compile(pattern);
        return Shares.judge(
                table,
                edits,
                columns,
                "a text that matches " + pattern,
                mostly,
                false,
                (column, row) -> whole.matcher(String.valueOf(column.text(row))).matches());
    }
}
