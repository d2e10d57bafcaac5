package dev.jumbo.train.plan.machine;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jumbo.config.Records;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Calibrations of the machines that use a directory: {@code calibration-KEY-fp32.json}, where the key is that of processor,
 * cores, threads and versions.
 */
public final class CalibrationCache {
    /** Of the form of the file and of what is measured: a calibration of another one is made again. */
    private static final int FORM = 3;

    private final Path directory;
    private final String machine;

    private CalibrationCache(Path directory, String machine) {
        this.directory = directory;
        this.machine = machine;
    }

    /** In {@code $XDG_CACHE_HOME/jumbo}, or {@code ~/.cache/jumbo}. @param version of this program */
    public static CalibrationCache of(Map<String, String> environment, String version) {
        String home = environment.getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
        return in(Path.of(home, "jumbo"), environment, version);
    }

    static CalibrationCache in(Path directory, Map<String, String> environment, String version) {
        return new CalibrationCache(
                directory,
                String.join(
                        ", ",
                        processor(),
                        Runtime.getRuntime().availableProcessors() + " cores",
                        environment.getOrDefault("OMP_NUM_THREADS", "all") + " threads",
                        "java " + Runtime.version().feature(),
                        "jumbo " + version,
                        "form " + FORM));
    }

    /** What a calibration holds for. */
    public String machine() {
        return machine;
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    /** The one of this machine, if it was made. */
    public Optional<Calibration> find(boolean bf16) {
        Path file = file(bf16);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Calibration found = Records.of()
                    .read(Calibration.class, file.toString(), new JsonMapper().readTree(Files.readString(file)));
            return Optional.of(found).filter(c -> c.machine().equals(machine));
        } catch (IOException | InputException e) {
            return Optional.empty(); // Of another version, or damaged: it is made again.
        }
    }

    /** Keeps one for later plans. @return the file */
    public Path save(Calibration calibration, boolean bf16) {
        Path file = file(bf16);
        try {
            Files.createDirectories(directory);
            Durable.write(
                    file, Records.of().write(Calibration.class, calibration).toPrettyString());
            return file;
        } catch (IOException e) {
            throw new FailureException("cannot write the calibration " + file + ": " + e.getMessage(), e);
        }
    }

    /** Where the speed of bf16 beside fp32 is kept. */
    Path bf16File() {
        return directory.resolve("bf16-" + Integer.toHexString(machine.hashCode()) + ".txt");
    }

    /** Where the peak of the processor is kept. */
    Path peakFile(boolean bf16) {
        return directory.resolve(
                "peak-" + Integer.toHexString(machine.hashCode()) + (bf16 ? "-bf16.txt" : "-fp32.txt"));
    }

    private Path file(boolean bf16) {
        String key = Integer.toHexString(machine.hashCode());
        return directory.resolve("calibration-" + key + (bf16 ? "-bf16.json" : "-fp32.json"));
    }
}
