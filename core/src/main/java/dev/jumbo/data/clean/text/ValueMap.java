package dev.jumbo.data.clean.text;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Other texts in the place of some: from a map, or from a file of two columns. An empty text to become means a missing value.
 * Values that are neither in the map nor one of its results are reported.
 */
@Kind("value_map")
public record ValueMap(
        @Doc("Columns.") List<String> columns,

        @Doc("What each text becomes; an empty text: missing.") @Default("{}")
        Map<String, String> map,

        @Doc("A CSV file with the header from,to in place of a map, or beside it.") @Default("null") @Nullable
        Path file,

        @Doc("What becomes of values that the map does not have: keep, missing or drop.") @Default("keep")
        Unmapped unmapped)
        implements CleaningStep {

    /** What becomes of a value that the map does not have. */
    public enum Unmapped {
        /** It is reported and stays. */
        KEEP,
        /** It becomes missing. */
        MISSING,
        /** Its row is dropped. */
        DROP
    }

    public ValueMap {
        columns = List.copyOf(columns);
        map = Collections.unmodifiableMap(new LinkedHashMap<>(map));
        if (columns.isEmpty() || map.isEmpty() && file == null) {
            throw new InputException(
                    "expected columns, and a map or a file, in value_map; received " + columns + " and " + map);
        }
    }

    /** A map for some columns; other values stay. */
    public static ValueMap of(Map<String, String> map, String... columns) {
        return new ValueMap(List.of(columns), map, null, Unmapped.KEEP);
    }

    @Override
    public CleaningStep resolved() {
        if (file == null) {
            return this;
        }
        Map<String, String> all = new LinkedHashMap<>(ValueMapFile.read(file));
        map.forEach((from, to) -> {
            String before = all.putIfAbsent(from, to);
            if (before != null && !before.equals(to)) {
                throw new InputException("value_map: \"" + from + "\" becomes \"" + to + "\" in the map and \"" + before
                        + "\" in " + file + "; leave one out");
            }
        });
        return new ValueMap(columns, all, null, unmapped);
    }

    @Override
    public Table prepare(Table table) {
        return CleaningStep.withTexts(table, CleaningStep.positions(table, columns));
    }

    @Override
    public void apply(Table table, Edits edits) {
        if (file != null) {
            resolved().apply(table, edits);
            return;
        }
        Set<String> results = new HashSet<>(map.values());
        for (String name : columns) {
            int column = table.indexOf(name);
            for (int row = 0; row < table.rows(); row++) {
                String text = table.text(row, column);
                if (text == null) {
                    continue;
                }
                String to = map.get(text);
                if (to != null) {
                    edits.set(row, column, to.isEmpty() ? null : to, "in the map");
                } else if (!results.contains(text)) {
                    unknown(edits, row, column);
                }
            }
        }
    }

    private void unknown(Edits edits, int row, int column) {
        String reason = "not in the map";
        switch (unmapped) {
            case KEEP -> edits.flag(row, column, reason);
            case MISSING -> edits.set(row, column, null, reason);
            case DROP -> edits.drop(row, column, reason);
        }
    }
}
