package dev.jumbo.train.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.InputException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.knowm.xchart.XYChart;

/**
 * How figures changed over the epochs: a chart for each, of training and validation together.
 *
 * @param epochs name to value ({@code loss}, {@code val_loss}, {@code learning_rate}), for each epoch from the first
 */
public record LearningCurves(List<Map<String, Double>> epochs) {
    private static final String VALIDATION = "val_";

    /** Beyond this a training has gone astray: what is left of its curve is drawn, and the chart's library would look for marks of an axis without end. */
    private static final double MOST = 1e12;

    public LearningCurves {
        epochs = List.copyOf(epochs);
    }

    /** From a run's {@code metrics.jsonl}. @throws InputException if it cannot be read or has a line that is not JSON */
    public static LearningCurves read(Path metricsFile) {
        List<Map<String, Double>> epochs = new ArrayList<>();
        ObjectMapper json = new ObjectMapper();
        int number = 0;
        try {
            for (String line : Files.readAllLines(metricsFile)) {
                number++;
                JsonNode event = json.readTree(line);
                if (event.path("event").asText().equals("epoch")) {
                    Map<String, Double> figures = new LinkedHashMap<>();
                    event.properties().forEach(entry -> {
                        if (entry.getValue().isNumber() && !isPosition(entry.getKey())) {
                            figures.put(entry.getKey(), entry.getValue().asDouble());
                        }
                    });
                    epochs.add(figures);
                }
            }
        } catch (JsonProcessingException e) {
            throw new InputException(
                    "expected a JSON object in " + metricsFile + " line " + number + ", received something else", e);
        } catch (IOException e) {
            throw new InputException("cannot read " + metricsFile + ": " + e.getMessage(), e);
        }
        return new LearningCurves(epochs);
    }

    private static boolean isPosition(String key) {
        return key.equals("step") || key.equals("epoch") || key.equals("seconds");
    }

    /** The figures there is a chart for: each without its {@code val_} twin. */
    public Set<String> figures() {
        Set<String> names = new LinkedHashSet<>();
        epochs.forEach(epoch -> epoch.keySet().forEach(name -> names.add(base(name))));
        return names;
    }

    /** Writes {@code loss.png}, {@code accuracy.png} and so on. @return the files */
    public List<Path> saveTo(Path directory) {
        List<Path> files = new ArrayList<>();
        for (String figure : figures()) {
            Path file = directory.resolve(figure.replace('/', '_') + ".png");
            Charts.save(image(figure), file);
            files.add(file);
        }
        return files;
    }

    /** The chart of one figure. @throws InputException if no epoch has it */
    public BufferedImage image(String figure) {
        if (!figures().contains(figure)) {
            throw new InputException("expected one of the figures " + figures() + ", received \"" + figure + "\"");
        }
        String title = figure.replace('_', ' ').replace("/", ": ");
        XYChart chart = Charts.lines(Character.toUpperCase(title.charAt(0)) + title.substring(1), "epoch", title);
        boolean both = add(chart, figure, "training", 0) & add(chart, VALIDATION + figure, "validation", 1);
        chart.getStyler().setLegendVisible(both || !figure.equals("learning_rate"));
        chart.getStyler().setXAxisDecimalPattern("0");
        if (figure.equals("learning_rate")) {
            chart.getStyler().setYAxisDecimalPattern("0.#E0");
        } else {
            chart.getStyler().setYAxisDecimalPattern("0.####");
        }
        if (epochs.size() <= 20) {
            chart.getStyler().setXAxisMin(1.0).setXAxisMax((double) Math.max(2, epochs.size()));
        }
        return Charts.image(chart);
    }

    private boolean add(XYChart chart, String name, String label, int colour) {
        double[] x = new double[epochs.size()];
        double[] y = new double[epochs.size()];
        int points = 0;
        for (int epoch = 0; epoch < epochs.size(); epoch++) {
            Double value = epochs.get(epoch).get(name);
            if (value != null && Math.abs(value) <= MOST) { // NaN is not
                x[points] = epoch + 1.0;
                y[points++] = value;
            }
        }
        if (points > 0) {
            Charts.line(chart, label, Arrays.copyOf(x, points), Arrays.copyOf(y, points), colour);
        }
        return points > 0;
    }

    private static String base(String name) {
        return name.startsWith(VALIDATION) ? name.substring(VALIDATION.length()) : name;
    }
}
