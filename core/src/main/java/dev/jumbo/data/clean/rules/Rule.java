package dev.jumbo.data.clean.rules;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must hold in every row, see {@link Expression}. A row in which it cannot be said, because a value is missing, does not
 * violate it; one that cannot be checked (a text where numbers are compared, a division by zero) is counted, shown and left.
 */
@Kind("rule")
public record Rule(
        @Doc("What must hold, as in end >= start, or age between 0 and 120 and not missing(id).")
        String check,

        @Doc("What becomes of a row that violates it: flag, missing, drop or quarantine.") @Default("flag")
        Violation action,

        @Doc("With missing: the columns whose values become so; empty: all that the rule names.") @Default("[]")
        List<String> columns,

        @Doc("What the report calls it; null: the rule itself.") @Default("null") @Nullable
        String name)
        implements CleaningStep {

    /** What becomes of a row that violates a rule. */
    public enum Violation {
        /** It is reported and stays. */
        FLAG,
        /** Values become missing. */
        MISSING,
        /** It is dropped. */
        DROP,
        /** It is dropped and written aside, for somebody to look at. */
        QUARANTINE
    }

    public Rule {
        columns = List.copyOf(columns);
        Expression.of(check);
    }

    /** By its own words. */
    public static Rule of(String check, Violation action) {
        return new Rule(check, action, List.of(), null);
    }

    @Override
    public void apply(Table table, Edits edits) {
        Expression expression = Expression.of(check);
        Expression.Bound bound = expression.bind(table);
        int first = table.indexOf(expression.columns().get(0));
        int[] emptied = CleaningStep.positions(table, columns.isEmpty() ? expression.columns() : columns);
        String reason = "violates " + (name == null ? check : name);
        for (int row = 0; row < table.rows(); row++) {
            Expression.Outcome outcome = bound.of(row);
            if (outcome == Expression.Outcome.VIOLATED) {
                act(edits, row, first, emptied, reason);
            } else if (outcome.isUncheckable()) {
                edits.flag(row, first, "cannot be checked, " + outcome.why() + ": " + (name == null ? check : name));
            }
        }
    }

    private void act(Edits edits, int row, int first, int[] emptied, String reason) {
        switch (action) {
            case FLAG -> edits.flag(row, first, reason);
            case DROP -> edits.drop(row, first, reason);
            case QUARANTINE -> edits.quarantine(row, first, reason);
            case MISSING -> {
                for (int column : emptied) {
                    edits.set(row, column, null, reason);
                }
            }
        }
    }
}
