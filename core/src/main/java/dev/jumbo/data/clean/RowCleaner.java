package dev.jumbo.data.clean;

import dev.jumbo.config.Default;
import dev.jumbo.data.table.Table;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Does to raw rows that are to be predicted or evaluated what training did to its own: the steps that look at one row at a
 * time, in their order. Steps that look at a whole table ({@link CleaningStep#isLocal} is false) are left out; {@link
 * #skipped} names them.
 *
 * <pre>{@code
 * RowCleaner cleaner = RowCleaner.of(data.clean(), data.target());
 * RowCleaner.Rows rows = cleaner.apply(raw);
 * }</pre>
 *
 * @param steps those of single rows, without files
 * @param skipped kinds of the steps that are left out
 * @param target the column that is predicted; where the raw rows have none, it is missing in all, and no row is refused on
 *     its account; null: none
 * @param more further columns that are predicted, likewise
 */
public record RowCleaner(
        List<CleaningStep> steps,
        List<String> skipped,
        @Nullable String target,
        @Default("[]") List<String> more) {
    public RowCleaner {
        more = List.copyOf(more);
        steps = List.copyOf(steps);
        skipped = List.copyOf(skipped);
    }

    /** The steps of a configuration. @throws dev.jumbo.error.InputException if a file that a step names is not there */
    public static RowCleaner of(List<CleaningStep> all, @Nullable String target) {
        return of(all, target, List.of());
    }

    /** As {@link #of(List, String)}, with further columns that are predicted. */
    public static RowCleaner of(List<CleaningStep> all, @Nullable String target, List<String> more) {
        return new RowCleaner(
                all.stream()
                        .filter(CleaningStep::isLocal)
                        .map(CleaningStep::resolved)
                        .toList(),
                all.stream().filter(step -> !step.isLocal()).map(Cleaner::kind).toList(),
                target,
                more);
    }

    private Set<String> targets() {
        Set<String> all = new LinkedHashSet<>(more);
        if (target != null) {
            all.add(target);
        }
        return all;
    }

    /**
     * The rows after all steps.
     *
     * @param table as many rows as there were; what a refused row holds means nothing
     * @param refused why a step would have dropped a row, by row from 0
     * @param misread a date that could not be read and that no later step replaced, by row from 0: a model would take it
     *     for a missing one
     */
    public record Rows(Table table, Map<Integer, String> refused, Map<Integer, String> misread) {}

    /**
     * Cleans a copy of raw rows.
     *
     * @throws dev.jumbo.error.InputException if a column that a step names is not there
     */
    public Rows apply(Table raw) {
        Table table = raw.copy();
        Set<String> absent = targets();
        absent.removeAll(raw.names());
        if (!absent.isEmpty()) {
            table = CleaningStep.withColumns(table, List.copyOf(absent));
        }
        Map<Integer, String> refused = new TreeMap<>();
        Map<Flagged, String> dates = new LinkedHashMap<>();
        for (CleaningStep step : steps) {
            table = step.prepare(table);
            Set<Integer> without = absent.stream().map(table::indexOf).collect(Collectors.toSet());
            Edits edits = Edits.telling(table, edit -> {
                if (edit.what() == Edits.What.DROPPED && !without.contains(edit.column())) {
                    refused.putIfAbsent(edit.row(), Cleaner.kind(step) + ": " + edit.reason());
                }
                if (edit.what() == Edits.What.FLAGGED && step.readsDates()) {
                    dates.putIfAbsent(new Flagged(edit.row(), edit.column()), String.valueOf(edit.before()));
                }
            });
            step.apply(table, edits);
        }
        Map<Integer, String> misread = new TreeMap<>();
        for (Map.Entry<Flagged, String> date : dates.entrySet()) {
            String name = table.names().get(date.getKey().column());
            // A step behind may have said what such a text means.
            if (!targets().contains(name)
                    && date.getValue()
                            .equals(table.text(
                                    date.getKey().row(), date.getKey().column()))) {
                misread.putIfAbsent(
                        date.getKey().row(),
                        "expected a date for " + name + written(name) + ", received \"" + date.getValue()
                                + "\"; null or nothing where it is missing");
            }
        }
        return new Rows(table, Map.copyOf(refused), Map.copyOf(misread));
    }

    private record Flagged(int row, int column) {}

    /** How dates of a column are written, as training has it. */
    private String written(String column) {
        return steps.stream()
                .map(step -> step.formats(column))
                .filter(formats -> !formats.isEmpty())
                .findFirst()
                .map(formats -> " written as " + String.join(" or ", formats))
                .orElse("");
    }
}
