package dev.jumbo.dist.launch;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts the workers of a training on the nodes of a cluster, and starts them again: {@code jumbo submit --master}.
 * Implementations are found by {@link java.util.ServiceLoader}.
 */
public interface ClusterLauncher {
    /**
     * Trains to the end. However this process ends, no worker stays.
     *
     * @throws dev.jumbo.error.InputException if a worker says that the caller made a mistake, or a node lacks something
     * @throws dev.jumbo.error.FailureException if workers are lost more often than they may start again, naming the last
     */
    void run(Job job);

    /**
     * What is trained and where.
     *
     * @param master of the cluster, such as {@code spark://host:7077}
     * @param settings of the cluster's engine, such as {@code spark.executor.memory}
     * @param worker what starts on the nodes
     * @param directory of the run, absolute, which all nodes must see
     * @param workers how many start
     * @param minWorkers go on with fewer, down to this number, where two starts in a row wrote no checkpoint
     * @param maxRestarts how often all start again
     * @param checkpoint names the newest checkpoint
     * @param output takes the lines of a rank
     * @param news takes lines about workers that start, are lost and start again
     */
    record Job(
            String master,
            Map<String, String> settings,
            Worker worker,
            Path directory,
            int workers,
            int minWorkers,
            int maxRestarts,
            Supplier<Optional<String>> checkpoint,
            IntFunction<WorkerProcess.Output> output,
            Consumer<String> news) {
        public Job {
            settings = Map.copyOf(settings);
        }
    }

    /**
     * The program of a worker. Its arguments are those before the configuration file, the place to which the file has
     * travelled, and those after.
     *
     * @param main its class
     * @param options of its JVM
     * @param before such as {@code train}
     * @param configuration the file here
     * @param after such as {@code --resume}
     * @param environment over that of the nodes
     * @param cpus processors
     * @param home where Jumbo is on the nodes; null if it is at the same place as here, or is to travel
     */
    record Worker(
            Class<?> main,
            List<String> options,
            List<String> before,
            Path configuration,
            List<String> after,
            Map<String, String> environment,
            int cpus,
            @Nullable Path home) {
        public Worker {
            options = List.copyOf(options);
            before = List.copyOf(before);
            after = List.copyOf(after);
            environment = Map.copyOf(environment);
        }
    }
}
