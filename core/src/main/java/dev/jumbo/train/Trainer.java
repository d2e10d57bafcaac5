package dev.jumbo.train;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Loader;
import dev.jumbo.nn.Layer;
import dev.jumbo.tensor.Scope;
import dev.jumbo.train.checkpoint.Checkpoint;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model: random initialisation, forward pass, loss, back-propagation, optimizer step, until a stop condition.
 *
 * <pre>{@code
 * Trainer trainer = Trainer.of(model)
 *         .optimizer(adam(1e-3)).loss(crossEntropy()).metrics(accuracy())
 *         .epochs(10).batchSize(64).validationSplit(0.2).seed(42)
 *         .saveTo(Path.of("runs/mnist"))
 *         .build();
 * Checkpoint best = trainer.fit(mnist.train());
 * }</pre>
 *
 * Everything random derives from the seed, so two runs on the same machine and number of threads give the same bits, and
 * so does a run that was interrupted and resumed.
 */
public final class Trainer {
    private final TrainerBuilder.Setup setup;

    Trainer(TrainerBuilder.Setup setup) {
        this.setup = setup;
    }

    /** Starts from the defaults of {@link TrainConfig}. */
    public static TrainerBuilder of(Layer model) {
        return new TrainerBuilder(model);
    }

    /**
     * Trains on a dataset, of which {@code validation_split} holds out the last part.
     *
     * @return the best checkpoint by the monitored metric
     * @throws dev.jumbo.error.InputException if model, data and settings do not fit each other; nothing is written then
     * @throws dev.jumbo.error.FailureException if training fails, as by a loss that is not finite; checkpoints stay
     */
    public Checkpoint fit(Dataset data) {
        return fit(data, null);
    }

    /** As {@link #fit(Dataset)}, with a validation dataset of its own. */
    public Checkpoint fit(Dataset data, @Nullable Dataset validation) {
        try (TrainingRun run = TrainingRun.prepare(setup, data, validation)) {
            run.start();
            while (run.epoch() < run.epochs() && !run.stopped()) {
                run.startEpoch();
                try (Loader.Epoch batches = run.batches()) {
                    while (batches.hasNext() && !run.stopped()) {
                        try (Scope scope = Scope.open()) {
                            Batch batch = batches.next();
                            run.backward(batch); // forward pass, loss, back-propagation
                            if (run.isStepDue()) {
                                run.update(); // gradient descent
                            }
                        }
                        run.checkpointIfDue();
                    }
                }
                run.endEpoch(); // validation, callbacks, checkpoint, early stopping
            }
            return run.end();
        }
    }
}
