package dev.jumbo.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.dist.Environment;
import dev.jumbo.dist.Placement;
import dev.jumbo.dist.Rendezvous;
import dev.jumbo.dist.World;
import dev.jumbo.dist.Worlds;
import dev.jumbo.dist.health.Heartbeats;
import dev.jumbo.dist.health.Preflight;
import dev.jumbo.dist.launch.Host;
import dev.jumbo.dist.launch.LauncherLink;
import dev.jumbo.dist.launch.WorkerExit;
import dev.jumbo.dist.launch.WorkerProcess;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Torch;
import dev.jumbo.train.DistributedConfig;
import dev.jumbo.train.TrainConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** This process as one of several workers that a launcher has started. */
final class Worker {
    private final Placement placement;
    private final Rendezvous rendezvous;
    private final PrintWriter err;

    private Worker(Placement placement, Rendezvous rendezvous, PrintWriter err) {
        this.placement = placement;
        this.rendezvous = rendezvous;
        this.err = err;
    }

    /** Empty for a process that trains alone. */
    static Optional<Worker> fromEnvironment(Map<String, String> variables, PrintWriter err) {
        return Environment.placement(variables).map(placement -> new Worker(placement, rendezvous(variables), err));
    }

    /** Whether the launcher has started no other, as {@code srun -n1} does. */
    boolean isAlone() {
        return placement.size() == 1;
    }

    /** @throws InputException if a launcher has started this process with others: each would do all the work */
    static void requireNoOthers(Map<String, String> variables) {
        Environment.placement(variables).filter(found -> found.size() > 1).ifPresent(found -> {
            throw new InputException("jumbo run is one process, but a launcher has started " + found.size()
                    + " of them: use jumbo train under a launcher, or jumbo run --workers N without one");
        });
    }

    /** From here on, a process that Jumbo's launcher has forked ends with it. */
    private static Rendezvous rendezvous(Map<String, String> variables) {
        return LauncherLink.isForked(variables)
                ? LauncherLink.open(
                        System.in, System.out, () -> Runtime.getRuntime().halt(WorkerExit.ORPHANED))
                : Rendezvous.fixed();
    }

    /**
     * Meets the others. When one of them is lost later, this process says which and ends with {@link
     * WorkerExit#PEER_LOST}, since the main thread may wait for it in a collective.
     *
     * @throws FailureException if one does not come, naming it
     */
    World join(TrainConfig config) {
        DistributedConfig limits = config.distributed();
        Duration start = Duration.ofSeconds(limits.startTimeoutSeconds());
        World world = Worlds.join(
                placement,
                rendezvous,
                Device.of(config.device(), placement.localRank()),
                start,
                Duration.ofSeconds(limits.collectiveTimeoutSeconds()));
        return Heartbeats.watch(world, Host.name(), start, Duration.ofSeconds(limits.timeoutSeconds()), this::end);
    }

    private void end(String loss) {
        err.println(WorkerProcess.ERROR + loss);
        err.flush();
        Runtime.getRuntime().halt(Heartbeats.isMistake(loss) ? WorkerExit.MISTAKE : WorkerExit.PEER_LOST);
    }

    /** Reads the examples; the records that cannot be read are kept once, by rank 0. */
    static DataParts load(World world, RunConfig config, Path directory) {
        if (world.isFirst()) {
            return config.load(directory);
        }
        return config.load(Scratch.directory("jumbo-rank-" + world.rank() + "-"));
    }

    /** Compares with the others what must be the same on all. */
    static void preflight(World world, RunConfig config, Dataset data, Path directory) {
        Preflight.on(Host.name())
                .fact("Jumbo", Version.number(), "install the same version everywhere")
                .fact(
                        "Java",
                        Integer.toString(Runtime.version().feature()),
                        "set JAVA_HOME to the same version everywhere")
                .fact("libtorch", Torch.version(), "install the same build of Jumbo everywhere")
                .fact("the training data", data.fingerprint(), "give all machines the same files")
                .settings(flat(config.tree()), "start all workers with the same file and --set")
                .check(world, directory);
    }

    /** Every value by its path, as in {@code train.seed} or {@code model.layers.0.conv2d.filters}. */
    static Map<String, String> flat(JsonNode tree) {
        Map<String, String> values = new LinkedHashMap<>();
        flatten("", tree, values);
        return values;
    }

    private static void flatten(String path, JsonNode node, Map<String, String> into) {
        if (node.isEmpty()) { // A value, or a list or object with none.
            into.put(path, node.toString());
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(path + "." + i, node.get(i), into);
            }
        } else {
            node.properties()
                    .forEach(field -> flatten(
                            path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), into));
        }
    }

    /**
     * What can be known before workers are started.
     *
     * @throws InputException if there is no worker, or a pipeline has more of them than layers
     */
    static void requirePossible(int workers, RunConfig config) {
        if (workers < 1) {
            throw new InputException("--workers: expected 1 or more, received " + workers);
        }
        Layer model = config.layer();
        boolean pipeline = config.train().distributed().strategy() == DistributedConfig.Strategy.PIPELINE;
        if (pipeline
                && workers > 1
                && model instanceof Sequential layers
                && layers.layers().size() < workers) {
            throw new InputException("distributed.strategy: pipeline: expected a layer or more for each of " + workers
                    + " workers, received " + layers.layers().size() + " layers; start fewer workers");
        }
    }
}
