package dev.jumbo.cli;

import dev.jumbo.dist.launch.JavaCommand;
import dev.jumbo.error.FailureException;
import dev.jumbo.train.plan.calibrate.Calibrator;
import dev.jumbo.train.plan.machine.Calibration;
import dev.jumbo.train.plan.machine.CalibrationCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What plans know of this machine: measured at the first use and kept. */
final class Calibrations {
    /** A training of next to nothing, long enough that the young part of the heap fills up once. */
    private static final String TRAINING = """
            data: {dataset: {digits: {train: 2000, test: 10}}, normalization: rescale}
            model: {layers: [flatten, {dense: 10}]}
            train: {epochs: 10, batch_size: 64, validation_split: 0.1, precision: %s}
            """;

    private Calibrations() {}

    static Calibration get(boolean bf16, Consumer<String> progress) {
        Optional<Calibration> found = cache().find(bf16);
        if (found.isPresent()) {
            return found.get();
        }
        renew(bf16, progress);
        return cache().find(bf16).orElseThrow(() -> new FailureException("the calibration cannot be read again"));
    }

    /** @return the file it is kept in */
    static Path renew(boolean bf16, Consumer<String> progress) {
        progress.accept("measuring this machine in " + (bf16 ? "bf16" : "fp32") + ", once; it should be idle ...");
        Path directory = temporary();
        try {
            Path file = Files.writeString(
                    directory.resolve("training.yaml"), String.format(TRAINING, bf16 ? "bf16" : "fp32"));
            List<String> training = JavaCommand.likeThis(
                    Jumbo.class,
                    List.of(),
                    List.of(
                            "train",
                            file.toString(),
                            "--out",
                            directory.resolve("run").toString()));
            return cache().save(Calibrator.measure(cache().machine(), training, bf16, directory, progress), bf16);
        } catch (IOException e) {
            throw new FailureException("cannot write to the directory for temporary files: " + e, e);
        } finally {
            remove(directory);
        }
    }

    private static CalibrationCache cache() {
        return CalibrationCache.of(System.getenv(), Version.number());
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("jumbo-plan");
        } catch (IOException e) {
            throw new FailureException("cannot write to the directory for temporary files: " + e, e);
        }
    }

    private static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new FailureException("cannot remove " + directory + ": " + e, e);
        }
    }
}
