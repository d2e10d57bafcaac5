package dev.jumbo.train;

import dev.jumbo.dist.World;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Model;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.checkpoint.TrainerFile;
import dev.jumbo.train.optim.OptimizerState;
import dev.jumbo.train.optim.WeightAverage;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What all workers of a run must have in common before the first step: the first worker's. */
final class StartingPoint {
    private StartingPoint() {}

    /**
     * Tells all workers where the first one stands.
     *
     * @param parameters values of the whole model
     * @param here where this worker stands if it is the first; null for a new training
     * @throws InputException if the workers were not started with the same model, data and settings
     */
    static @Nullable TrainerFile agree(
            World world, TrainerBuilder.Setup setup, TrainingData data, long parameters, @Nullable TrainerFile here) {
        if (world.size() == 1) {
            return here;
        }
        String task = task(setup, data, parameters);
        String said = task + "\n" + (here == null || !world.isFirst() ? "" : here.toJson());
        List<String> all = world.exchange(said);
        for (int rank = 1; rank < all.size(); rank++) {
            String other = all.get(rank).substring(0, all.get(rank).indexOf('\n'));
            String first = all.get(0).substring(0, all.get(0).indexOf('\n'));
            if (!other.equals(first)) {
                throw new InputException("expected the same task on every worker, received " + first
                        + " on rank 0 and " + other + " on rank " + rank
                        + "; start all workers with the same file and the same data");
            }
        }
        String file = all.get(0).substring(all.get(0).indexOf('\n') + 1);
        return file.isEmpty() ? null : TrainerFile.ofJson(file);
    }

    private static String task(TrainerBuilder.Setup setup, TrainingData data, long parameters) {
        TrainConfig config = setup.config();
        return parameters + " parameters, "
                + data.dataset().size() + " examples, seed " + config.seed() + ", batch_size " + config.batchSize()
                + ", gradient_accumulation " + config.gradientAccumulation() + ", "
                + config.epochs() + " epochs, strategy " + config.distributed().strategy();
    }

    /** Replaces all that training changes by what the first worker has. */
    static void broadcast(World world, Model model, OptimizerState optimizer, @Nullable WeightAverage average) {
        if (world.size() == 1) {
            return;
        }
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            send(world, model.store().values());
            send(world, model.store().buffers());
            model.store().alignFrozen(tensor -> send(world, tensor));
            // In the order of the names: that of a map may differ between processes.
            new TreeMap<>(optimizer.state()).values().forEach(tensor -> send(world, tensor));
            if (average != null) {
                new TreeMap<>(average.state()).values().forEach(tensor -> send(world, tensor));
            }
            model.store().valuesChanged();
        }
    }

    /** The running statistics of batch normalisation, which differ where each worker normalises its part by itself. */
    static void broadcastBuffers(World world, Model model, @Nullable WeightAverage average) {
        if (world.size() == 1) {
            return;
        }
        send(world, model.store().buffers());
        if (average != null) {
            send(world, average.buffers());
        }
    }

    private static void send(World world, Tensor tensor) {
        if (tensor.elements() > 0) {
            world.broadcast(tensor, 0);
        }
    }
}
