package dev.jumbo.data.clean.steps;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A functional dependency: rows with the same key should have the same value. A value that disagrees with the majority
 * of its key is taken for an error; a missing one is filled from it. Where values differ and none has enough of a majority,
 * all are reported and left; where the key is missing, nothing is done.
 */
@Kind("dependency")
public record Dependency(
        @Doc("Columns that determine the others.") List<String> key,
        @Doc("Columns that depend on the key.") List<String> columns,

        @Doc("majority, missing or report.") @Default("majority")
        Repair action,

        @Doc("The share of its key's values that a majority must exceed.") @Default("0.5")
        double minShare,

        @Doc("The number of rows that a majority must have.") @Default("2")
        int minCount)
        implements CleaningStep {

    /** What becomes of a value that disagrees. */
    public enum Repair {
        /** It becomes the majority's value. */
        MAJORITY,
        /** It becomes missing. */
        MISSING,
        /** It is reported and left. */
        REPORT
    }

    public Dependency {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
        if (key.isEmpty() || columns.isEmpty() || !(minShare >= 0 && minShare < 1) || minCount < 1) {
            throw new InputException(
                    "expected key and columns, min_share from 0 to below 1 and min_count of 1 or more in"
                            + " dependency; received " + key + ", " + columns + ", " + minShare + " and " + minCount);
        }
    }

    /** Repair by a simple majority of at least two rows. */
    public static Dependency of(List<String> key, String... columns) {
        return new Dependency(key, List.of(columns), Repair.MAJORITY, 0.5, 2);
    }

    @Override
    public boolean isLocal() {
        return false;
    }

    @Override
    public boolean learnsFromOthers() {
        return action != Repair.REPORT;
    }

    @Override
    public void apply(Table table, Edits edits) {
        int[] keys = CleaningStep.positions(table, key);
        Map<List<String>, List<Integer>> groups = new LinkedHashMap<>();
        for (int row = 0; row < table.rows(); row++) {
            List<String> values = new ArrayList<>();
            for (int column : keys) {
                String text = table.text(row, column);
                if (text != null) {
                    values.add(text);
                }
            }
            if (values.size() == keys.length) {
                groups.computeIfAbsent(values, k -> new ArrayList<>()).add(row);
            }
        }
        for (String name : columns) {
            int column = table.indexOf(name);
            for (List<Integer> rows : groups.values()) {
                String majority = majority(table, column, rows);
                if (majority != null) {
                    rows.forEach(row -> repair(table, edits, row, column, majority));
                } else if (rows.stream()
                                .map(row -> table.text(row, column))
                                .filter(Objects::nonNull)
                                .distinct()
                                .count()
                        > 1) {
                    rows.forEach(row -> undecided(table, edits, row, column));
                }
            }
        }
    }

    private @Nullable String majority(Table table, int column, List<Integer> rows) {
        Map<String, Integer> counts = new TreeMap<>();
        int present = 0;
        for (int row : rows) {
            String text = table.text(row, column);
            if (text != null) {
                counts.merge(text, 1, Integer::sum);
                present++;
            }
        }
        long needed = needed(present);
        int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        List<String> best = counts.entrySet().stream()
                .filter(e -> e.getValue() == most)
                .map(Map.Entry::getKey)
                .toList();
        return most >= needed && best.size() == 1 ? best.get(0) : null;
    }

    /** How often a value must be there to be the majority. @param present rows of the key that have a value */
    public long needed(long present) {
        return Math.max(minCount, (long) Math.floor(minShare * present) + 1);
    }

    /** Reports a value that disagrees with others of its key, of which none is the majority; nothing is changed. */
    public void undecided(Table table, Edits edits, int row, int column) {
        if (table.text(row, column) != null) {
            edits.flag(row, column, "rows of the same " + String.join(", ", key) + " disagree, no majority");
        }
    }

    /** Does to a value what is to be done beside the majority of its key. */
    public void repair(Table table, Edits edits, int row, int column, String majority) {
        String text = table.text(row, column);
        if (majority.equals(text)) {
            return;
        }
        String of = "the majority of " + String.join(", ", key);
        String reason = text == null ? "missing, filled from " + of : "disagrees with " + of;
        switch (action) {
            case MAJORITY -> edits.set(row, column, majority, reason);
            case MISSING -> edits.set(row, column, null, reason);
            case REPORT -> edits.flag(row, column, reason);
        }
    }
}
