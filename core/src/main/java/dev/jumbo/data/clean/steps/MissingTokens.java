package dev.jumbo.data.clean.steps;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Table;
import java.util.List;
import java.util.Set;

/** Texts that stand for nothing become missing values. */
@Kind("missing_tokens")
public record MissingTokens(
        @Doc("Texts that mean a missing value.") List<String> tokens,
        @Doc("Columns; empty: all.") @Default("[]") List<String> columns)
        implements CleaningStep {

    public MissingTokens {
        tokens = List.copyOf(tokens);
        columns = List.copyOf(columns);
    }

    /** In all columns. */
    public static MissingTokens of(String... tokens) {
        return new MissingTokens(List.of(tokens), List.of());
    }

    @Override
    public void apply(Table table, Edits edits) {
        Set<String> missing = Set.copyOf(tokens);
        for (int column : CleaningStep.positions(table, columns)) {
            for (int row = 0; row < table.rows(); row++) {
                String text = table.text(row, column);
                if (text != null && missing.contains(text)) {
                    edits.set(row, column, null, "stands for a missing value");
                }
            }
        }
    }
}
