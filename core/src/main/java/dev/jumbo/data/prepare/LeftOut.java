package dev.jumbo.data.prepare;

import dev.jumbo.data.clean.Cleaned;
import dev.jumbo.data.clean.Cleaner;
import dev.jumbo.data.clean.CleaningReport;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.read.Quarantine;
import dev.jumbo.data.table.read.TableSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a table lost on its way to a training that nobody asked for: records that could not be read, and values that a step
 * looked at and could not understand.
 *
 * @param source where the table comes from
 * @param malformed the file with the records that could not be read
 */
record LeftOut(String source, CleaningReport report, Path malformed) {
    private static final Logger LOG = LoggerFactory.getLogger(LeftOut.class);

    /** Steps that read what a value means. */
    private static final Set<String> READING = Set.of("parse_number", "parse_date", "date_parts");

    /**
     * The rows of a part of the data that is not cleaned; says what could not be read.
     *
     * @param part as in {@code malformed-PART.csv} in {@code out}, where such records go
     */
    static Table read(TableSource source, Path out, String part) {
        Path malformed = out.resolve("malformed-" + part + ".csv");
        try (Quarantine quarantine = Quarantine.to(malformed)) {
            Table table = source.read(quarantine);
            records(source.name(), quarantine.reasons(), table.rows(), malformed)
                    .ifPresent(LOG::warn);
            return table;
        }
    }

    /**
     * Rows that were {@link #read}, cleaned; says what a step did not understand.
     *
     * @param name of their source
     * @param part as of {@link #read}
     * @throws dev.jumbo.error.InputException if no row is left
     */
    static Cleaned cleaned(Table raw, String name, List<CleaningStep> steps, Path out, String part) {
        Cleaned cleaned = Cleaner.of(steps.toArray(CleaningStep[]::new)).clean(raw);
        cleaned.report().requireExpected(part);
        cleaned.report().requireRows(part);
        new LeftOut(name, cleaned.report(), out).lines().forEach(LOG::warn);
        return cleaned;
    }

    /** A line for each of the two that there is. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        records(source, report.malformed(), report.rowsIn(), malformed).ifPresent(lines::add);
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

    /** @param read how many records could be read */
    private static Optional<String> records(String source, Map<String, Long> left, long read, Path malformed) {
        long records = left.values().stream().mapToLong(Long::longValue).sum();
        if (records == 0) {
            return Optional.empty();
        }
        List<String> reasons = new ArrayList<>();
        new TreeMap<>(left).forEach((reason, n) -> reasons.add(count(n) + " with " + reason));
        return Optional.of(count(records) + " of " + count(records + read) + " records of " + source
                + " could not be read and are left out (" + String.join(", ", reasons) + "); they are in " + malformed);
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
