package dev.jumbo.train;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Loader;
import dev.jumbo.error.FailureException;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.Layer;
import dev.jumbo.tensor.OutOfMemory;
import dev.jumbo.tensor.Scope;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.util.Locale;
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
     * Trains on a dataset, of which {@code validation_split} holds out a share, chosen by {@code split}.
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
        TrainingData prepared = TrainingData.of(setup, data, validation);
        try (TrainingRun run = TrainingRun.prepare(setup.with(prepared.fitted()), prepared)) {
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
        } catch (RuntimeException e) {
            throw OutOfMemory.in(e)
                    .<RuntimeException>map(memory -> tooLarge(memory, prepared, e))
                    .orElse(e);
        }
    }

    /**
     * Checks what {@link #fit(Dataset, Dataset)} would refuse: whether model, data, loss, metrics and settings fit each other.
     * Nothing is built or written.
     *
     * @return the settings with what they leave open, such as the loss, as the data asks for it
     * @throws dev.jumbo.error.InputException if something does not fit
     */
    public TrainConfig check(Dataset data, @Nullable Dataset validation) {
        return TrainingData.of(setup, data, validation).config();
    }

    private FailureException tooLarge(OutOfMemory memory, TrainingData data, RuntimeException cause) {
        FlatOrder model = FlatOrder.of(
                setup.model(), data.inputs().stream().map(Field::shape).toList());
        long values = FlatOrder.count(model.trainable());
        int workers = setup.world().size();
        return new FailureException(
                String.format(
                        Locale.ROOT,
                        "training does not fit into memory%s: %s; values and gradients of the model's %,d parameters take"
                                + " %s, the optimizer's state and activations come on top; %s, lower train.batch_size, or"
                                + " see with jumbo plan what fits",
                        workers == 1 ? "" : " of rank " + setup.world().rank(),
                        memory.describe(),
                        values,
                        OutOfMemory.bytes(2.0 * Float.BYTES * values),
                        setup.isPipeline()
                                ? "start more workers, raise distributed.micro_batches"
                                : "divide the model over more workers (--workers " + 2 * workers
                                        + " --set train.distributed.strategy=pipeline)"),
                cause);
    }
}
