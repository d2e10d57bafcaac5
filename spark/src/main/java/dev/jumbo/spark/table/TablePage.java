package dev.jumbo.spark.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.config.Records;
import dev.jumbo.data.clean.CleaningAgreement;
import dev.jumbo.spark.corpus.report.Html;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report of cleaned tables for people: one HTML file with charts. */
final class TablePage {
    private static final String CHANGED = "#0072B2";
    private static final String DROPPED = "#D55E00";

    private TablePage() {}

    static String of(JsonNode report) {
        StringBuilder page = new StringBuilder(Html.open("Cleaning report"));
        Map<String, String> colours = new LinkedHashMap<>();
        colours.put(CHANGED, "values changed");
        colours.put(DROPPED, "rows dropped");
        page.append(Html.legend(colours));
        report.fields().forEachRemaining(part -> table(part.getKey(), part.getValue(), page));
        return page.append("</body></html>\n").toString();
    }

    private static void table(String name, JsonNode table, StringBuilder page) {
        page.append(String.format(
                Locale.ROOT,
                "<h2>%s</h2><p>%,d rows in, %,d out, %,d values changed.</p>",
                Html.escape(name),
                table.path("rows_in").asLong(),
                table.path("rows_out").asLong(),
                table.path("cells_changed").asLong()));
        List<Html.Bar> bars = new ArrayList<>();
        long most = 1;
        for (JsonNode step : table.path("steps")) {
            for (JsonNode reason : step.path("reasons")) {
                most = Math.max(most, Math.max(times(reason, "cells_changed"), times(reason, "rows_dropped")));
            }
        }
        for (JsonNode step : table.path("steps")) {
            for (JsonNode reason : step.path("reasons")) {
                boolean dropped = times(reason, "rows_dropped") > 0;
                long times = times(reason, dropped ? "rows_dropped" : "cells_changed");
                bars.add(new Html.Bar(
                        reason.path("column").asText(),
                        (double) times / most,
                        String.format(
                                Locale.ROOT,
                                "%,d %s",
                                times,
                                reason.path("reason").asText()),
                        dropped ? DROPPED : CHANGED));
            }
        }
        JsonNode agreement = table.path("agreement");
        if (agreement.isObject()) {
            page.append("<p>")
                    .append(Html.escape(Records.of()
                            .read(CleaningAgreement.class, "report", agreement)
                            .text()))
                    .append("</p>");
        }
        page.append(Html.bars("Values changed and rows dropped, by column", bars));
    }

    private static long times(JsonNode reason, String what) {
        return reason.path(what).asLong();
    }
}
