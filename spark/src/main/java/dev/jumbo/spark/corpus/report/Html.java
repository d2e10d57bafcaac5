package dev.jumbo.spark.corpus.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Pieces of a page. Every text that comes from data passes {@link #escape}. */
public final class Html {
    /** Readable on a telephone too: rows of bars fold, tables scroll by themselves. */
    private static final String STYLE =
            "body{font:15px/1.5 system-ui,sans-serif;color:#333840;max-width:960px;margin:2em auto;"
                    + "padding:0 1em}h1,h2,h3{line-height:1.2}h2{border-top:1px solid #e4e6ea;padding-top:1em}"
                    + "h1,h2,h3,p,small,li{overflow-wrap:anywhere}"
                    + ".bar{display:grid;grid-template-columns:15em 1fr;gap:0 .6em;margin:.25em 0;align-items:center}"
                    + ".bar>span:first-child{text-align:right;overflow-wrap:anywhere}"
                    + ".track{display:flex;align-items:center;gap:.4em;min-width:0}"
                    + ".track i{display:block;height:1.1em;border-radius:2px;flex:none}.track span{white-space:nowrap}"
                    + ".key{display:inline-block;width:.9em;height:.9em;border-radius:2px;margin:0 .3em 0 .9em;vertical-align:-.1em}"
                    + ".wide{overflow-x:auto}table{border-collapse:collapse}"
                    + "td,th{padding:.2em .8em;text-align:right;border-bottom:1px solid #e4e6ea;white-space:nowrap}"
                    + "td:first-child,th:first-child{text-align:left}"
                    + "pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f5f6f8;padding:.6em;margin:.3em 0 1em}"
                    + "small{color:#6a7078}summary{cursor:pointer;overflow-wrap:anywhere}"
                    + ".warning{background:#fdecea;border-left:4px solid #b3261e;padding:.6em 1em}"
                    + "@media(max-width:600px){body{margin:1em auto}.bar{grid-template-columns:1fr}"
                    + ".bar>span:first-child{text-align:left}.track{flex-wrap:wrap}.track i{max-width:60%}}";

    /** Of the width of a chart, what a bar takes at most: its value stands behind it. */
    private static final double FULL = 60;

    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

    private Html() {}

    /** A line of a chart. @param share of the full width, from 0 to 1 @param value as it is written behind the bar */
    public record Bar(String label, double share, String value, String colour) {}

    /** A page up to its first heading. */
    public static String open(String title) {
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
                + "<title>" + escape(title) + "</title><style>" + STYLE + "</style></head><body>\n<h1>" + escape(title)
                + "</h1>\n";
    }

    /** A chart of horizontal bars. */
    public static String bars(String title, List<Bar> bars) {
        StringBuilder chart = new StringBuilder(
                "<h3>" + escape(title) + "</h3><div role=\"img\" aria-label=\"" + escape(title) + "\">");
        for (Bar bar : bars) {
            double width = Math.max(bar.share() > 0 ? 0.2 : 0, FULL * Math.min(1, bar.share()));
            chart.append(String.format(
                    Locale.ROOT,
                    "<div class=\"bar\"><span>%s</span><span class=\"track\"><i style=\"width:%.1f%%;background:%s\"></i>"
                            + "<span>%s</span></span></div>",
                    escape(bar.label()),
                    width,
                    bar.colour(),
                    escape(bar.value())));
        }
        return chart + "</div>\n";
    }

    /** What colours mean. */
    public static String legend(Map<String, String> meanings) {
        StringBuilder legend = new StringBuilder("<p>");
        meanings.forEach((colour, meaning) -> legend.append("<span class=\"key\" style=\"background:")
                .append(colour)
                .append("\"></span>")
                .append(escape(meaning)));
        return legend + "</p>\n";
    }

    /** Bytes in the largest unit of which there is one: {@code 412 B}, {@code 3.4 kB}. */
    public static String size(double bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 999.95 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%,.1f %s", value, UNITS[unit]);
    }

    /** Text that means itself in HTML and its attributes; control characters become U+FFFD. */
    public static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                case '\n', '\t', '\r' -> escaped.append(c);
                default -> escaped.append(Character.isISOControl(c) ? '\uFFFD' : c);
            }
        }
        return escaped.toString();
    }
}
