package dev.jumbo.dist.manifest;

import static dev.jumbo.dist.manifest.ClusterJob.require;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What each worker gets.
 *
 * @param cpus whole processors
 * @param memory as Kubernetes writes it: {@code 8Gi}, {@code 1500M}, {@code 1.5G}
 * @param gpus devices: 0, or 1, since a worker computes on one device
 */
public record Resources(int cpus, String memory, int gpus) {
    private static final Pattern MEMORY = Pattern.compile("(\\d+(?:\\.\\d+)?)([kKMGT]i?)?");

    /** Bytes of each suffix of a Kubernetes quantity. */
    private static final Map<String, Long> SUFFIXES = Map.ofEntries(
            Map.entry("k", 1000L),
            Map.entry("K", 1000L),
            Map.entry("M", 1000_000L),
            Map.entry("G", 1000_000_000L),
            Map.entry("T", 1000_000_000_000L),
            Map.entry("Ki", 1L << 10),
            Map.entry("ki", 1L << 10),
            Map.entry("Mi", 1L << 20),
            Map.entry("Gi", 1L << 30),
            Map.entry("Ti", 1L << 40));

    /** What a worker does not start with. */
    private static final long LEAST_MEMORY = 256L << 20;

    public Resources {
        require(cpus >= 1, "--cpus", "1 or more", cpus);
        Matcher matcher = MEMORY.matcher(memory);
        require(
                matcher.matches() && bytes(matcher) >= LEAST_MEMORY,
                "--memory",
                "a size of 256Mi or more, as 8Gi or 1500M",
                memory);
        memory = memory.replace("K", "k").replace("ki", "Ki");
        require(
                gpus == 0 || gpus == 1,
                "--gpus",
                "0 or 1, since a worker computes on one device (for several of a node give more workers, and --workers-per-node"
                        + " for SLURM)",
                gpus);
    }

    private static double bytes(Matcher memory) {
        String suffix = memory.group(2);
        return Double.parseDouble(memory.group(1)) * (suffix == null ? 1 : SUFFIXES.getOrDefault(suffix, 1L));
    }

    /** The memory of several workers as SLURM writes it, whose M is 2^20 bytes; rounded up. */
    String slurmMemory(int workers) {
        Matcher matcher = MEMORY.matcher(memory);
        if (!matcher.matches()) {
            throw new IllegalStateException("checked before: " + memory);
        }
        long mebibytes = (long) Math.ceil(bytes(matcher) * workers / (1L << 20));
        return mebibytes % 1024 == 0 ? mebibytes / 1024 + "G" : String.format(Locale.ROOT, "%dM", mebibytes);
    }
}
