package dev.jumbo.train;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
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
    /** Of the training under way, or of the next one. */
    private StopRequest request = new StopRequest();

    private volatile boolean stopped;

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
        StopRequest stop = request();
        stop.noticeInterrupt();
        stopped = false;
        try {
            return fit(data, validation, stop);
        } finally {
            stopped = stop.isOutside();
            forget(stop);
            stop.passOnInterrupt();
        }
    }

    /**
     * Writes the model that {@link #fit(Dataset, Dataset)} would begin with as a run whose checkpoint is of step 0, without a step: weights of another
     * program ({@code init_from}, {@code init_map}) become a model that answers as they do. A resume trains from there.
     *
     * @throws dev.jumbo.error.InputException as {@link #fit(Dataset)}; nothing is written then
     */
    public Checkpoint begin(Dataset data, @Nullable Dataset validation) {
        SavedKinds.check(setup);
        StopRequest stop = request();
        TrainingData prepared = TrainingData.of(setup, data, validation);
        try (TrainingRun run = prepare(prepared, stop)) {
            return run.begun();
        } finally {
            forget(stop);
        }
    }

    private Checkpoint fit(Dataset data, @Nullable Dataset validation, StopRequest stop) {
        SavedKinds.check(setup);
        TrainingData prepared = stop.uninterrupted(() -> TrainingData.of(setup, data, validation));
        try (TrainingRun run = prepare(prepared, stop)) {
            run.start();
            while (!run.isDone() && !run.stopped()) {
                run.startEpoch();
                try (RunBatches batches = run.batches()) {
                    while (batches.hasNext() && !run.stopsHere()) {
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
                if (run.isEpochDone()) {
                    run.endEpoch(); // validation, callbacks, checkpoint, early stopping
                }
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
        TrainingData prepared = TrainingData.of(setup, data, validation);
        StartingWeights.of(setup.with(prepared.model()), prepared);
        return prepared.config();
    }

    /**
     * Ends the training that is under way after its current step; any thread may call it, as a shutdown hook or a button.
     * Where training stands is saved, in the middle of an epoch too, so that a resume goes on as if it had never stopped, and
     * {@link #fit} returns the best checkpoint so far. Of several workers, one that is told is enough. Where no training is
     * under way, the next one ends before its first step. An interrupt of the thread that trains does the same; its status
     * is kept.
     *
     * @param reason for the log
     */
    public void stop(String reason) {
        request().fromOutside(reason);
    }

    /** Whether the last {@link #fit} ended before its last epoch because this process, or another worker, was told to stop. */
    public boolean isStopped() {
        return stopped;
    }

    private synchronized StopRequest request() {
        return request;
    }

    private synchronized void forget(StopRequest done) {
        if (request == done) {
            request = new StopRequest();
        }
    }

    private TrainingRun prepare(TrainingData data, StopRequest stop) {
        TrainerBuilder.Setup fitted =
                Arithmetic.settle(setup.with(data.fitted()).with(data.model()));
        // Alone: others would not do it again with this one.
        return setup.world().size() == 1
                ? stop.uninterrupted(() -> TrainingRun.prepare(fitted, data, stop))
                : TrainingRun.prepare(fitted, data, stop);
    }

    private FailureException tooLarge(OutOfMemory memory, TrainingData data, RuntimeException cause) {
        FlatOrder model = FlatOrder.of(setup.model(), Field.specs(data.inputs()));
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
                                        + " --set train.distributed.strategy=fully_sharded, or pipeline)"),
                cause);
    }
}
