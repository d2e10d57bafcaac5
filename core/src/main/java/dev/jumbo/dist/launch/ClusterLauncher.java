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
     * @param settings of the cluster's engine, such as {@code spark.task.cpus}
     * @param program the main class of a worker
     * @param configuration the file; it travels to the nodes
     * @param arguments of the program around the file: gets the file's place on a node, gives the arguments
     * @param directory of the run, absolute, which all nodes must see
     * @param home where Jumbo is on the nodes; null if it is at the same place as here, or is to travel
     * @param workers how many start
     * @param minWorkers go on with fewer, down to this number, where two starts in a row wrote no checkpoint
     * @param maxRestarts how often all start again
     * @param checkpoint names the newest checkpoint, in any way: what it says changes when there is a newer one
     * @param output takes the lines of a rank
     * @param news takes lines about workers that start, are lost and start again
     */
    record Job(
            String master,
            Map<String, String> settings,
            Class<?> program,
            Path configuration,
            Arguments arguments,
            Path directory,
            @Nullable Path home,
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

    /** The arguments of a worker, but for the file, which lies elsewhere on each node. */
    record Arguments(List<String> before, List<String> after) {
        public Arguments {
            before = List.copyOf(before);
            after = List.copyOf(after);
        }
    }
}
