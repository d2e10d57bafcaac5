package dev.jumbo.data.clean.steps;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.clean.SameValue;
import dev.jumbo.data.table.Table;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Of rows that are equal in all columns, or in a key, the first is kept; see {@link SameValue}. */
@Kind("duplicates")
public record Duplicates(
        @Doc("Columns that make rows the same; empty: all.") @Default("[]")
        List<String> key) implements CleaningStep {

    public Duplicates {
        key = List.copyOf(key);
    }

    /** Equal in all columns. */
    public static Duplicates rows() {
        return new Duplicates(List.of());
    }

    @Override
    public boolean isLocal() {
        return false;
    }

    /** Why rows are dropped. */
    public String reason() {
        return key.isEmpty() ? "the same row again" : "the same " + String.join(", ", key) + " again";
    }

    @Override
    public void apply(Table table, Edits edits) {
        int[] columns = CleaningStep.positions(table, key);
        SameValue same = SameValue.in(table, columns);
        Set<List<@Nullable String>> seen = new HashSet<>();
        for (int row = 0; row < table.rows(); row++) {
            if (!seen.add(same.key(row))) {
                edits.drop(row, columns[0], reason());
            }
        }
    }
}
