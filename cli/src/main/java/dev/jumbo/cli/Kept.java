package dev.jumbo.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The columns of the input that stand beside its answer. @param names in order; {@code all} alone: every one */
record Kept(List<String> names) {
    private static final String ALL = "all";

    /** @throws InputException if an example does not have a column that is to be kept */
    void requireIn(Set<String> columns, String where) {
        for (String name : isAll() ? List.<String>of() : names) {
            if (!columns.contains(name)) {
                throw new InputException("--keep: no column \"" + name + "\" in " + where
                        + (columns.isEmpty() ? ", which has none" : Nearest.hint(name, columns)));
            }
        }
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    private boolean isAll() {
        return names.equals(List.of(ALL));
    }

    /** The columns to keep of an example. */
    List<String> of(Example example) {
        return isAll() ? List.copyOf(example.given().keySet()) : names;
    }

    void add(ObjectNode line, Example example) {
        if (isEmpty() || example.given().isEmpty()) {
            return;
        }
        requireIn(example.given().keySet(), example.name());
        ObjectNode row = line.putObject("kept");
        for (String name : of(example)) {
            row.putPOJO(name, example.given().get(name));
        }
    }

    /** A value of a column as text; empty where it is missing. */
    static String text(Example example, String column) {
        @Nullable Object value = example.given().get(column);
        return value == null ? "" : value instanceof BigDecimal exact ? Numbers.format(exact) : value.toString();
    }
}
