package dev.jumbo.spark.corpus.report;

import dev.jumbo.spark.corpus.document.Fate;
import dev.jumbo.spark.corpus.report.Html.Bar;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** A report for people: one HTML file with charts, which needs nothing else. */
public final class ReportPage {
    private static final String KEPT = "#0072B2";
    private static final String DROPPED = "#D55E00";
    private static final String QUARANTINED = "#CC79A7";
    private static final String SPEED = "#009E73";
    private static final double MEGABYTE = 1e6;

    private static final String STYLE =
            "body{font:15px/1.5 system-ui,sans-serif;color:#333840;max-width:960px;margin:2em auto;"
                    + "padding:0 1em}h1,h2,h3{line-height:1.2}h2{border-top:1px solid #e4e6ea;padding-top:1em}"
                    + "svg{max-width:100%;height:auto}svg text{font-size:13px;fill:#333840}"
                    + "table{border-collapse:collapse}td,th{padding:.2em .8em;text-align:right;border-bottom:1px solid #e4e6ea}"
                    + "td:first-child,th:first-child{text-align:left}"
                    + "pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f5f6f8;padding:.6em;margin:.3em 0 1em}"
                    + "small{color:#6a7078}summary{cursor:pointer}";

    private ReportPage() {}

    /** What a report is about. */
    public enum Subject {
        DOCUMENTS("Corpus report", "documents", "text"),
        IMAGES("Image report", "images", "files");

        private final String title;
        private final String things;
        private final String content;

        Subject(String title, String things, String content) {
            this.title = title;
            this.things = things;
            this.content = content;
        }
    }

    /** The page of a report. */
    public static String of(CorpusReport report) {
        StringBuilder summary = new StringBuilder();
        summary.append(number(report.kept()))
                .append(" of ")
                .append(number(report.stages().get(0).read()));
        summary.append(" documents kept; ").append(percent(report.badShare())).append(" could not be worked on.");
        CorpusReport.Tokens tokens = report.tokens();
        if (tokens != null) {
            summary.append(" ").append(number(tokens.tokens())).append(" tokens of ");
            summary.append(tokens.tokenizer()).append(" in ");
            summary.append(number(tokens.shards())).append(" shards.");
        }
        return of(Subject.DOCUMENTS, summary.toString(), report.stages(), report.cores());
    }

    /**
     * The page of stages.
     *
     * @param summary what came out, as plain text
     * @param cores tasks that ran at once
     */
    public static String of(Subject subject, String summary, List<StageReport> stages, int cores) {
        StringBuilder page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
                + "<title>" + subject.title + "</title><style>" + STYLE + "</style></head><body>\n<h1>" + subject.title
                + "</h1>\n<p>" + Html.escape(summary) + "</p>\n");
        String after = " after each stage";
        page.append(
                funnel(capital(subject.things) + after, stages, stages.get(0).read(), StageReport::kept, ""));
        page.append(funnel(
                "Megabytes of " + subject.content + after, stages, mostBytes(stages), StageReport::bytesKept, " MB"));
        page.append(speed(subject, stages, cores)).append(table(stages));
        stages.forEach(stage -> page.append(stage(subject, stage)));
        return page.append("</body></html>\n").toString();
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    private static long mostBytes(List<StageReport> stages) {
        return stages.stream().mapToLong(StageReport::bytesKept).max().orElse(0);
    }

    private static String funnel(
            String title, List<StageReport> stages, long all, ToLongFunction<StageReport> value, String unit) {
        return Html.bars(
                title,
                stages.stream()
                        .map(s -> {
                            long left = value.applyAsLong(s);
                            double share = all == 0 ? 0 : (double) left / all;
                            String shown = unit.isEmpty()
                                    ? number(left)
                                    : String.format(Locale.ROOT, "%,.2f%s", left / MEGABYTE, unit);
                            return new Bar(s.name(), share, shown + " (" + percent(share) + ")", KEPT);
                        })
                        .toList());
    }

