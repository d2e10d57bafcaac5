package dev.jumbo.train.report;

import dev.jumbo.error.FailureException;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The common look of all charts. */
final class Charts {
    static final int WIDTH = 760;
    static final int HEIGHT = 520;
    /** More series than this do not fit under the chart. */
    private static final int LEGEND_BELOW = 4;

    static final Color INK = new Color(0x33, 0x38, 0x40);
    static final Color GREY = new Color(0x9A, 0xA0, 0xA8);

    /** Okabe and Ito's colours, which the colour-blind can tell apart. */
    private static final List<Color> COLOURS = List.of(
            new Color(0x00, 0x72, 0xB2),
            new Color(0xD5, 0x5E, 0x00),
            new Color(0x00, 0x9E, 0x73),
            new Color(0xCC, 0x79, 0xA7),
            new Color(0xE6, 0x9F, 0x00),
            new Color(0x56, 0xB4, 0xE9));

    static {
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true"); // Servers have no display.
        }
    }

    private Charts() {}

    static Color colour(int index) {
        return COLOURS.get(index % COLOURS.size());
    }

    static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }

    /** An empty chart of lines. */
    static XYChart lines(String title, String x, String y) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        chart.getStyler()
                .setChartBackgroundColor(Color.WHITE)
                .setChartFontColor(INK)
                .setChartTitleFont(font(Font.BOLD, 17))
                .setChartTitleBoxVisible(false)
                .setChartPadding(14)
                .setLegendFont(font(Font.PLAIN, 13))
                .setLegendBorderColor(Color.WHITE)
                .setLegendPosition(LegendPosition.OutsideS)
                .setLegendLayout(LegendLayout.Horizontal)
                .setPlotBorderVisible(false)
                .setPlotBackgroundColor(Color.WHITE)
                .setAntiAlias(true)
                .setTextAntiAlias(true);
        chart.getStyler()
                .setAxisTitleFont(font(Font.PLAIN, 14))
                .setAxisTickLabelsFont(font(Font.PLAIN, 12))
                .setAxisTickLabelsColor(INK)
                .setPlotGridLinesColor(new Color(0xE4, 0xE6, 0xEA))
                .setPlotGridLinesStroke(new BasicStroke(1f))
                .setPlotMargin(4);
        return chart;
    }

    /** Fixes both axes to shares from 0 to 1. */
    static void unitSquare(XYChart chart) {
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.0).setYAxisMin(0.0).setYAxisMax(1.0);
        chart.getStyler().setXAxisDecimalPattern("0.0").setYAxisDecimalPattern("0.0");
    }

    static void line(XYChart chart, String name, double[] x, double[] y, int colour) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setLineColor(colour(colour));
        series.setMarkerColor(colour(colour));
        series.setLineStyle(new BasicStroke(2.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        series.setMarker(x.length <= 30 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        chart.getStyler().setMarkerSize(6);
        if (colour >= LEGEND_BELOW) {
            chart.getStyler().setLegendPosition(LegendPosition.OutsideE).setLegendLayout(LegendLayout.Vertical);
        }
    }

    /** What a curve is compared with. */
    static void reference(XYChart chart, String name, double[] x, double[] y) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setLineColor(GREY);
        series.setLineStyle(
                new BasicStroke(1.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {6, 5}, 0));
        series.setMarker(SeriesMarkers.NONE);
    }

    /** A name as a legend can show it: a line feed or a blank may be a class, and the end of a line is none of a legend's. */
    static String oneLine(String name) {
        StringBuilder shown = new StringBuilder(name.length());
        name.codePoints().forEach(c -> {
            if (Character.isISOControl(c) || Character.getType(c) == Character.LINE_SEPARATOR) {
                shown.append(String.format(Locale.ROOT, "U+%04X", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }

    static BufferedImage image(XYChart chart) {
        return BitmapEncoder.getBufferedImage(chart);
    }

    static void save(BufferedImage image, Path file) {
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Path draft = file.resolveSibling("." + file.getFileName() + ".tmp");
            try {
                ImageIO.write(image, "png", draft.toFile());
                Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw new FailureException("cannot write the chart " + file + ": " + e.getMessage(), e);
        }
    }
}
