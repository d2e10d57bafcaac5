package dev.jumbo.train.plan.machine;

import dev.jumbo.error.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The largest resident memory of a process or of one that it started, as Linux keeps it. */
public final class ProcessPeak {
    /** How often the process is asked; the peak it tells is that of all its life until then. */
    private static final int MILLISECONDS = 20;

    /** Looking for the children of a process reads all processes of the system, which would disturb what is measured. */
    private static final int LOOKS_FOR_CHILDREN = 50;

    private ProcessPeak() {}

    /** Runs a command to its end. @return bytes. @throws FailureException if it fails, or the system does not tell */
    public static double of(List<String> command) {
        Path output = null;
        try {
            output = Files.createTempFile("jumbo-plan", ".log");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            double peak = watch(process);
            if (process.exitValue() != 0) {
                throw new FailureException("the training that was to be measured ended with status "
                        + process.exitValue() + ": " + Files.readString(output).strip());
            }
            if (peak <= 0) {
                throw new FailureException(
                        "expected the peak of memory in /proc/PID/status, found none: planning for this machine needs Linux;"
                                + " name a device with --device");
            }
            return peak;
        } catch (IOException e) {
            throw new FailureException("cannot start " + command.get(0) + ": " + e.getMessage(), e);
        } finally {
            delete(output);
        }
    }

    private static double watch(Process process) {
        double peak = 0;
        List<Path> family = List.of();
        try {
            for (int i = 0; !process.waitFor(MILLISECONDS, TimeUnit.MILLISECONDS); i++) {
                family = i % LOOKS_FOR_CHILDREN == 0 ? family(process) : family;
                for (Path status : family) {
                    peak = Math.max(peak, read(status));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new FailureException("interrupted while a training was measured", e);
        }
        return peak;
    }

    private static List<Path> family(Process process) {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(p -> Path.of("/proc/" + p.pid() + "/status"))
                .toList();
    }

    private static double read(Path status) {
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> 1024.0 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0; // It has just ended.
        }
    }

    /** Deletes a file or a directory with all that is in it, as far as that is possible: it is temporary anyway. */
    public static void delete(@Nullable Path path) {
        if (path == null || !Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new FailureException("cannot remove " + path + ": " + e, e);
        }
    }
}
