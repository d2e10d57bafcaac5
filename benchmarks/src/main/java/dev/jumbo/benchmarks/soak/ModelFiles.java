package dev.jumbo.benchmarks.soak;

import dev.jumbo.error.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** A repository of three models: a small network for pictures, a table, a model of ONNX; and what their next versions are made of. */
final class ModelFiles {
    private static final String CNN = """
            data: {dataset: {digits: {train: 512, test: 64}}, normalization: rescale}
            model:
              layers:
                - conv2d: {filters: 32, kernel_size: 3, activation: relu}
                - max_pool2d: 2
                - conv2d: {filters: 64, kernel_size: 3, activation: relu}
                - max_pool2d: 2
                - flatten
                - dense: {units: 128, activation: relu}
                - dense: 10
            train: {epochs: 1, seed: %d}
            """;
    private static final String TABLE = """
            data: {dataset: {table: {train: {csv: {path: %s}}, target: kind}}}
            model: {layers: [{dense: {units: 64, activation: relu}}, {dense: 3}]}
            train: {epochs: 1, seed: %d}
            """;
    static final int COLUMNS = 32;

    private final Path jumbo;
    private final Path work;

    private ModelFiles(Path jumbo, Path work) {
        this.jumbo = jumbo;
        this.work = work;
    }

    /** Trains them and lays the first versions out. @param jumbo the launcher */
    static ModelFiles make(Path jumbo, Path work) throws IOException, InterruptedException {
        ModelFiles files = new ModelFiles(jumbo, work);
        Files.writeString(work.resolve("table.csv"), rows(300));
        for (int seed = 1; seed <= 2; seed++) {
            files.train("cnn", seed, CNN.formatted(seed));
            files.train("table", seed, TABLE.formatted(work.resolve("table.csv"), seed));
        }
        files.run(
                "export",
                files.trained("cnn", 1).toString(),
                "--onnx",
                work.resolve("model.onnx").toString());
        files.put("cnn", 1);
        files.put("table", 1);
        Files.createDirectories(work.resolve("models/onnx/1"));
        Files.copy(work.resolve("model.onnx"), work.resolve("models/onnx/1/model.onnx"));
        return files;
    }

    private static String rows(int count) {
        SplittableRandom random = new SplittableRandom(1);
        StringBuilder text = new StringBuilder();
        for (int c = 0; c < COLUMNS; c++) {
            text.append('x').append(c).append(',');
        }
        text.append("kind\n");
        for (int r = 0; r < count; r++) {
            for (int c = 0; c < COLUMNS; c++) {
                text.append(String.format(Locale.ROOT, "%.4f,", random.nextDouble()));
            }
            text.append('k').append(r % 3).append('\n');
        }
        return text.toString();
    }

    private void train(String name, int seed, String config) throws IOException, InterruptedException {
        Path file = Files.writeString(work.resolve(name + seed + ".yaml"), config);
        run("train", file.toString(), "--out", trained(name, seed).toString());
    }

    private Path trained(String name, int seed) {
        return work.resolve("run-" + name + seed);
    }

    private void run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(jumbo.toString()));
        command.addAll(List.of(arguments));
        Path log = work.resolve("jumbo.log");
        int status = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (status != 0) {
            throw new FailureException(
                    "jumbo " + arguments[0] + " ended with " + status + ": " + Files.readString(log));
        }
    }

    /** Lays a version out: of one run if its number is odd, of the other if it is even. It appears whole. */
    void put(String model, int version) throws IOException {
        Path from = trained(model, version % 2 == 1 ? 1 : 2);
        Path to = directory(model, version);
        Path aside = to.resolveSibling("." + version + ".new");
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.sorted().toList()) {
                Path target = aside.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target);
                }
            }
        }
        Files.move(aside, to);
    }

    void remove(String model, int version) throws IOException {
        try (Stream<Path> all = Files.walk(directory(model, version))) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private Path directory(String model, int version) {
        return work.resolve("models").resolve(model).resolve(Integer.toString(version));
    }
}
