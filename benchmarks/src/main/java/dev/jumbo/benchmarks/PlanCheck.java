package dev.jumbo.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jumbo.data.shards.TokenFormat;
import dev.jumbo.data.shards.TokenSetWriter;
import dev.jumbo.data.shards.TokenType;
import dev.jumbo.error.FailureException;
import dev.jumbo.train.plan.machine.ProcessPeak;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * What {@code jumbo plan} says beside what {@code jumbo train} does in a process of its own: the time of a step, median of the
 * run's log behind its first two seconds, and the peak of resident memory. The goals are errors of at most 25 and 15 %.
 *
 * <p>Usage: {@code PlanCheck JUMBO DIR FILE...}: the launcher, a directory for the runs, configurations
 */
public final class PlanCheck {
    private static final int VOCABULARY = 4096;
    private static final int DOCUMENT = 2048;
    private static final int DOCUMENTS = 256;

    /** In the first seconds the JVM compiles its code on the cores that compute. */
    private static final double WARM_UP = 2;

    private static final double TIME_GOAL = 0.25;
    private static final double MEMORY_GOAL = 0.15;

    private final String jumbo;
    private final Path directory;

    private PlanCheck(String jumbo, Path directory) {
        this.jumbo = jumbo;
        this.directory = directory;
    }

    public static void main(String[] args) throws IOException {
        PlanCheck check = new PlanCheck(args[0], Files.createDirectories(Path.of(args[1])));
        check.writeTokens();
        print(
                "%-24s %10s %10s %10s %8s   %10s %10s %8s",
                "model", "planned", "measured", "fastest", "error", "planned", "measured", "error");
        int good = 0;
        for (int i = 2; i < args.length; i++) {
            good += check.model(Path.of(args[i])) ? 1 : 0;
        }
        print(
                "%d of %d within %.0f %% of the step's time and %.0f %% of the peak of memory",
                good, args.length - 2, 100 * TIME_GOAL, 100 * MEMORY_GOAL);
    }

    private void writeTokens() {
        Path tokens = directory.resolve("tokens");
        if (Files.exists(tokens)) {
            return;
        }
        SplittableRandom random = new SplittableRandom(0);
        TokenFormat format =
                new TokenFormat("random ids", "0".repeat(64), VOCABULARY, TokenType.of(VOCABULARY), null, 0);
        try (TokenSetWriter writer = TokenSetWriter.create(tokens, format)) {
            for (int i = 0; i < DOCUMENTS; i++) {
                writer.add(random.ints(DOCUMENT, 0, VOCABULARY).toArray());
            }
            writer.finish();
        }
    }

    private boolean model(Path file) throws IOException {
        String name = file.getFileName().toString().replace(".yaml", "");
        List<String> data = Files.readString(file).contains("token_shards")
                ? List.of("--set", "data.dir=" + directory.resolve("tokens"))
                : List.of();
        JsonNode plan = planned(file, data);
        JsonNode option = option(plan, Files.readString(file));
        double step = option.path("step").asDouble();
        double memory = 0;
        for (JsonNode part : option.path("memory")) {
            memory += part.asDouble();
        }
        Path run = directory.resolve(name);
        delete(run);
        List<String> settings = new ArrayList<>(data);
        if (plan.path("workers").asInt() > 1) {
            settings.addAll(List.of("--workers", plan.path("workers").asText()));
        }
        double measuredMemory = ProcessPeak.of(command(settings, "train", file.toString(), "--out", run.toString()));
        double[] steps = steps(run.resolve("metrics.jsonl"));
        double measuredStep = Result.median(steps);
        double timeError = step / measuredStep - 1;
        double memoryError = memory / measuredMemory - 1;
        print(
                "%-24s %7.2f ms %7.2f ms %7.2f ms %+6.0f %%   %7.0f MB %7.0f MB %+6.0f %%",
                name,
                1e3 * step,
                1e3 * measuredStep,
                1e3 * Arrays.stream(steps).min().orElse(Double.NaN),
                100 * timeError,
                1e-6 * memory,
                1e-6 * measuredMemory,
                100 * memoryError);
        return Math.abs(timeError) <= TIME_GOAL && Math.abs(memoryError) <= MEMORY_GOAL;
    }

    /** The strategy that the file trains with; data-parallel is the first. */
    private static JsonNode option(JsonNode plan, String file) {
        for (JsonNode option : plan.path("options")) {
            if (file.contains("strategy: " + option.path("sharding").asText())) {
                return option;
            }
        }
        return plan.path("options").path(0);
    }

    private List<String> command(List<String> more, String... words) {
        List<String> command = new ArrayList<>(List.of(jumbo));
        command.addAll(List.of(words));
        command.addAll(more);
        return command;
    }

    private JsonNode planned(Path file, List<String> data) throws IOException {
        Process process = new ProcessBuilder(command(data, "plan", file.toString(), "--json"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new FailureException("jumbo plan " + file + " ended with status " + process.exitValue());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException("interrupted", e);
        }
        return new JsonMapper().readTree(output);
    }

    /** Seconds between the lines of steps of the same epoch, the warm-up left out. */
    private static double[] steps(Path log) throws IOException {
        List<Double> steps = new ArrayList<>();
        JsonNode last = null;
        for (String line : Files.readAllLines(log)) {
            JsonNode event = new JsonMapper().readTree(line);
            boolean isStep = event.path("event").asText().equals("step");
            if (isStep
                    && last != null
                    && last.path("seconds").asDouble() > WARM_UP
                    && last.path("epoch").asInt() == event.path("epoch").asInt()) {
                double seconds =
                        event.path("seconds").asDouble() - last.path("seconds").asDouble();
                steps.add(seconds
                        / (event.path("step").asInt() - last.path("step").asInt()));
            }
            last = isStep ? event : null;
        }
        return steps.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static void delete(Path run) throws IOException {
        if (!Files.exists(run)) {
            return;
        }
        try (Stream<Path> files = Files.walk(run)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
