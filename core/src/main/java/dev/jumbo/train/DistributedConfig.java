package dev.jumbo.train;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import org.jspecify.annotations.Nullable;

/** How several workers train together: {@code train.distributed}. One worker alone has no use for it. */
public record DistributedConfig(
        @Doc("What each worker holds: all of the model, all but a share of the optimizer's state, a share of"
                + " everything, or some of the layers.")
        @Default("data_parallel")
        Strategy strategy,

        @Doc("Whether batch normalisation uses the statistics of the whole batch instead of each worker's part.")
        @Default("false")
        boolean syncBatchNorm,

        @Doc("Megabytes of gradients that are summed at once, while the backward pass goes on.") @Default("25.0")
        double bucketMb,

        @Doc("Parts of a batch that are under way in a pipeline at once.") @Default("4")
        int microBatches,

        @Doc("Seconds until a worker of which nothing is heard counts as lost.") @Default("30")
        int timeoutSeconds,

        @Doc("Seconds in which all workers have to come together at the start.") @Default("300")
        int startTimeoutSeconds,

        @Doc("Seconds that one worker may keep the others waiting while it is alive.") @Default("1800")
        int collectiveTimeoutSeconds,

        @Doc("How often all workers start again from the last checkpoint after one was lost.") @Default("3")
        int maxRestarts,

        @Doc(
                "Go on with fewer workers, down to this number, where one cannot be started again; by default all are needed.")
        @Default("null")
        @Nullable
        Integer minWorkers) {

    private static final int START_TIMEOUT_SECONDS = 300;
    private static final int COLLECTIVE_TIMEOUT_SECONDS = 1800;

    /** What each worker holds. */
    public enum Strategy {
        /** The whole model; gradients are averaged (Li et al., 2020, "PyTorch Distributed"). */
        DATA_PARALLEL,
        /** The whole model, and its share of the optimizer's state (Rajbhandari et al., 2020, stage 1). */
        ZERO1,
        /** A share of everything; blocks are put together when they run (Rajbhandari et al., 2020, stage 3; PyTorch's FSDP). */
        FULLY_SHARDED,
        /** Some layers of a sequential model, in the one-forward-one-backward order (Narayanan et al., 2019). */
        PIPELINE
    }

    public DistributedConfig {
        require(bucketMb > 0, "bucket_mb", "above 0", bucketMb);
        require(microBatches >= 1, "micro_batches", "1 or more", microBatches);
        require(timeoutSeconds >= 1, "timeout_seconds", "1 or more", timeoutSeconds);
        require(startTimeoutSeconds >= 1, "start_timeout_seconds", "1 or more", startTimeoutSeconds);
        require(
                collectiveTimeoutSeconds >= timeoutSeconds,
                "collective_timeout_seconds",
                "timeout_seconds or more",
                collectiveTimeoutSeconds);
        require(maxRestarts >= 0, "max_restarts", "0 or more", maxRestarts);
        require(minWorkers == null || minWorkers >= 1, "min_workers", "1 or more", minWorkers);
    }

    /** With the default limits for the start and for collectives. */
    public DistributedConfig(
            Strategy strategy,
            boolean syncBatchNorm,
            double bucketMb,
            int microBatches,
            int timeoutSeconds,
            int maxRestarts,
            @Nullable Integer minWorkers) {
        this(
                strategy,
                syncBatchNorm,
                bucketMb,
                microBatches,
                timeoutSeconds,
                START_TIMEOUT_SECONDS,
                COLLECTIVE_TIMEOUT_SECONDS,
                maxRestarts,
                minWorkers);
    }

    private static void require(boolean holds, String key, String expected, @Nullable Object received) {
        if (!holds) {
            throw new InputException("distributed." + key + ": expected " + expected + ", received " + received);
        }
    }
}
