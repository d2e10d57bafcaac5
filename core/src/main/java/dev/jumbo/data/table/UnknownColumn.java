package dev.jumbo.data.table;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.util.Collection;
import java.util.List;

/** A column that a table does not have, with the nearest of those that it has. */
public final class UnknownColumn extends InputException {
    private static final long serialVersionUID = 1L;

    private final String column;
    private final List<String> known;

    /** @param known names that could have been meant */
    public UnknownColumn(String column, Collection<String> known) {
        super("no column \"" + column + "\"" + Nearest.hint(column, known));
        this.column = column;
        this.known = List.copyOf(known);
    }

    /** The same, where a column of the table is none that a caller may name. */
    public UnknownColumn without(String hidden) {
        return new UnknownColumn(
                column, known.stream().filter(name -> !name.equals(hidden)).toList());
    }
}
