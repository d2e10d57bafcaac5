package dev.jumbo.data.table.encode;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which columns each of several inputs of a model gets. */
public final class InputGroups {
    private InputGroups() {}

    /**
     * The layout with its columns in the order of some groups: by the groups' names, so that a file which has lost their order
     * makes the same of it.
     *
     * @throws InputException if a column is in no group or in two, or a name is none of an input column
     */
    public static TableLayout sorted(Map<String, List<String>> groups, TableLayout layout) {
        if (groups.isEmpty()) {
            return layout;
        }
        List<TableLayout.Input> left = new ArrayList<>(layout.inputs());
        List<TableLayout.Input> sorted = new ArrayList<>();
        new TreeMap<>(groups).forEach((group, columns) -> {
            if (columns.isEmpty()) {
                throw new InputException("inputs." + group + ": expected one column or more, received none");
            }
            for (String column : columns) {
                TableLayout.Input input = layout.inputs().stream()
                        .filter(i -> i.name().equals(column))
                        .findFirst()
                        .orElseThrow(() -> new InputException("inputs." + group + ": \"" + column
                                + "\" is no input column"
                                + Nearest.hint(column, names(layout.inputs()))
                                + "; texts, keys and what columns ignores are none"));
                if (!left.remove(input)) {
                    throw new InputException(
                            "inputs: expected each column in one group, received \"" + column + "\" again in " + group);
                }
                sorted.add(input);
            }
        });
        if (!left.isEmpty()) {
            throw new InputException("inputs: expected every input column in a group, received none for " + names(left)
                    + "; name them in one, or write columns: {" + left.get(0).name() + ": ignore}");
        }
        return new TableLayout(sorted, layout.target(), layout.more());
    }

    private static List<String> names(List<TableLayout.Input> inputs) {
        return inputs.stream().map(TableLayout.Input::name).toList();
    }

    /** The groups in the order of the layout's columns, as a file may have lost it. @throws InputException if they are not those of the layout */
    static Map<String, List<String>> inOrder(Map<String, List<String>> groups, TableLayout layout) {
        Map<String, List<String>> ordered = new LinkedHashMap<>();
        List<String> names = names(layout.inputs());
        List<String> all = new ArrayList<>();
        for (String name : names) {
            groups.forEach((group, columns) -> {
                if (columns.contains(name) && ordered.putIfAbsent(group, List.copyOf(columns)) == null) {
                    all.addAll(columns);
                }
            });
        }
        if (!groups.isEmpty() && !all.equals(names)) {
            throw new InputException("expected groups of the columns " + names + " in this order, received " + groups);
        }
        return Collections.unmodifiableMap(ordered);
    }
}
