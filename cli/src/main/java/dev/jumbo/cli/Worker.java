package dev.jumbo.cli;

import dev.jumbo.dist.Environment;
import dev.jumbo.dist.Placement;
import dev.jumbo.dist.Rendezvous;
import dev.jumbo.dist.World;
import dev.jumbo.dist.Worlds;
import dev.jumbo.dist.launch.LauncherLink;
import dev.jumbo.dist.launch.WorkerExit;
import dev.jumbo.tensor.Device;
import dev.jumbo.train.TrainConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** This process as one of several workers that a launcher has started. */
final class Worker {
    private final Placement placement;
    private final Rendezvous rendezvous;

    private Worker(Placement placement, Rendezvous rendezvous) {
        this.placement = placement;
        this.rendezvous = rendezvous;
    }

    /** Empty for a process that trains alone. */
    static Optional<Worker> fromEnvironment(Map<String, String> variables) {
        return Environment.placement(variables).map(placement -> new Worker(placement, rendezvous(variables)));
    }

    /** From here on, the process ends with its launcher. */
    private static Rendezvous rendezvous(Map<String, String> variables) {
        return LauncherLink.isForked(variables)
                ? LauncherLink.open(
                        System.in, System.out, () -> Runtime.getRuntime().halt(WorkerExit.ORPHANED))
                : Rendezvous.fixed();
    }

    boolean isFirst() {
        return placement.rank() == 0;
    }

    /** Meets the others. */
    World join(TrainConfig config) {
        return Worlds.join(
                placement,
                rendezvous,
                Device.of(config.device()),
                Duration.ofSeconds(config.distributed().timeoutSeconds()));
    }
}
