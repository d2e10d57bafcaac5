package dev.jumbo.data.clean;

import dev.jumbo.config.Default;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What cleaning did to a table.
 *
 * @param rowsIn rows before
 * @param rowsOut rows after
 * @param cellsChanged values of the remaining rows that are not what they were, whatever steps they went through
 * @param malformed records that could not be read, by reason
 * @param steps each step in order
 * @param agreement with a clean copy, where there is one
 */
public record CleaningReport(
        long rowsIn,
        long rowsOut,
        long cellsChanged,
        Map<String, Long> malformed,
        List<Step> steps,
        @Nullable CleaningAgreement agreement) {

    /**
     * What one step did.
     *
     * @param step its kind
     * @param reasons per reason and column
     * @param verdicts of a step that looks at expectations; of others none
     */
    public record Step(
            String step,
            List<Reason> reasons,
            @Default("[]") List<Verdict> verdicts) {
        /** Without verdicts. */
        public Step(String step, List<Reason> reasons) {
            this(step, reasons, List.of());
        }

        public long cellsChanged() {
            return reasons.stream().mapToLong(Reason::cellsChanged).sum();
        }

        public long rowsDropped() {
            return reasons.stream().mapToLong(Reason::rowsDropped).sum();
        }
    }

    /**
     * What one step did to one column for one reason.
     *
     * @param cellsChanged values replaced
     * @param rowsDropped rows left out
     * @param flagged values reported and left
     * @param samples the first few
     */
    public record Reason(
            String reason, String column, long cellsChanged, long rowsDropped, long flagged, List<Sample> samples) {}

    /**
     * One change.
     *
     * @param row its number in the source
     * @param before null: missing
     * @param after null: missing, or the row was dropped
     */
    public record Sample(
            long row,
            String column,
            @Nullable String before,
            @Nullable String after) {}

    /**
     * What was found about an expectation.
     *
     * @param expectation what was expected, in words
     * @param met whether it was found
     * @param found what was found, in words
     * @param fail whether nothing may go on unless it is met
     */
    public record Verdict(String expectation, boolean met, String found, boolean fail) {}

    /** Whether no expectation was disappointed. */
    public boolean isAsExpected() {
        return steps.stream().flatMap(step -> step.verdicts().stream()).allMatch(Verdict::met);
    }

    /** @throws FailureException if an expectation was disappointed without which nothing may go on */
    public void requireExpected(String table) {
        List<Verdict> failed = steps.stream()
                .flatMap(step -> step.verdicts().stream())
                .filter(verdict -> verdict.fail() && !verdict.met())
                .toList();
        if (!failed.isEmpty()) {
            throw new FailureException("the " + table + " table is not as expected: "
                    + String.join(
                            "; ",
                            failed.stream()
                                    .map(verdict -> verdict.expectation() + ", found " + verdict.found())
                                    .toList())
                    + "; mend the data, or change the step expect");
        }
    }

    /**
     * Nothing can be learned from no rows, and nothing was meant to be.
     *
     * @throws InputException naming the step that dropped most, if no row is left
     */
    public void requireRows(String table) {
        if (rowsOut > 0) {
            return;
        }
        String what = "expected rows in the " + table + " table after cleaning, received none of " + rowsIn;
        int most = 0;
        for (int i = 1; i < steps.size(); i++) {
            most = steps.get(i).rowsDropped() > steps.get(most).rowsDropped() ? i : most;
        }
        if (steps.isEmpty() || steps.get(most).rowsDropped() == 0) {
            throw new InputException(what + ": no record could be read");
        }
        Step step = steps.get(most);
        Reason reason = step.reasons().stream()
                .max(Comparator.comparingLong(Reason::rowsDropped))
                .orElseThrow();
        throw new InputException(String.format(
                Locale.ROOT,
                "%s: step %d (%s) dropped %,d, %,d of them because of %s: %s%s; mend or leave out that step",
                what,
                most + 1,
                step.step(),
                step.rowsDropped(),
                reason.rowsDropped(),
                reason.column(),
                reason.reason(),
                reason.samples().isEmpty()
                        ? ""
                        : " (as in row " + reason.samples().get(0).row() + ")"));
    }

    /** This report with the records that could not be read. */
    public CleaningReport withMalformed(Map<String, Long> byReason) {
        return new CleaningReport(rowsIn, rowsOut, cellsChanged, Map.copyOf(byReason), steps, agreement);
    }

    /** This report with the comparison to a clean copy. */
    public CleaningReport withAgreement(CleaningAgreement compared) {
        return new CleaningReport(rowsIn, rowsOut, cellsChanged, malformed, steps, compared);
    }

    /** The report for a terminal: totals, a line for each step, reason and column, with one sample. */
    public String text() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "rows in %,d, out %,d, dropped %,d; values changed %,d; malformed records %,d",
                rowsIn,
                rowsOut,
                rowsIn - rowsOut,
                cellsChanged,
                malformed.values().stream().mapToLong(Long::longValue).sum()));
        malformed.forEach(
                (reason, count) -> lines.add(String.format(Locale.ROOT, "  malformed: %s: %,d", reason, count)));
        if (!steps.isEmpty()) {
            lines.add(String.format(
                    "  %-15s %-16s %9s %9s %9s  %s", "step", "column", "changed", "dropped", "flagged", "why, as in"));
        }
        for (Step step : steps) {
            for (Reason reason : step.reasons()) {
                lines.add(String.format(
                        Locale.ROOT,
                        "  %-15s %-16s %,9d %,9d %,9d  %s%s",
                        step.step(),
                        reason.column(),
                        reason.cellsChanged(),
                        reason.rowsDropped(),
                        reason.flagged(),
                        reason.reason(),
                        reason.samples().isEmpty()
                                ? ""
                                : sample(reason.samples().get(0))));
            }
            for (Verdict verdict : step.verdicts()) {
                lines.add(String.format(
                        "  %-15s %s: %s; %s",
                        step.step(), verdict.met() ? "met" : "NOT MET", verdict.expectation(), verdict.found()));
            }
            if (step.reasons().isEmpty() && step.verdicts().isEmpty()) {
                lines.add(String.format("  %-15s nothing to do", step.step()));
            }
        }
        if (agreement != null) {
            lines.add(agreement.text());
        }
        return String.join(System.lineSeparator(), lines);
    }

    private static String sample(Sample sample) {
        return String.format(
                Locale.ROOT, ": row %d, %s -> %s", sample.row(), quoted(sample.before()), quoted(sample.after()));
    }

    private static String quoted(@Nullable String text) {
        if (text == null) {
            return "missing";
        }
        return '"' + (text.length() <= 40 ? text : text.substring(0, 39) + "\u2026") + '"';
    }
}
