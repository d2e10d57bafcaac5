package dev.jumbo.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jumbo.config.json.JsonProblem;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Compares the figures of two runs, step by step and epoch by epoch: whether a training on several workers follows that on
 * one. Exit status 0 if no figure differs by more than a relative tolerance, otherwise 1.
 *
 * <p>Usage: {@code Curves RUN RUN [TOLERANCE]}: directories of runs, or their {@code metrics.jsonl}
 */
public final class Curves {
    private static final String DEFAULT_TOLERANCE = "1e-5";

    private Curves() {}

    public static void main(String[] args) {
        if (args.length < 2) {
            throw new InputException("expected two runs to compare, received " + args.length);
        }
        Map<String, Double> one = figures(Path.of(args[0]));
        Map<String, Double> other = figures(Path.of(args[1]));
        double tolerance = Double.parseDouble(args.length > 2 ? args[2] : DEFAULT_TOLERANCE);
        if (!one.keySet().equals(other.keySet()) || one.isEmpty()) {
            throw new InputException("expected two runs with the same steps and epochs, received " + one.size()
                    + " and " + other.size() + " figures; train with the same file, --set train.log_every_steps=1");
        }
        String worst = "";
        double largest = -1;
        for (Map.Entry<String, Double> figure : one.entrySet()) {
            double difference = relative(figure.getValue(), other.getOrDefault(figure.getKey(), Double.NaN));
            if (!(difference <= largest)) {
                largest = difference;
                worst = figure.getKey();
            }
        }
        printGrowth(one, other);
        boolean same = largest <= tolerance;
        System.out.printf(
                Locale.ROOT,
                "%d figures, largest relative difference %.3g (%s: %s and %s): %s %.1g%n",
                one.size(),
                largest,
                worst,
                one.get(worst),
                other.get(worst),
                same ? "within" : "ABOVE",
                tolerance);
        System.exit(same ? 0 : 1);
    }

    /** The largest difference of a loss so far, at the first, tenth, hundredth ... step. */
    private static void printGrowth(Map<String, Double> one, Map<String, Double> other) {
        double largest = 0;
        long due = 1;
        for (long step = 1; one.containsKey(loss(step)); step++) {
            double here = one.getOrDefault(loss(step), Double.NaN);
            largest = Math.max(largest, relative(here, other.getOrDefault(loss(step), Double.NaN)));
            if (step == due) {
                System.out.printf(Locale.ROOT, "losses up to step %d: %.2g%n", step, largest);
                due *= 10;
            }
        }
    }

    private static String loss(long step) {
        return "step " + step + " loss";
    }

    private static double relative(double a, double b) {
        double scale = Math.max(Math.abs(a), Math.abs(b));
        return scale == 0 ? 0 : Math.abs(a - b) / scale;
    }

    /** Every number of a log but times, by event. */
    private static Map<String, Double> figures(Path run) {
        Path file = Files.isDirectory(run) ? run.resolve("metrics.jsonl") : run;
        JsonMapper json = new JsonMapper();
        Map<String, Double> figures = new LinkedHashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                JsonNode event = json.readTree(line);
                String where =
                        event.path("event").asText() + " " + event.path("step").asLong() + " ";
                event.properties().forEach(figure -> {
                    if (figure.getValue().isNumber() && !figure.getKey().equals("seconds")) {
                        figures.put(where + figure.getKey(), figure.getValue().asDouble());
                    }
                });
            }
            return figures;
        } catch (JsonProcessingException e) {
            throw new InputException("expected lines of JSON in " + file + ", received " + JsonProblem.of(e), e);
        } catch (IOException e) {
            throw new InputException("cannot read the figures of a run in " + file + ": " + e, e);
        }
    }
}
