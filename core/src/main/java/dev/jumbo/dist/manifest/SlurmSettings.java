package dev.jumbo.dist.manifest;

import static dev.jumbo.dist.manifest.ClusterJob.require;
import static dev.jumbo.dist.manifest.ClusterJob.requireWord;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What only SLURM is told.
 *
 * @param time limit as {@code sbatch} takes it: minutes, {@code MM:SS}, {@code HH:MM:SS}, {@code D-HH}, {@code D-HH:MM} or {@code
 *     D-HH:MM:SS}; null for the partition's own
 * @param partition null for the default one
 * @param workersPerNode torchrun's {@code nproc_per_node}; 1 or more
 */
public record SlurmSettings(@Nullable String time, @Nullable String partition, int workersPerNode) {
    private static final Pattern TIME =
            Pattern.compile("\\d+|\\d+:\\d\\d?(:\\d\\d?)?|\\d+-\\d\\d?(:\\d\\d?(:\\d\\d?)?)?|UNLIMITED|INFINITE");

    /** As the partition has it. */
    public static final SlurmSettings DEFAULT = new SlurmSettings(null, null, 1);

    public SlurmSettings {
        require(
                time == null || TIME.matcher(time).matches(),
                "--time",
                "a limit as 90 (minutes), 12:00:00 or 1-12:00:00 (days)",
                time);
        requireWord("--partition", partition);
        require(workersPerNode >= 1, "--workers-per-node", "1 or more", workersPerNode);
    }
}
