package dev.jumbo.data.clean;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.table.Table;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The same text in one spelling: blanks around it, case, runs of blanks. */
@Kind("normalize_text")
public record NormalizeText(
        @Doc("Columns; empty: all.") @Default("[]") List<String> columns,

        @Doc("Blanks around the text are dropped.") @Default("true")
        boolean trim,

        @Doc("Letters become lower case.") @Default("false") boolean lowerCase,

        @Doc("Runs of blanks become one blank.") @Default("true")
        boolean collapseBlanks)
        implements CleaningStep {
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    public NormalizeText {
        columns = List.copyOf(columns);
    }

    @Override
    public void apply(Table table, Edits edits) {
        for (int column : CleaningStep.positions(table, columns)) {
            for (int row = 0; row < table.rows(); row++) {
                String text = table.text(row, column);
                if (text == null) {
                    continue;
                }
                if (trim) {
                    text = text.strip();
                    edits.set(row, column, text, "blanks around the text");
                }
                if (collapseBlanks) {
                    text = BLANKS.matcher(text).replaceAll(" ");
                    edits.set(row, column, text, "several blanks");
                }
                if (lowerCase) {
                    edits.set(row, column, text.toLowerCase(Locale.ROOT), "upper case");
                }
            }
        }
    }
}
