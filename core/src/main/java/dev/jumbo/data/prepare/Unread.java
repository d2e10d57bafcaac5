package dev.jumbo.data.prepare;

import dev.jumbo.data.clean.Cleaned;
import dev.jumbo.data.clean.Cleaner;
import dev.jumbo.data.clean.CleaningReport;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.dates.ParseDate;
import dev.jumbo.data.clean.steps.ParseNumber;
import dev.jumbo.data.table.ColumnProfile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A column that a step was to read as numbers or dates, of which it understood less than half: a wrong charset, the other
 * decimal mark or a unit, more likely than a column of words.
 *
 * @param column its name
 * @param step kind of the step
 * @param not values that were not understood
 * @param understood values that are numbers or dates now
 * @param samples the first few that were not understood
 */
record Unread(String column, String step, long not, long understood, List<String> samples) {
    private static final int SHOWN = 3;

    Unread {
        samples = List.copyOf(samples);
    }

    /** The columns of a cleaned table. @param steps that cleaned it */
    static List<Unread> of(Cleaned cleaned, List<CleaningStep> steps) {
        List<Unread> all = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (CleaningStep step : steps) {
            boolean dates = step instanceof ParseDate;
            List<String> columns = step instanceof ParseNumber numbers
                    ? numbers.columns()
                    : step instanceof ParseDate read ? read.columns() : List.of();
            for (String column : columns) {
                if (cleaned.table().names().contains(column) && seen.add(column)) {
                    Unread unread = of(cleaned, Cleaner.kind(step), column, dates);
                    if (unread.not() > unread.understood()) {
                        all.add(unread);
                    }
                }
            }
        }
        return all;
    }

    private static Unread of(Cleaned cleaned, String kind, String column, boolean dates) {
        List<CleaningReport.Reason> flags = cleaned.report().steps().stream()
                .filter(step -> step.step().equals(kind))
                .flatMap(step -> step.reasons().stream())
                .filter(reason -> reason.column().equals(column) && reason.flagged() > 0)
                .toList();
        long not = flags.stream().mapToLong(CleaningReport.Reason::flagged).sum();
        List<String> samples = flags.stream()
                .flatMap(reason -> reason.samples().stream())
                .map(sample -> String.valueOf(sample.before()))
                .limit(SHOWN)
                .toList();
        ColumnProfile profile = ColumnProfile.of(cleaned.table(), column);
        return new Unread(column, kind, not, dates ? profile.present() - not : profile.numbers(), samples);
    }

    /** Found, likely cause, and what to write. */
    String text() {
        String shown = samples.isEmpty() ? "" : ", as in \"" + String.join("\", \"", samples) + "\"";
        return String.format(
                Locale.ROOT,
                "%s: %s understood %,d of %,d values%s: %s; write columns: {%s: category} if these are words",
                column,
                step,
                understood,
                understood + not,
                shown,
                cause(),
                column);
    }

    private String cause() {
        if (samples.stream().anyMatch(Unread::isBroken)) {
            return "the file is likely read in the wrong charset: write charset: windows-1252 (or UTF-8) beside its path";
        }
        if (step.equals("parse_number")) {
            return "is the charset right, and the decimal mark (decimal: \",\" or \".\" in parse_number), or does a unit"
                    + " stand there that units leaves out?";
        }
        return "is the form of the dates right (formats in parse_date), and the charset?";
    }

    /** Whether a text has marks that no number in words has: C1 controls, the replacement character, UTF-8 in another charset. */
    private static boolean isBroken(String text) {
        return text.chars().anyMatch(c -> c >= 0x80 && c < 0xA0)
                || IntStream.range(0, text.length() - 1)
                        .anyMatch(i -> "\u00C3\u00C2\u00E2".indexOf(text.charAt(i)) >= 0 && text.charAt(i + 1) >= 0x80)
                || text.indexOf('\uFFFD') >= 0;
    }
}
