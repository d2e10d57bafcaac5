package dev.jumbo.cli;

import dev.jumbo.dist.launch.ClusterLauncher;
import dev.jumbo.dist.launch.JavaCommand;
import dev.jumbo.train.DistributedConfig;
import dev.jumbo.train.checkpoint.RunDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The workers of {@code jumbo submit --master}: {@code jumbo train} on the nodes.
 *
 * @param directory of the run
 * @param settings {@code key=value}, over what the file says
 * @param more arguments of {@code train}
 * @param environment of the workers, over that of the nodes
 * @param cpus of each worker
 * @param home where Jumbo is on the nodes; null for the same place as here, or to let it travel
 */
record ClusterWorkers(
        Path directory,
        List<String> settings,
        List<String> more,
        Map<String, String> environment,
        int cpus,
        @Nullable Path home) {
    /** Trains on so many workers; what rank 0 prints is the result. */
    void train(Verb verb, Path file, ClusterOptions cluster, String master, int workers, DistributedConfig config) {
        List<String> options = new ArrayList<>(JavaCommand.options());
        options.add("-D" + Progress.TERMINAL_PROPERTY + "=false");
        List<String> after = new ArrayList<>();
        settings.forEach(setting -> after.addAll(List.of("--set", setting)));
        after.addAll(List.of("--out", directory.toString(), "--resume"));
        after.addAll(more);
        Integer least = config.minWorkers();
        ClusterLauncher.Job job = new ClusterLauncher.Job(
                master,
                cluster.settings(),
                new ClusterLauncher.Worker(
                        Jumbo.class, options, List.of("train"), file, after, environment, cpus, home),
                directory,
                workers,
                least == null ? workers : least,
                config.maxRestarts(),
                () -> new RunDirectory(directory).newestName(),
                rank -> new WorkerLines(rank, verb),
                verb::say);
        ClusterOptions.services(ClusterLauncher.class).get(0).run(job);
    }
}
