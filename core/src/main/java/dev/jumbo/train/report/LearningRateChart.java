package dev.jumbo.train.report;

import dev.jumbo.train.LearningRateTest;
import dev.jumbo.train.LearningRateTest.Point;
import java.nio.file.Path;
import org.knowm.xchart.XYChart;

/** The loss over the learning rate, on a logarithmic scale, of a {@link LearningRateTest}. */
public final class LearningRateChart {
    private LearningRateChart() {}

    /** Writes it as PNG. */
    public static void save(LearningRateTest test, Path file) {
        XYChart chart = Charts.lines("Learning rate range test", "learning rate", "loss");
        chart.getStyler().setXAxisLogarithmic(true);
        double[] rates = test.points().stream().mapToDouble(Point::learningRate).toArray();
        double[] smoothed = test.points().stream().mapToDouble(Point::smoothed).toArray();
        Charts.line(chart, "loss, smoothed", rates, smoothed, 0);
        double least = test.points().stream().mapToDouble(Point::smoothed).min().orElse(0);
        double most = test.points().stream().mapToDouble(Point::smoothed).max().orElse(1);
        Charts.reference(
                chart, "suggested", new double[] {test.suggestion(), test.suggestion()}, new double[] {least, most});
        Charts.save(Charts.image(chart), file);
    }
}
