package dev.jumbo.cli;

import dev.jumbo.dist.launch.JavaCommand;
import dev.jumbo.dist.launch.LocalLauncher;
import dev.jumbo.train.DistributedConfig;
import dev.jumbo.train.TrainConfig;
import dev.jumbo.train.checkpoint.RunDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The processes of {@code jumbo train --workers}: copies of this one that train, and this one that watches them. */
final class LocalWorkers {
    private static final String THREADS = "OMP_NUM_THREADS";

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
        Map<String, String> environment = System.getenv().containsKey(THREADS)
                ? Map.of()
                : Map.of(THREADS, Integer.toString(LocalLauncher.threads(workers)));
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
}
