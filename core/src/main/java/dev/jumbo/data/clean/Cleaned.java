package dev.jumbo.data.clean;

import dev.jumbo.data.table.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of cleaning.
 *
 * @param table what is left, repaired
 * @param report what was done to it
 * @param quarantined rows that were put aside, in the order of the steps that did it
 * @param steps as they were run, with what they found out from the table ({@link CleaningStep#fitted}): other rows of its
 *     kind are cleaned with these
 * @param raw names of the columns before cleaning
 * @param forRows the steps as single rows are cleaned by them: {@link CleaningStep#forRows}
 */
public record Cleaned(
        Table table,
        CleaningReport report,
        List<Aside> quarantined,
        List<CleaningStep> steps,
        List<String> raw,
        List<CleaningStep> forRows) {
    public Cleaned {
        raw = List.copyOf(raw);
        forRows = List.copyOf(forRows);
        quarantined = List.copyOf(quarantined);
        steps = List.copyOf(steps);
    }

    /** With no steps that found something out. */
    public Cleaned(Table table, CleaningReport report, List<Aside> quarantined) {
        this(table, report, quarantined, List.of(), List.of(), List.of());
    }

    /** With no rows put aside. */
    public Cleaned(Table table, CleaningReport report) {
        this(table, report, List.of());
    }

    /**
     * A row that was put aside.
     *
     * @param row its number in the source
     * @param names of the columns
     * @param values when it was put aside; null: missing
     */
    public record Aside(long row, String reason, List<String> names, List<@Nullable String> values) {}

    /** This with another report. */
    public Cleaned with(CleaningReport other) {
        return new Cleaned(table, other, quarantined, steps, raw, forRows);
    }
}
