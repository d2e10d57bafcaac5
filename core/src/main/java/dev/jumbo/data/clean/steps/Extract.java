package dev.jumbo.data.clean.steps;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.clean.Patterns;
import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A missing value is taken from another column: the first group of a regular expression that its whole text matches. */
@Kind("extract")
public record Extract(
        @Doc("Column that is read.") String from,

        @Doc("Regular expression with one group, for the whole text.")
        String pattern,

        @Doc("Column whose missing values are filled.") String to)
        implements CleaningStep {

    public Extract {
        if (Patterns.compile(pattern).matcher("").groupCount() < 1) {
            throw new InputException("expected a group in the pattern of extract, received \"" + pattern + "\"");
        }
    }

    @Override
    public void apply(Table table, Edits edits) {
        Pattern compiled = Pattern.compile(pattern);
        int source = table.indexOf(from);
        int target = table.indexOf(to);
        for (int row = 0; row < table.rows(); row++) {
            String text = table.text(row, source);
            if (text != null && table.text(row, target) == null) {
                Matcher matcher = compiled.matcher(text);
                if (matcher.matches()) {
                    edits.set(row, target, matcher.group(1), "missing, found in " + from);
                }
            }
        }
    }
}
