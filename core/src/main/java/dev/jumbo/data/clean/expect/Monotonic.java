package dev.jumbo.data.clean.expect;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Moment;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import java.util.List;
import java.util.Locale;

/** Numbers or dates of a column go one way from row to row; missing values are passed over. */
@Kind("monotonic")
public record Monotonic(
        @Doc("Column.") String column,

        @Doc("increasing or decreasing.") @Default("increasing")
        Direction direction,

        @Doc("Whether equal neighbours are refused.") @Default("false")
        boolean strictly)
        implements Expectation {
    /** Which way values go. */
    public enum Direction {
        INCREASING,
        DECREASING
    }

    @Override
    public List<Finding> judge(Table table, Edits edits) {
        int position = table.indexOf(column);
        TableColumn values = table.columns().get(position);
        long failed = 0;
        int last = -1;
        for (int row = 0; row < table.rows(); row++) {
            if (values.isMissing(row)) {
                continue;
            }
            if (last >= 0 && !follows(values, last, row)) {
                failed++;
                edits.flag(row, position, "expected " + words());
            }
            last = row;
        }
        return List.of(new Finding(
                column + ": " + words(),
                failed == 0,
                String.format(Locale.ROOT, "%,d values go the other way", failed)));
    }

    private String words() {
        return (strictly ? "strictly " : "") + direction.name().toLowerCase(Locale.ROOT) + " values";
    }

    /** A value that is neither a number nor a date follows nothing. */
    private boolean follows(TableColumn values, int before, int row) {
        double one = values.number(before);
        double two = values.number(row);
        Moment from = Moment.iso(String.valueOf(values.text(before)));
        Moment to = Moment.iso(String.valueOf(values.text(row)));
        int order;
        if (!Double.isNaN(one) && !Double.isNaN(two)) {
            order = Numbers.compare(String.valueOf(values.text(row)), String.valueOf(values.text(before)));
        } else if (from != null && to != null) {
            order = to.universal().compareTo(from.universal());
        } else {
            return false;
        }
        int signed = direction == Direction.INCREASING ? order : -order;
        return strictly ? signed > 0 : signed >= 0;
    }
}
