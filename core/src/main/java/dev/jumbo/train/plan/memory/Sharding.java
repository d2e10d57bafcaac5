package dev.jumbo.train.plan.memory;

import dev.jumbo.train.DistributedConfig.Strategy;
import java.util.Locale;

/** What each of several workers holds. */
public enum Sharding {
    /** The whole model; gradients are summed over all workers (Li et al., 2020, "PyTorch Distributed"). */
    DATA_PARALLEL(Strategy.DATA_PARALLEL),
    /** The whole model and a share of the optimizer's state (Rajbhandari et al., 2020, "ZeRO", stage 1). */
    ZERO1(Strategy.ZERO1),
    /** Some of the layers, one forward and one backward pass in turn (Narayanan et al., 2019, "PipeDream"). */
    PIPELINE(Strategy.PIPELINE),
    /** A share of everything; a layer's weights are fetched when it runs (ZeRO, stage 3). */
    FULLY_SHARDED(Strategy.FULLY_SHARDED),
    /** As {@link #FULLY_SHARDED}, and only the input of each layer is kept: the rest is computed again (Chen et al., 2016). */
    FULLY_SHARDED_RECOMPUTE(Strategy.FULLY_SHARDED);

    private final Strategy strategy;

    Sharding(Strategy strategy) {
        this.strategy = strategy;
    }

    static Sharding of(Strategy strategy) {
        return switch (strategy) {
            case DATA_PARALLEL -> DATA_PARALLEL;
            case ZERO1 -> ZERO1;
            case PIPELINE -> PIPELINE;
            case FULLY_SHARDED -> FULLY_SHARDED;
        };
    }

    /** What {@code train.distributed.strategy} has to be. */
    public Strategy strategy() {
        return strategy;
    }

    /** Workers that share the optimizer's state. */
    public int sharesOfOptimizer(int workers) {
        return this == DATA_PARALLEL || this == PIPELINE ? 1 : workers;
    }

    /** Workers that share values and gradients. */
    public int sharesOfValues(int workers) {
        return this == FULLY_SHARDED || this == FULLY_SHARDED_RECOMPUTE ? workers : 1;
    }

    /** As files write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
