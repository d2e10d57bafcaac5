package dev.jumbo.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;

/**
 * A table and a plot of what {@code benchmarks/links} measured, beside the ring formula {@code T = 2 (N-1) a + 2 (N-1)/N
 * S/B}.
 *
 * <p>Usage: {@code LinkReport RESULTS.jsonl DIRECTORY}
 */
public final class LinkReport {
    /** Of 1,514 bytes on the wire, 1,448 are the sender's: the rest are headers of Ethernet, IP and TCP with its time stamps. */
    private static final double PAYLOAD = 1448.0 / 1514.0;

    private static final double BYTES_PER_MEGABYTE = 1e6;
    private static final double BITS_PER_BYTE = 8;

    private LinkReport() {}

    /** A training step on a link; 0 for loopback. */
    private record Step(double rate, String model, JsonNode result) {
        double value(String name) {
            return result.path(name).asDouble();
        }
    }

    /** One size at one rate. */
    private record Row(double rate, double megabytes, double measured, double predicted) {
        double ratio() {
            return measured / predicted;
        }
    }

    public static void main(String[] args) throws IOException {
        System.setProperty("java.awt.headless", "true");
        List<Row> rows = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        List<Step> peers = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            JsonNode read = new JsonMapper().readTree(line);
            if (read.has("peer")) {
                peers.add(new Step(0, read.path("peer").asText(), read.path("result")));
            } else if (read.has("model")) {
                steps.add(new Step(
                        read.path("rate_mbit").asDouble(), read.path("model").asText(), read.path("result")));
            } else {
                add(read, rows);
            }
        }
        String table = table(rows);
        String scaling = scaling(steps) + peers(peers);
        System.out.print(table + "\n" + scaling);
        Path directory = Path.of(args[1]);
        Files.writeString(
                directory.resolve("links.md"),
                "# All-reduce beside the ring formula\n\n`benchmarks/links` wrote this: two workers in two network"
                        + " namespaces, `tbf` on the link between them.\nThe formula is T = 2 (N-1) a + 2 (N-1)/N S/B"
                        + " with the measured latency a of one value, and B the rate without headers.\n\n"
                        + table
                        + "\n![measured and predicted](links.png)\n\n# Scaling of two workers with a thread each\n\nThe"
                        + " model is T_N = T_forward + max(T_backward, T_first + T_communication) + T_last + T_optimizer;"
                        + " its parts are measured\non both workers at the same time, without communication. Efficiency is"
                        + " the time of a step without communication\nover that with it.\n\n" + scaling);
        BitmapEncoder.saveBitmap(
                chart(rows), directory.resolve("links.png").toString(), BitmapEncoder.BitmapFormat.PNG);
    }

    private static void add(JsonNode line, List<Row> rows) {
        double rate = line.path("rate_mbit").asDouble();
        JsonNode result = line.path("result");
        double ranks = result.path("ranks").asDouble();
        double latency = result.path("latency_s").asDouble();
        double bytesPerSecond = rate * 1e6 / BITS_PER_BYTE * PAYLOAD;
        result.fields().forEachRemaining(field -> {
            if (field.getKey().startsWith("allreduce_")) {
                double megabytes = Double.parseDouble(field.getKey().split("_")[1]);
                double predicted = 2 * (ranks - 1) * (latency / 2)
                        + 2 * (ranks - 1) / ranks * megabytes * BYTES_PER_MEGABYTE / bytesPerSecond;
                rows.add(new Row(rate, megabytes, field.getValue().asDouble(), predicted));
            }
        });
    }

    private static String table(List<Row> rows) {
        StringBuilder table = new StringBuilder("| Mbit/s | MB | measured s | formula s | measured / formula |\n")
                .append("|---:|---:|---:|---:|---:|\n");
        for (Row row : rows) {
            table.append(String.format(
                    Locale.ROOT,
                    "| %.0f | %.0f | %.4f | %.4f | %.3f |%n",
                    row.rate(),
                    row.megabytes(),
                    row.measured(),
                    row.predicted(),
                    row.ratio()));
        }
        return table.toString();
    }

    private static String scaling(List<Step> steps) {
        StringBuilder table = new StringBuilder("| link | network | gradients MB | buckets | step alone ms | model ms |"
                + " measured ms | model / measured | efficiency |\n|---|---|---:|---:|---:|---:|---:|---:|---:|\n");
        for (Step step : steps) {
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %.1f | %.0f | %.1f | %.1f | %.1f | %.3f | %.3f |%n",
                    step.rate() == 0
                            ? String.format(Locale.ROOT, "loopback, %.0f MB/s", step.value("mb_per_s"))
                            : String.format(Locale.ROOT, "%.0f Mbit/s", step.rate()),
                    step.model(),
                    step.value("gradient_mb"),
                    step.value("buckets"),
                    1e3 * step.value("one_step_s"),
                    1e3 * step.value("predicted_s"),
                    1e3 * step.value("step_s"),
                    step.value("predicted_over_measured"),
                    step.value("efficiency")));
        }
        return table.toString();
    }

    private static String peers(List<Step> peers) {
        if (peers.isEmpty()) {
            return "";
        }
        StringBuilder table =
                new StringBuilder("\nPyTorch's DistributedDataParallel over Gloo on the same loopback in the same"
                        + " run, a thread a worker, all else as it sets it:\n\n| PyTorch | network | gradients MB | step alone ms |"
                        + " measured ms | efficiency |\n|---|---|---:|---:|---:|---:|\n");
        for (Step step : peers) {
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %.1f | %.1f | %.1f | %.3f |%n",
                    step.result().path("torch").asText(),
                    step.model(),
                    step.value("gradient_mb"),
                    1e3 * step.value("one_step_s"),
                    1e3 * step.value("step_s"),
                    step.value("efficiency")));
        }
        return table.toString();
    }

    private static XYChart chart(List<Row> rows) {
        XYChart chart = new XYChartBuilder()
                .width(760)
                .height(520)
                .title("All-reduce of two workers")
                .xAxisTitle("MB")
                .yAxisTitle("seconds")
                .build();
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        for (double rate : rows.stream().mapToDouble(Row::rate).distinct().toArray()) {
            List<Row> of = rows.stream().filter(row -> row.rate() == rate).toList();
            List<Double> sizes = of.stream().map(Row::megabytes).toList();
            chart.addSeries(
                            String.format(Locale.ROOT, "%.0f Mbit/s measured", rate),
                            sizes,
                            of.stream().map(Row::measured).toList())
                    .setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
            chart.addSeries(
                            String.format(Locale.ROOT, "%.0f Mbit/s formula", rate),
                            sizes,
                            of.stream().map(Row::predicted).toList())
                    .setMarker(org.knowm.xchart.style.markers.SeriesMarkers.NONE);
        }
        return chart;
    }
}
