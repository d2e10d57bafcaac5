package dev.jumbo.data.clean.expect;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.clean.SameValue;
import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** No two rows have the same values in these columns together; rows in which all of them are missing are not looked at. */
@Kind("unique")
public record Unique(@Doc("Columns.") List<String> columns) implements Expectation {
    public Unique {
        columns = List.copyOf(columns);
        if (columns.isEmpty()) {
            throw new InputException("expected columns in unique, received none");
        }
    }

    @Override
    public List<Finding> judge(Table table, Edits edits) {
        int[] positions = CleaningStep.positions(table, columns);
        SameValue same = SameValue.in(table, positions);
        Set<List<@Nullable String>> seen = new HashSet<>();
        long again = 0;
        for (int row = 0; row < table.rows(); row++) {
            List<@Nullable String> key = same.key(row);
            if (key.stream().anyMatch(Objects::nonNull) && !seen.add(key)) {
                again++;
                edits.flag(row, positions[0], "expected no second " + String.join(", ", columns));
            }
        }
        return List.of(new Finding(
                String.join(", ", columns) + ": different in every row",
                again == 0,
                String.format(Locale.ROOT, "%,d of %,d rows have what one before has", again, table.rows())));
    }
}
