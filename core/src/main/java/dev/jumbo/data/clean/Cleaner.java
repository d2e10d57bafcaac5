package dev.jumbo.data.clean;

import dev.jumbo.config.Kind;
import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs cleaning steps in order on a copy of a table, and reports.
 *
 * @param steps in order
 * @param samples how many changes of each reason and column the report shows
 */
public record Cleaner(List<CleaningStep> steps, int samples) {
    private static final int SAMPLES = 3;

    public Cleaner {
        steps = List.copyOf(steps);
        if (samples < 0) {
            throw new InputException("expected 0 samples or more, received " + samples);
        }
    }

    /** These steps, and three samples. */
    public static Cleaner of(CleaningStep... steps) {
        return new Cleaner(List.of(steps), SAMPLES);
    }

    /** @throws InputException if a step names a column that is not there */
    public Cleaned clean(Table dirty) {
        Table table = dirty.copy();
        int[] origin = IntStream.range(0, dirty.rows()).toArray();
        List<CleaningReport.Step> done = new ArrayList<>();
        List<Aside> aside = new ArrayList<>();
        List<Proposal> proposals = new ArrayList<>();
        List<CleaningStep> fitted = new ArrayList<>();
        List<CleaningStep> forRows = new ArrayList<>();
        for (CleaningStep named : steps) {
            table = named.prepare(table);
            CleaningStep step = named.resolved().fitted(table);
            fitted.add(step);
            forRows.addAll(step.forRows(table));
            Edits edits = new Edits(table, samples);
            step.apply(table, edits);
            done.add(new CleaningReport.Step(kind(step), edits.reasons(), edits.verdicts()));
            proposals.addAll(edits.proposals());
            for (Map.Entry<Integer, String> row : edits.quarantined().entrySet()) {
                aside.add(aside(table, row.getKey(), row.getValue()));
            }
            BitSet dropped = edits.dropped();
            if (!dropped.isEmpty()) {
                int[] kept = IntStream.range(0, table.rows())
                        .filter(row -> !dropped.get(row))
                        .toArray();
                int[] before = origin;
                origin = IntStream.of(kept).map(row -> before[row]).toArray();
                table = table.select(kept);
            }
        }
        return new Cleaned(
                table,
                new CleaningReport(
                        dirty.rows(), table.rows(), changed(dirty, table, origin), Map.of(), List.copyOf(done), null),
                aside,
                fitted,
                dirty.names(),
                forRows,
                proposals);
    }

    /** The name by which files choose a step. */
    public static String kind(CleaningStep step) {
        Kind kind = step.getClass().getAnnotation(Kind.class);
        return kind == null ? step.getClass().getSimpleName() : kind.value();
    }

    private static Aside aside(Table table, int row, String reason) {
        List<@Nullable String> values = new ArrayList<>();
        table.columns().forEach(column -> values.add(column.text(row)));
        return new Aside(table.sourceRow(row), reason, table.names(), values);
    }

    /** The values that differ, counted from the tables themselves and not from the steps; new columns are no changes. */
    private static long changed(Table before, Table after, int[] origin) {
        long changed = 0;
        for (int row = 0; row < after.rows(); row++) {
            for (int c = 0; c < before.columns().size(); c++) {
                if (!Objects.equals(after.text(row, c), before.text(origin[row], c))) {
                    changed++;
                }
            }
        }
        return changed;
    }
}