    private static String speed(Subject subject, List<StageReport> stages, int cores) {
        double most = stages.stream().mapToDouble(ReportPage::rate).max().orElse(0);
        List<Bar> bars = stages.stream()
                .map(s -> new Bar(
                        s.name(),
                        most == 0 ? 0 : rate(s) / most,
                        String.format(Locale.ROOT, "%,.0f %s/s, %,.2f MB/s", rate(s), subject.things, megabytes(s)),
                        SPEED))
                .toList();
        return Html.bars("Throughput of each stage, on " + cores + " cores", bars);
    }

    private static double rate(StageReport stage) {
        return stage.seconds() == 0 ? 0 : stage.read() / stage.seconds();
    }

    private static double megabytes(StageReport stage) {
        return stage.seconds() == 0 ? 0 : stage.bytesRead() / MEGABYTE / stage.seconds();
    }

    private static String table(List<StageReport> stages) {
        StringBuilder table = new StringBuilder("<h2>Stages</h2><table><tr><th>stage</th><th>read</th><th>kept</th>"
                + "<th>dropped</th><th>quarantined</th><th>MB in</th><th>MB out</th><th>seconds</th></tr>");
        for (StageReport s : stages) {
            table.append(String.format(
                    Locale.ROOT,
                    "<tr><td>%s</td><td>%,d</td><td>%,d</td><td>%,d</td><td>%,d</td><td>%,.2f</td><td>%,.2f</td><td>%.1f%s</td></tr>",
                    Html.escape(s.name()),
                    s.read(),
                    s.kept(),
                    s.dropped(),
                    s.quarantined(),
                    s.bytesRead() / MEGABYTE,
                    s.bytesKept() / MEGABYTE,
                    s.seconds(),
                    s.reused() ? " (earlier)" : ""));
        }
        return table.append("</table>\n").toString();
    }

    private static String stage(Subject subject, StageReport stage) {
        StringBuilder section = new StringBuilder("<h2>" + Html.escape(stage.name()) + "</h2>\n");
        if (stage.reasons().isEmpty() && stage.counts().isEmpty()) {
            return section.append("<p>Kept all " + subject.things + ", as they were or changed without a count.</p>")
                    .toString();
        }
        if (!stage.reasons().isEmpty()) {
            long most = stage.reasons().get(0).documents();
            section.append(Html.bars(
                    "Why " + subject.things + " were not kept",
                    stage.reasons().stream()
                            .map(r -> bar(r, most, stage.read()))
                            .toList()));
            stage.reasons().forEach(r -> section.append(samples(r)));
        }
        if (!stage.counts().isEmpty()) {
            section.append("<h3>What was done</h3><table><tr><th>name</th><th>times</th></tr>");
            Map<String, Long> sorted = new TreeMap<>(stage.counts());
            sorted.forEach((name, times) ->
                    section.append("<tr><td>" + Html.escape(name) + "</td><td>" + number(times) + "</td></tr>"));
            section.append("</table>");
        }
        return section.append("\n").toString();
    }

    private static Bar bar(Reason reason, long most, long read) {
        String colour = reason.fate() == Fate.QUARANTINED ? QUARANTINED : DROPPED;
        String share = percent(read == 0 ? 0 : (double) reason.documents() / read);
        return new Bar(
                reason.name(),
                (double) reason.documents() / most,
                number(reason.documents()) + " (" + share + ")",
                colour);
    }

    private static String samples(Reason reason) {
        StringBuilder all =
                new StringBuilder("<details><summary>" + Html.escape(reason.name()) + ": samples</summary>");
        for (Sample sample : reason.samples()) {
            all.append("<p><small>").append(Html.escape(sample.source())).append("</small><br>");
            all.append(Html.escape(sample.detail())).append("</p><pre>");
            all.append(Html.escape(sample.excerpt())).append("</pre>");
        }
        return all.append("</details>\n").toString();
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
