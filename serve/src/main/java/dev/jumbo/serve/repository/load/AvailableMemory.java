package dev.jumbo.serve.repository.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory this process may still take, as Linux says it. */
public final class AvailableMemory {
    private static final Path MACHINE = Path.of("/proc/meminfo");
    private static final Path GROUP = Path.of("/sys/fs/cgroup");

    private AvailableMemory() {}

    /** Bytes that the machine has available, or the control group of this process, whichever is less; -1 where neither says. */
    public static long bytes() {
        long machine = machine();
        long group = group();
        return machine < 0 ? group : group < 0 ? machine : Math.min(machine, group);
    }

    private static long machine() {
        try {
            for (String line : Files.readAllLines(MACHINE)) {
                if (line.startsWith("MemAvailable:")) {
                    return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        } catch (IOException | NumberFormatException e) {
            // Another system.
        }
        return -1;
    }

    private static long group() {
        try {
            String most = Files.readString(GROUP.resolve("memory.max")).strip();
            if (most.equals("max")) {
                return -1;
            }
            long used = Long.parseLong(
                    Files.readString(GROUP.resolve("memory.current")).strip());
            // Pages of files count as used and are given up for memory that is asked for.
            long files = Files.readAllLines(GROUP.resolve("memory.stat")).stream()
                    .filter(line -> line.startsWith("inactive_file "))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
            return Math.max(0, Long.parseLong(most) - used + files);
        } catch (IOException | NumberFormatException e) {
            return -1; // No control group, or one of the first version.
        }
    }
}
