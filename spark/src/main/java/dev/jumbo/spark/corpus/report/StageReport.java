package dev.jumbo.spark.corpus.report;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What a stage did. {@code kept + dropped + quarantined = read}. */
public record StageReport(
        @Doc("Its number and kind.") String name,
        @Doc("Documents that came in.") long read,
        @Doc("Documents that went on.") long kept,
        @Doc("Documents that a rule took out.") long dropped,

        @Doc("Documents that could not be read, or on which a step failed.")
        long quarantined,

        @Doc("UTF-8 bytes of the texts that came in.") long bytesRead,
        @Doc("UTF-8 bytes of the texts that went on.") long bytesKept,

        @Doc("Why documents were not kept, the most frequent first.")
        List<Reason> reasons,

        @Doc("How often something was done, by name.") Map<String, Long> counts,
        @Doc("Seconds it took.") double seconds,

        @Doc("Whether it was done by an earlier run.") @Default("false")
        boolean reused) {
    public StageReport {
        reasons = List.copyOf(reasons);
        counts = Map.copyOf(counts);
        if (kept + dropped + quarantined != read) {
            throw new IllegalArgumentException(
                    name + ": " + kept + " + " + dropped + " + " + quarantined + " is not " + read);
        }
    }

    /** As a later run reports it that found it done. */
    public StageReport again() {
        return new StageReport(
                name, read, kept, dropped, quarantined, bytesRead, bytesKept, reasons, counts, seconds, true);
    }

    /** With texts of samples as they may be shown. */
    public StageReport masked(UnaryOperator<String> mask) {
        List<Reason> shown = reasons.stream().map(r -> r.masked(mask)).toList();
        return new StageReport(
                name, read, kept, dropped, quarantined, bytesRead, bytesKept, shown, counts, seconds, reused);
    }

    /** One line for a terminal. */
    public String line() {
        String bad = quarantined == 0 ? "" : String.format(Locale.ROOT, ", %,d quarantined", quarantined);
        String time = reused ? "done before" : String.format(Locale.ROOT, "%.1f s", seconds);
        return String.format(
                Locale.ROOT,
                "%-24s %,12d read %,12d kept (%5.1f %%) %,12d dropped%s; %s",
                name,
                read,
                kept,
                read == 0 ? 100.0 : 100.0 * kept / read,
                dropped,
                bad,
                time);
    }
}
