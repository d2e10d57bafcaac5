package dev.jumbo.cli;

import dev.jumbo.dist.launch.JavaCommand;
import dev.jumbo.dist.launch.LocalLauncher;
import dev.jumbo.train.DistributedConfig;
import dev.jumbo.train.DistributedConfig.Strategy;
import dev.jumbo.train.TrainConfig;
import dev.jumbo.train.checkpoint.RunDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The processes of {@code jumbo train --workers}: copies of this one that train, and this one that watches them. */
final class LocalWorkers {
    private static final String THREADS = "OMP_NUM_THREADS";
    private static final String MAPPED = "MALLOC_MMAP_MAX_";

    /** Workers take their whole grace at most; then they are ended. */
    private static final Duration MORE = Duration.ofSeconds(10);

    private final Verb verb;
    private final Path directory;
    private final List<String> arguments;

    /** @param arguments of the {@code jumbo} command of each worker, with {@code --resume} */
    LocalWorkers(Verb verb, Path directory, List<String> arguments) {
        this.verb = verb;
        this.directory = directory;
        this.arguments = arguments;
    }

    /** Of the {@code jumbo train} of each worker: a gang that starts again goes on from the newest checkpoint. */
    static List<String> arguments(ConfigurationOptions configuration, Path directory) {
        List<String> arguments = new ArrayList<>(List.of("train"));
        arguments.addAll(configuration.arguments());
        arguments.addAll(List.of("--out", directory.toString(), "--resume"));
        return arguments;
    }

    /** Trains on so many workers; what rank 0 prints is the result. */
    void train(int workers, TrainConfig settings) {
        DistributedConfig config = settings.distributed();
        Duration grace = Duration.ofSeconds(settings.checkpoints().graceSeconds());
        List<String> command =
                JavaCommand.likeThis(Jumbo.class, List.of("-D" + Progress.TERMINAL_PROPERTY + "=false"), arguments);
        Map<String, String> environment = environment(System.getenv(), workers, config.strategy());
        Integer least = config.minWorkers();
        LocalLauncher launcher = new LocalLauncher(
                new LocalLauncher.Workers(
                        (rank, size) -> command, environment, "127.0.0.1", rank -> new WorkerLines(rank, verb)),
                () -> new RunDirectory(directory).newestName(),
                verb::say,
                grace);
        try (Stopping waiting = Stopping.ofLauncher(grace.plus(MORE))) {
            launcher.run(workers, least == null ? workers : least, config.maxRestarts());
        }
    }

    /**
     * What workers have over this process's environment. Blocks that come and go (fully sharded training) are larger than what
     * lies between them, and the heap would grow by the holes they leave: large ones are given back to the system at once, unless
     * the user has said how. Of 101 million parameters on two workers, it is 1.6 instead of 2.2 GB a worker.
     */
    static Map<String, String> environment(Map<String, String> here, int workers, Strategy strategy) {
        Map<String, String> environment = new HashMap<>();
        if (!here.containsKey(THREADS)) {
            environment.put(THREADS, Integer.toString(LocalLauncher.threads(workers)));
        }
        if (strategy == Strategy.FULLY_SHARDED && "0".equals(here.get(MAPPED))) { // As the launcher sets it.
            environment.put(MAPPED, "65536");
            environment.put("MALLOC_MMAP_THRESHOLD_", Integer.toString(4 << 20));
            environment.put("MALLOC_TRIM_THRESHOLD_", Integer.toString(128 << 20));
        }
        return environment;
    }
}
