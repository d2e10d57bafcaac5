package dev.jumbo.train.report;

import dev.jumbo.train.metrics.CalibrationBins;
import dev.jumbo.train.metrics.Predictions;
import dev.jumbo.train.metrics.Thresholds;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;

/** Charts of a classifier over its thresholds and probabilities. Of class 1 where there are two, otherwise each class against the rest. */
public final class CurveCharts {
    private static final int BINS = 15;
    private static final double[] UNIT = {0, 1};

    private CurveCharts() {}

    /** Share of positive rows found over share of false alarms, with the area under it. @param names of all classes; empty for numbers */
    public static void saveRoc(Predictions predictions, List<String> names, Path file) {
        XYChart chart = Charts.lines("ROC", "false positive rate", "true positive rate");
        Charts.unitSquare(chart);
        for (int c : classes(predictions)) {
            Thresholds thresholds = Thresholds.of(predictions, c);
            if (thresholds.positives() > 0 && thresholds.negatives() > 0) {
                int points = thresholds.points().size();
                double[] x = new double[points + 1];
                double[] y = new double[points + 1];
                for (int i = 0; i < points; i++) {
                    x[i + 1] = (double) thresholds.points().get(i).falsePositives() / thresholds.negatives();
                    y[i + 1] = (double) thresholds.points().get(i).truePositives() / thresholds.positives();
                }
                Charts.line(chart, label(names, c, "AUC", thresholds.rocAuc()), x, y, c);
            }
        }
        Charts.reference(chart, "guessing", UNIT, UNIT);
        Charts.save(Charts.image(chart), file);
    }

    /** Precision over recall, with the average precision. @param names of all classes; empty for numbers */
    public static void savePrecisionRecall(Predictions predictions, List<String> names, Path file) {
        XYChart chart = Charts.lines("Precision and recall", "recall", "precision");
        Charts.unitSquare(chart);
        for (int c : classes(predictions)) {
            Thresholds thresholds = Thresholds.of(predictions, c);
            if (thresholds.positives() > 0) {
                int points = thresholds.points().size();
                double[] x = new double[points + 1];
                double[] y = new double[points + 1];
                y[0] = 1;
                for (int i = 0; i < points; i++) {
                    Thresholds.Point point = thresholds.points().get(i);
                    x[i + 1] = (double) point.truePositives() / thresholds.positives();
                    y[i + 1] = (double) point.truePositives() / (point.truePositives() + point.falsePositives());
                }
                Charts.line(chart, label(names, c, "AP", thresholds.averagePrecision()), x, y, c);
            }
        }
        Charts.save(Charts.image(chart), file);
    }

    /** How often predictions were right, over how probable the model said they were. */
    public static void saveReliability(Predictions predictions, Path file) {
        CalibrationBins calibration = new CalibrationBins(BINS);
        calibration.add(predictions);
        List<CalibrationBins.Bin> bins =
                calibration.bins().stream().filter(bin -> bin.rows() > 0).toList();
        XYChart chart = Charts.lines("Reliability", "probability of the predicted class", "share that was right");
        Charts.unitSquare(chart);
        Charts.reference(chart, "perfect", UNIT, UNIT);
        if (!bins.isEmpty()) {
            Charts.line(
                    chart,
                    String.format(Locale.ROOT, "model (calibration error %.3f)", calibration.expectedError()),
                    bins.stream().mapToDouble(CalibrationBins.Bin::confidence).toArray(),
                    bins.stream().mapToDouble(CalibrationBins.Bin::accuracy).toArray(),
                    0);
        }
        Charts.save(Charts.image(chart), file);
    }

    private static int[] classes(Predictions predictions) {
        return IntStream.range(predictions.classes() == 2 ? 1 : 0, predictions.classes())
                .toArray();
    }

    private static String label(List<String> names, int c, String figure, double value) {
        String name = names.isEmpty() ? Integer.toString(c) : Charts.oneLine(names.get(c));
        return String.format(Locale.ROOT, "%s (%s %.3f)", name, figure, value);
    }
}
