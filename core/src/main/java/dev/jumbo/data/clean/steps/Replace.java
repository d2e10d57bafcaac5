package dev.jumbo.data.clean.steps;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.clean.Patterns;
import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.util.List;
import java.util.regex.Pattern;

/** Every match of a regular expression is replaced; {@code $1} in the replacement is the first group. */
@Kind("replace")
public record Replace(
        @Doc("Regular expression.") String pattern,

        @Doc("What stands in its place; $1 is the first group.")
        String with,

        @Doc("Columns; empty: all.") @Default("[]") List<String> columns)
        implements CleaningStep {

    public Replace {
        columns = List.copyOf(columns);
        try {
            // An unknown group in the replacement is found here and not at the first match.
            Patterns.compile("(?:" + pattern + ")|").matcher("").replaceAll(with);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new InputException(
                    "expected a replacement with groups of \"" + pattern + "\", received \"" + with + "\": "
                            + e.getMessage(),
                    e);
        }
    }

    /** In one column. */
    public static Replace in(String column, String pattern, String with) {
        return new Replace(pattern, with, List.of(column));
    }

    @Override
    public void apply(Table table, Edits edits) {
        Pattern compiled = Pattern.compile(pattern);
        for (int column : CleaningStep.positions(table, columns)) {
            for (int row = 0; row < table.rows(); row++) {
                String text = table.text(row, column);
                if (text != null) {
                    edits.set(row, column, compiled.matcher(text).replaceAll(with), "matches " + pattern);
                }
            }
        }
    }
}
