package dev.jumbo.data.clean;

import dev.jumbo.data.table.Table;
import java.util.List;

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
 * @param proposals merges of values that somebody may accept
 */
public record Cleaned(
        Table table,
        CleaningReport report,
        List<Aside> quarantined,
        List<CleaningStep> steps,
        List<String> raw,
        List<CleaningStep> forRows,
        List<Proposal> proposals) {
    public Cleaned {
        raw = List.copyOf(raw);
        forRows = List.copyOf(forRows);
        quarantined = List.copyOf(quarantined);
        steps = List.copyOf(steps);
        proposals = List.copyOf(proposals);
    }

    /** With no rows put aside, by no steps. */
    public Cleaned(Table table, CleaningReport report) {
        this(table, report, List.of(), List.of(), List.of(), List.of(), List.of());
    }

    /** This with another report. */
    public Cleaned with(CleaningReport other) {
        return new Cleaned(table, other, quarantined, steps, raw, forRows, proposals);
    }
}
