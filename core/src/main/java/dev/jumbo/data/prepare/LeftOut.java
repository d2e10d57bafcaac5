package dev.jumbo.data.prepare;

import dev.jumbo.data.clean.CleaningReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a table lost on its way to a training that nobody asked for: records that could not be read, and values that a step
 * looked at and could not understand.
 *
 * @param source where the table comes from
 * @param malformed the file with the records that could not be read
 */
record LeftOut(String source, CleaningReport report, Path malformed) {
    /** Steps that read what a value means. */
    private static final Set<String> READING = Set.of("parse_number", "parse_date", "date_parts");

    /** A line for each of the two that there is. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        long records =
                report.malformed().values().stream().mapToLong(Long::longValue).sum();
        if (records > 0) {
            List<String> reasons = new ArrayList<>();
            new TreeMap<>(report.malformed()).forEach((reason, n) -> reasons.add(count(n) + " with " + reason));
            lines.add(count(records) + " of " + count(records + report.rowsIn()) + " records of " + source
                    + " could not be read and are left out (" + String.join(", ", reasons) + "); they are in "
                    + malformed);
        }
        Map<String, Long> columns = new TreeMap<>();
        Set<String> dates = new HashSet<>();
        String first = "";
        for (CleaningReport.Step step : report.steps()) {
            for (CleaningReport.Reason reason : step.reasons()) {
                // What parse_date left is met again by date_parts, and counts once.
                boolean again = step.step().equals("date_parts") && dates.contains(reason.column());
                if (reason.flagged() > 0 && READING.contains(step.step()) && !again) {
                    dates.add(reason.column());
                    columns.merge(reason.column() + ": " + reason.reason() + ": ", reason.flagged(), Long::sum);
                    first = first.isEmpty() ? first(reason) : first;
                }
            }
        }
        if (!columns.isEmpty()) {
            List<String> each = new ArrayList<>();
            columns.forEach((column, n) -> each.add(column + count(n)));
            lines.add("cleaning of " + source
                    + " did not understand some values, which are left as they are or are missing ("
                    + String.join(", ", each) + first + "); jumbo prepare lists them");
        }
        return lines;
    }

    private static String first(CleaningReport.Reason reason) {
        return reason.samples().isEmpty()
                ? ""
                : "; the first in row " + reason.samples().get(0).row() + ": \""
                        + reason.samples().get(0).before() + "\"";
    }

    private static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }
}
