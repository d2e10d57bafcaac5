package dev.jumbo.data.clean.expect;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.clean.rules.Expression;
import dev.jumbo.data.table.Table;
import java.util.List;
import java.util.Locale;

/** A condition over the columns of a row is not violated, see {@link dev.jumbo.data.clean.rules.Expression}. */
@Kind("rule")
public record Holds(
        @Doc("The condition, as in end >= start.") String check,

        @Doc("The share of values of which it must be true.") @Default("1")
        double mostly)
        implements Expectation {
    public Holds {
        Expression.of(check);
        Shares.requireShare(mostly, "rule");
    }

    @Override
    public List<Finding> judge(Table table, Edits edits) {
        Expression expression = Expression.of(check);
        Expression.Bound bound = expression.bind(table);
        int column = table.indexOf(expression.columns().get(0));
        long failed = 0;
        long unchecked = 0;
        long looked = 0;
        for (int row = 0; row < table.rows(); row++) {
            Expression.Outcome outcome = bound.of(row);
            looked += outcome == Expression.Outcome.UNKNOWN ? 0 : 1;
            if (outcome.isUncheckable()) {
                failed++;
                unchecked++;
                edits.flag(row, column, "cannot be checked, " + outcome.why() + ": " + check);
            } else if (outcome == Expression.Outcome.VIOLATED) {
                failed++;
                edits.flag(row, column, "expected " + check);
            }
        }
        return List.of(new Finding(
                check,
                looked - failed >= mostly * looked,
                String.format(Locale.ROOT, "%,d of %,d rows are not so", failed, looked)
                        + (unchecked == 0
                                ? ""
                                : String.format(Locale.ROOT, ", %,d of them cannot be checked", unchecked))));
    }
}
