package dev.jumbo.spark.corpus.report;

import java.util.List;
import java.util.Locale;

/** Pieces of a page. Every text that comes from data passes {@link #escape}. */
public final class Html {
    private static final int LABEL = 250;
    private static final int BAR = 420;
    private static final int VALUE = 190;
    private static final int ROW = 26;

    private Html() {}

    /** A line of a chart. @param share of the full width, from 0 to 1 @param value as it is written behind the bar */
    public record Bar(String label, double share, String value, String colour) {}

    /** A chart of horizontal bars, as SVG. */
    public static String bars(String title, List<Bar> bars) {
        int height = ROW * bars.size();
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %1$d %2$d\" width=\"%1$d\" height=\"%2$d\" role=\"img\" aria-label=\"%3$s\">",
                LABEL + BAR + VALUE,
                height,
                escape(title)));
        int y = 0;
        for (Bar bar : bars) {
            double width = Math.max(bar.share() > 0 ? 1 : 0, BAR * Math.min(1, bar.share()));
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
                            + "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\" fill=\"%s\"/>"
                            + "<text x=\"%.1f\" y=\"%d\">%s</text>",
                    LABEL - 8,
                    y + 17,
                    escape(bar.label()),
                    LABEL,
                    y + 4,
                    width,
                    ROW - 8,
                    bar.colour(),
                    LABEL + width + 6,
                    y + 17,
                    escape(bar.value())));
            y += ROW;
        }
        return "<h3>" + escape(title) + "</h3>" + svg + "</svg>";
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
