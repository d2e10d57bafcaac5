package dev.jumbo.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Medians and ratios of the lines that {@code benchmarks/run} collects: {@code {"benchmark", "side", "round", "result"}}.
 *
 * <p>Usage: {@code Report RESULTS.jsonl}
 */
public final class Report {
    private static final String JUMBO = "jumbo";

    private static final Predicate<String> JUMBO_TUNED = side -> isJumbo(side) && !side.endsWith(" plain");

    /** Numbers that say how a result was made. */
    private static final Set<String> SETTINGS = Set.of("java", "threads", "epochs", "steps", "parameters");

    /** By benchmark, side and name of a figure: its values, one a round. */
    private final Map<Key, List<Double>> figures = new LinkedHashMap<>();

    private record Key(String benchmark, String side, String figure) {}

    private Report() {}

    public static void main(String[] args) throws IOException {
        Report report = new Report();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            report.add(new JsonMapper().readTree(line));
        }
        report.table();
        report.ratios();
    }

    private void add(JsonNode line) {
        String benchmark = line.path("benchmark").asText();
        String side = line.path("side").asText();
        if (line.has("skipped")) {
            print(
                    "%-9s %-22s skipped: %s",
                    benchmark, side, line.path("skipped").asText());
        }
        line.path("result").fields().forEachRemaining(field -> {
            if (field.getValue().isNumber() && !SETTINGS.contains(field.getKey())) {
                figures.computeIfAbsent(new Key(benchmark, side, field.getKey()), key -> new ArrayList<>())
                        .add(field.getValue().asDouble());
            }
        });
    }

    private void table() {
        print("%-9s %-22s %-34s %12s %12s %12s %3s", "what", "side", "figure", "median", "least", "most", "n");
        figures.forEach((key, values) -> {
            DoubleSummaryStatistics range =
                    values.stream().mapToDouble(Double::doubleValue).summaryStatistics();
            print(
                    "%-9s %-22s %-34s %12s %12s %12s %3d",
                    key.benchmark(),
                    key.side(),
                    key.figure(),
                    number(median(values)),
                    number(range.getMin()),
                    number(range.getMax()),
                    values.size());
        });
    }

    private void ratios() {
        print("%nRatios of medians");
        double keras = fit(side -> side.equals("keras"));
        double kerasPlain = fit(side -> isKeras(side) && !isBf16(side) && !isTuned(side));
        double kerasFp32 = fit(side -> isKeras(side) && !isBf16(side));
        double kerasBest = fit(Report::isKeras);
        for (String ours : List.of(JUMBO, "jumbo auto")) {
            double fit = fit(ours::equals);
            ratio("article: Keras's fit over " + ours + "'s, both as they are started (goal 2)", keras / fit);
            ratio("article: Keras's best fp32 fit over " + ours + "'s, Keras not tuned", kerasPlain / fit);
            ratio("article: Keras's best fp32 fit over " + ours + "'s, both tuned (goal 2)", kerasFp32 / fit);
            ratio("article: Keras's best fit in any precision over " + ours + "'s, both tuned", kerasBest / fit);
        }

        double fp32 = best("step", Report::isJumbo, "fp32_images_per_s"::equals, true);
        double bf16 = best("step", Report::isJumbo, "bf16_images_per_s"::equals, true);
        Predicate<String> torchFp32 = figure -> figure.startsWith("cnn_") && !figure.contains("bf16");
        Predicate<String> torchBf16 = figure -> figure.startsWith("cnn_") && figure.contains("bf16");
        double plain = best("step", side -> isTorch(side) && !isTuned(side), torchFp32, true);
        double best = best("step", Report::isTorch, torchFp32, true);
        ratio("step: our fp32 over PyTorch's best fp32 mode, as each is started", fp32 / plain);
        ratio("step: our fp32 over PyTorch's best fp32 mode (goal 1.3)", fp32 / best);
        ratio("step: our bf16 over PyTorch's best fp32 mode (goal 1.8)", bf16 / best);
        ratio("step: our bf16 over PyTorch's best bf16 mode", bf16 / best("step", Report::isTorch, torchBf16, true));
        ratio(
                "step: fp32 of both without our settings, PyTorch in its best mode",
                best("step", "jumbo plain"::equals, "fp32_images_per_s"::equals, true) / plain);

        double achieved = best("step", Report::isJumbo, "fp32_gflops"::equals, true);
        double peak = best("step", side -> true, "peak_gflops"::equals, true);
        ratio("step: share of the fp32 matrix peak of either side (goal 0.6)", achieved / peak);
        for (String precision : List.of("fp32", "bf16")) {
            String speed = precision + "_tokens_per_s";
            double ours = best("gpt", JUMBO_TUNED, speed::equals, true);
            ratio(
                    "gpt: our " + precision + " over PyTorch's best, as each is started",
                    ours / best("gpt", side -> isTorch(side) && !isTuned(side), speed::equals, true));
            ratio(
                    "gpt: our " + precision + " over PyTorch's best, both tuned (goal 1.3)",
                    ours / best("gpt", Report::isTorch, speed::equals, true));
            double done = best("gpt", JUMBO_TUNED, (precision + "_gflops")::equals, true);
            ratio(
                    "gpt: share of the " + precision + " matrix peak of either side",
                    done / best("gpt", side -> true, (precision + "_peak_gflops")::equals, true));
        }
        percent("pipeline: cost of data and augmentation, fp32 (goal under 10 %)", "fp32_cost_percent");
        percent("pipeline: cost of data and augmentation, bf16 (goal under 10 %)", "bf16_cost_percent");
    }

    /** The best median of the figures that match; NaN if there are none. */
    private double best(String benchmark, Predicate<String> side, Predicate<String> figure, boolean larger) {
        double best = Double.NaN;
        for (Map.Entry<Key, List<Double>> entry : figures.entrySet()) {
            Key key = entry.getKey();
            if (key.benchmark().equals(benchmark) && side.test(key.side()) && figure.test(key.figure())) {
                double median = median(entry.getValue());
                if (Double.isNaN(best) || (larger ? median > best : median < best)) {
                    best = median;
                }
            }
        }
        return best;
    }

    private double fit(Predicate<String> side) {
        return best("article", side, "fit_seconds"::equals, false);
    }

    private static boolean isJumbo(String side) {
        return side.startsWith(JUMBO);
    }

    private static boolean isKeras(String side) {
        return side.startsWith("keras");
    }

    private static boolean isTorch(String side) {
        return side.startsWith("pytorch");
    }

    private static boolean isTuned(String side) {
        return side.endsWith(" tuned");
    }

    private static boolean isBf16(String side) {
        return side.contains("bf16");
    }

    private void percent(String what, String figure) {
        double value = best("pipeline", JUMBO::equals, figure::equals, true);
        if (!Double.isNaN(value)) {
            print("  %-78s %.1f %%", what, value);
        }
    }

    private static void ratio(String what, double value) {
        if (!Double.isNaN(value)) {
            print("  %-78s %.2f", what, value);
        }
    }

    private static double median(List<Double> values) {
        return Result.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.4f" : "%.1f", value);
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
