package dev.jumbo.spark.corpus.report;

import dev.jumbo.spark.corpus.document.Fate;
import dev.jumbo.spark.corpus.report.Html.Bar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** A report for people: one HTML file with charts, which needs nothing else. */
public final class ReportPage {
    private static final String KEPT = "#0072B2";
    private static final String DROPPED = "#D55E00";
    private static final String QUARANTINED = "#CC79A7";
    private static final String SPEED = "#009E73";

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
        StringBuilder head = new StringBuilder();
        if (!report.directory().isEmpty()) {
            head.append("<p><small>")
                    .append(Html.escape(report.directory()))
                    .append(report.finished().isEmpty() ? "" : ", " + Html.escape(report.finished()))
                    .append("</small></p>\n");
        }
        if (!report.inputs().isEmpty()) {
            head.append("<p><small>from ")
                    .append(Html.escape(String.join(", ", report.inputs())))
                    .append("</small></p>\n");
        }
        report.warning().ifPresent(warning -> head.append("<p class=\"warning\">" + Html.escape(warning) + "</p>\n"));
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
        head.append("<p>").append(Html.escape(summary.toString())).append("</p>\n");
        return page(Subject.DOCUMENTS, head.toString(), report.stages(), report.cores(), languages(report));
    }

    /**
     * The page of stages.
     *
     * @param summary what came out, as plain text
     * @param cores tasks that ran at once
     */
    public static String of(Subject subject, String summary, List<StageReport> stages, int cores) {
        return page(subject, "<p>" + Html.escape(summary) + "</p>\n", stages, cores, "");
    }

    private static String page(Subject subject, String head, List<StageReport> stages, int cores, String behind) {
        StringBuilder page = new StringBuilder(Html.open(subject.title)).append(head);
        Map<String, String> colours = new LinkedHashMap<>();
        colours.put(KEPT, "kept");
        colours.put(DROPPED, "dropped by a rule");
        colours.put(QUARANTINED, "quarantined: could not be read or worked on");
        colours.put(SPEED, "speed");
        page.append(Html.legend(colours));
        String after = " after each stage";
        page.append(funnel(
                capital(subject.things) + after, stages, stages.get(0).read(), StageReport::kept, ReportPage::number));
        page.append(funnel(
                "Size of the " + subject.content + after,
                stages,
                mostBytes(stages),
                StageReport::bytesKept,
                Html::size));
        page.append(behind).append(speed(subject, stages, cores)).append(table(stages));
        stages.forEach(stage -> page.append(stage(subject, stage)));
        return page.append("</body></html>\n").toString();
    }

    /** Of the documents that are kept, and of those that a stage dropped for their language. */
    private static String languages(CorpusReport report) {
        List<Bar> bars = new ArrayList<>();
        long most = Stream.concat(report.languages().values().stream(), report.otherLanguages().values().stream())
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
        bars.addAll(languages(report.languages(), most, KEPT));
        bars.addAll(languages(report.otherLanguages(), most, DROPPED));
        return bars.isEmpty() ? "" : Html.bars("Languages, kept and dropped", bars);
    }

    private static List<Bar> languages(Map<String, Long> counts, long most, String colour) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .map(e -> new Bar(language(e.getKey()), (double) e.getValue() / most, number(e.getValue()), colour))
                .toList();
    }

    private static String language(String code) {
        String name = Locale.forLanguageTag(code).getDisplayLanguage(Locale.ENGLISH);
        return name.isEmpty() || name.equals(code) ? code : name + " (" + code + ")";
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    private static long mostBytes(List<StageReport> stages) {
        return stages.stream().mapToLong(StageReport::bytesKept).max().orElse(0);
    }

    private static String funnel(
            String title,
            List<StageReport> stages,
            long all,
            ToLongFunction<StageReport> value,
            LongFunction<String> shown) {
        return Html.bars(
                title,
                stages.stream()
                        .map(s -> {
                            long left = value.applyAsLong(s);
                            double share = all == 0 ? 0 : (double) left / all;
                            return new Bar(s.name(), share, shown.apply(left) + " (" + percent(share) + ")", KEPT);
                        })
                        .toList());
    }

    private static String speed(Subject subject, List<StageReport> stages, int cores) {
        double most = stages.stream().mapToDouble(ReportPage::rate).max().orElse(0);
        List<Bar> bars = stages.stream()
                .map(s -> new Bar(
                        s.name(),
                        most == 0 ? 0 : rate(s) / most,
                        String.format(
                                Locale.ROOT, "%,.0f %s/s, %s/s", rate(s), subject.things, Html.size(bytesEach(s))),
                        SPEED))
                .toList();
        return Html.bars("Throughput of each stage, on " + cores + " cores", bars);
    }

    private static double rate(StageReport stage) {
        return stage.seconds() == 0 ? 0 : stage.read() / stage.seconds();
    }

    private static double bytesEach(StageReport stage) {
        return stage.seconds() == 0 ? 0 : stage.bytesRead() / stage.seconds();
    }

    private static String table(List<StageReport> stages) {
        StringBuilder table = new StringBuilder(
                "<h2>Stages</h2><div class=\"wide\"><table><tr><th>stage</th><th>read</th><th>kept</th>"
                        + "<th>dropped</th><th>quarantined</th><th>size in</th><th>size out</th><th>seconds</th></tr>");
        for (StageReport s : stages) {
            table.append(String.format(
                    Locale.ROOT,
                    "<tr><td>%s</td><td>%,d</td><td>%,d</td><td>%,d</td><td>%,d</td><td>%s</td><td>%s</td><td>%.1f%s</td></tr>",
                    Html.escape(s.name()),
                    s.read(),
                    s.kept(),
                    s.dropped(),
                    s.quarantined(),
                    Html.size(s.bytesRead()),
                    Html.size(s.bytesKept()),
                    s.seconds(),
                    s.reused() ? " (earlier)" : ""));
        }
        return table.append("</table></div>\n").toString();
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
            section.append("<h3>What was done</h3><div class=\"wide\"><table><tr><th>name</th><th>times</th></tr>");
            Map<String, Long> sorted = new TreeMap<>(stage.counts());
            sorted.forEach((name, times) ->
                    section.append("<tr><td>" + Html.escape(name) + "</td><td>" + number(times) + "</td></tr>"));
            section.append("</table></div>");
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
        for (DroppedDocument sample : reason.samples()) {
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
