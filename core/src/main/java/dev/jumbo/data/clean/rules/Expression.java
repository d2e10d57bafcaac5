package dev.jumbo.data.clean.rules;

import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A condition over the columns of a row.
 *
 * <pre>
 * end &gt;= start                             numbers, or dates as parse_date writes them
 * age between 0 and 120 and not missing(id)
 * status in ('open', 'closed') or closed_at is missing
 * end - start &lt;= 30                        days between dates
 * `unit price` * amount = total            names with blanks in backticks
 * </pre>
 *
 * <p>Numbers are decimal and exact: 0.1 * 3 = 0.3, and 9007199254740993 is not 9007199254740992. A quotient has 34 digits; where
 * that is not all of it, it is equal to what is within 1e-15 of it. A division by zero has no value: such a row {@linkplain
 * Outcome#UNDEFINED cannot be checked}.
 *
 * <p>What depends on a missing value is neither true nor false, as in SQL. There are no loops, no names of classes and no
 * access to anything but the row; length and depth are bounded.
 */
public final class Expression {
    private static final int LONGEST = 4000;

    private final String text;
    private final Node condition;
    private final Map<String, Integer> columns;

    private Expression(String text, Node condition, Map<String, Integer> columns) {
        this.text = text;
        this.condition = condition;
        this.columns = columns;
    }

    /** @throws InputException with the position of what is not understood */
    public static Expression of(String text) {
        if (text.isBlank() || text.length() > LONGEST) {
            throw new InputException("expected a rule such as \"end >= start\" of at most " + LONGEST
                    + " characters, received " + (text.isBlank() ? "none" : text.length()));
        }
        Parser parser = new Parser(text);
        Node condition = parser.condition();
        if (parser.columns().isEmpty()) {
            throw new InputException("rule \"" + text + "\": expected the name of a column, received none");
        }
        return new Expression(text, condition, Map.copyOf(parser.columns()));
    }

    /** The columns that it names, in the order in which it does. */
    public List<String> columns() {
        return columns.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What is found about a row. */
    public enum Outcome {
        HOLDS,
        VIOLATED,
        /** A value that it needs is missing. */
        UNKNOWN,
        /** A value is of another kind than it needs. */
        UNFIT("its values are not of one kind"),
        /** It divides by zero, or takes infinity from infinity. */
        UNDEFINED("it divides by zero, or calculates with infinity"),
        /** A number is to be less or greater than a text in quotes. */
        QUOTED("a number is compared with a text in quotes, write it without quotes");

        private final String why;

        Outcome() {
            this("");
        }

        Outcome(String why) {
            this.why = why;
        }

        /** Whether nothing can be said about the row although its values are there. */
        public boolean isUncheckable() {
            return !why.isEmpty();
        }

        /** Why nothing can be said, in words; empty where something can. */
        public String why() {
            return why;
        }
    }

    /** This condition for a table. @throws InputException with the position of a name that is no column */
    public Bound bind(Table table) {
        columns().forEach(name -> {
            if (!table.names().contains(name)) {
                throw Token.error(
                        text,
                        columns.getOrDefault(name, 1),
                        "no column \"" + name + "\"" + Nearest.hint(name, table.names())
                                + (table.names().isEmpty() ? "" : "; a text stands in quotes"));
            }
        });
        Map<String, Integer> places = new HashMap<>();
        columns().forEach(name -> places.put(name, table.indexOf(name)));
        return new Bound(table, places);
    }

    /** A condition of the rows of a table. */
    public final class Bound {
        private final Table table;
        private final Map<String, Integer> places;

        private Bound(Table table, Map<String, Integer> places) {
            this.table = table;
            this.places = places;
        }

        /** Looks at a row. */
        public Outcome of(int row) {
            Value value = condition.of(name -> cell(row, name));
            if (value instanceof Value.Truth truth) {
                return truth.holds() ? Outcome.HOLDS : Outcome.VIOLATED;
            }
            return value instanceof Value.Unfit unfit ? unfit.outcome() : Outcome.UNKNOWN;
        }

        private @Nullable String cell(int row, String name) {
            return table.text(row, places.getOrDefault(name, 0));
        }
    }
}
