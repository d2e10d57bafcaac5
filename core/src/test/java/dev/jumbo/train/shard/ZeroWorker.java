package dev.jumbo.train.shard;

import dev.jumbo.Workers;
import dev.jumbo.dist.World;
import dev.jumbo.train.DistributedConfig.Strategy;
import dev.jumbo.train.TrainConfig.Precision;
import java.nio.file.Path;

/** One of several processes that train with divided state, in each precision. Argument: a directory for the runs. */
final class ZeroWorker {
    private ZeroWorker() {}

    public static void main(String[] arguments) {
        try (World world = Workers.join()) {
            for (Precision precision : Precision.values()) {
                ZeroTrainingTest.trainer(world, Strategy.ZERO1, precision)
                        .saveTo(Path.of(arguments[0]).resolve(precision.name()))
                        .build()
                        .fit(ZeroTrainingTest.DATA);
            }
        }
    }
}
