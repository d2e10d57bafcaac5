package dev.jumbo.train;

import dev.jumbo.data.Batch;
import dev.jumbo.dist.Agreement;
import dev.jumbo.dist.World;
import dev.jumbo.nn.FlatStore;
import dev.jumbo.nn.Model;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.RunDirectory;
import dev.jumbo.train.checkpoint.RunLock;
import dev.jumbo.train.checkpoint.TrainerFile;
import dev.jumbo.train.optim.OptimizerState;
import dev.jumbo.train.optim.WeightAverage;
import dev.jumbo.train.parallel.SameParameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** A training under way: the steps of {@link Trainer}'s loop. What callbacks see of it is a {@link RunState}. */
final class TrainingRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);

    /** The name of {@link BestMetric}'s state beside that of the callbacks. */
    private static final String BEST = "best";

    private static final String LEARNING_RATE = "learning_rate";

    private final TrainerBuilder.Setup setup;
    private final TrainConfig config;
    private final TrainingData data;
    private final Model model;
    private final FlatStore store;
    private final Holding holding;
    private final OptimizerState optimizer;
    private final @Nullable WeightAverage average;
    private final LearningRate learningRate;
    private final RunCheckpoints checkpoints;
    private final RunCallbacks callbacks;
    private final BestMetric best;
    private final World world;
    private final Agreement agreement;
    private final BatchPass pass;
    private final RunState state;
    private final StopRequest stop;
    private final Position position;
    private final @Nullable RunLock lock;

    private final EpochFigures figures;
    private final PhasedSteps steps;
    private Map<String, Double> epochMetrics = new LinkedHashMap<>();
    /** Whether the newest checkpoint is of this place. */
    private boolean saved;

    /** What a run is made of that needs no memory of the device, made and checked first. */
    private record Parts(
            BestMetric best, RunCallbacks callbacks, Position position, LearningRate learningRate, StopRequest stop) {
        static Parts of(TrainerBuilder.Setup setup, TrainingData data, StopRequest stop) {
            TrainConfig config = setup.config();
            MonitoredNames.check(config, data.phases(), data.validation() != null);
            Position position = new Position(data.training(), config);
            return new Parts(
                    BestMetric.of(config, data.phases(), data.validation() != null),
                    new RunCallbacks(setup, data.dataset()),
                    position,
                    new LearningRate(config, position::totalSteps),
                    stop);
        }
    }

    private TrainingRun(
            TrainerBuilder.Setup setup,
            TrainingData data,
            Parts parts,
            @Nullable RunLock lock,
            Holding holding,
            StartingWeights start) {
        this.setup = setup;
        this.config = setup.config();
        this.data = data;
        this.lock = lock;
        this.holding = holding;
        best = parts.best();
        callbacks = parts.callbacks();
        position = parts.position();
        learningRate = parts.learningRate();
        stop = parts.stop();
        model = holding.model();
        store = model.store();
        world = setup.world();
        state = new RunState(setup, data, holding, position, learningRate, stop);
        checkpoints = new RunCheckpoints(setup, data, holding, start);
        agreement = new Agreement(world, model.device());
        figures = new EpochFigures(setup, data, model, agreement, stop);
        List<PhaseRun> phases = PhaseRun.of(data.phases(), config, holding);
        optimizer = PhaseRun.together(phases);
        try {
            average = config.emaDecay() == null
                    ? null
                    : new WeightAverage(holding.slice(), store.buffers(), config.emaDecay());
            pass = holding.pass();
            steps = new PhasedSteps(new PhasedSteps.Parts(
                    setup, data, holding, phases, pass, learningRate, position, state, figures, agreement, stop));
        } catch (RuntimeException e) {
            optimizer.close();
            throw e;
        }
    }

    /**
     * Checks that the directory is free and the settings fit, locks the directory, builds the model and goes back to the
     * newest checkpoint if asked to. Where it fails, nothing is left: no tensor, no lock, no file.
     */
    static TrainingRun prepare(TrainerBuilder.Setup setup, TrainingData data, StopRequest stop) {
        RunCheckpoints.requireFree(setup);
        Parts parts = Parts.of(setup, data, stop);
        StartingWeights start = StartingWeights.of(setup, data);
        RunLock lock = setup.world().isFirst() ? RunLock.acquire(setup.directory()) : null;
        Holding holding = null;
        TrainingRun run;
        try {
            RunCheckpoints.requireFree(setup); // Another one may have ended meanwhile.
            holding = Holding.build(setup, data, start);
            if (start.loaded() != null && setup.world().isFirst()) {
                LOG.atLevel(start.loaded().otherHead() ? Level.WARN : Level.INFO)
                        .log("init_from: {}", start.loaded().report());
                StartingTokenizer.warn(start, data, setup.config());
            }
            run = new TrainingRun(setup, data, parts, lock, holding, start);
        } catch (RuntimeException e) {
            if (holding != null) {
                holding.close();
            }
            if (lock != null) {
                lock.close();
            }
            throw e;
        }
        try {
            run.begin();
            return run;
        } catch (RuntimeException e) {
            run.close();
            throw e;
        }
    }

    /** Goes back to the newest checkpoint, if there is one and it is asked for; all workers to that of the first. */
    private void begin() {
        Checkpoint newest = world.isFirst() && setup.resume() && new RunDirectory(setup.directory()).hasCheckpoint()
                ? new RunDirectory(setup.directory()).newestSound()
                : null;
        if (newest != null) {
            checkpoints.requireSame(newest, best.name());
        }
        TrainerFile common = StartingPoint.agree(
                world, setup, data, holding.share().values().total(), newest == null ? null : newest.trainer());
        if (newest != null) {
            // What the workers have added up is put together at the end of the epoch, so one of them goes on with it.
            figures.training().merge(checkpoints.restore(newest, optimizer, average));
            LOG.info("resumed from {}", newest.directory());
        } else if (common != null && holding.dividesState()) {
            checkpoints.restore(new RunDirectory(setup.directory()).ofStep(common.step()), optimizer, average);
        }
        if (!holding.dividesState()) {
            StartingPoint.broadcast(world, model, optimizer, average);
        }
        if (common != null) {
            load(common);
        }
    }

    private void load(TrainerFile where) {
        position.load(where, config.batchSize());
        state.secondsBefore(where.seconds());
        epochMetrics = new LinkedHashMap<>(where.metrics());
        Map<String, Map<String, Double>> kept = where.state();
        best.load(kept.getOrDefault(BEST, Map.of()));
        learningRate.load(kept.getOrDefault(LEARNING_RATE, Map.of()));
        callbacks.load(where);
        saved = true;
        if (isDone()) {
            LOG.warn(
                    "nothing is left to train: the run in {} has done {} epochs and {} steps; raise {}, to go on",
                    setup.directory(),
                    position.epoch(),
                    position.step(),
                    config.maxSteps() == null
                            ? "epochs, now " + config.epochs()
                            : "max_steps, now " + config.maxSteps());
        }
    }

    void start() {
        state.start();
        setup.settled().accept(data.config(), model);
        callbacks.forEach(callback -> callback.onStart(state));
        stop.agree(agreement);
    }

    /** Saves where training begins, before its first step. */
    Checkpoint begun() {
        setup.settled().accept(data.config(), model);
        save(true, Map.of());
        world.barrier();
        return Checkpoint.best(setup.directory());
    }

    /** A resumed run goes on with the figures of its epoch. */
    void startEpoch() {
        if (position.example() == 0) {
            figures.clear();
        }
    }

    /** The batches of the current epoch that are still to be done. */
    RunBatches batches() {
        return new RunBatches(data.training().epochFrom(position.epoch(), position.example()), stop, () -> false);
    }

    /**
     * Forward pass, loss and back-propagation of this worker's part of one batch; gradients add up until the next step,
     * before which they are summed over the workers.
     */
    void backward(Batch next) {
        if (position.pending() == 0) {
            holding.zeroGradients();
        }
        steps.backward(next);
        state.batch(steps.loss(), position.rows());
        position.addBatch();
    }

    boolean isStepDue() {
        return position.isStepDue();
    }

    /** One step of the optimizer on the gradients that have been added up; none where nothing in them counts. */
    void update() {
        boolean stepped = steps.update();
        if (stepped && average != null) {
            average.update();
        }
        position.addStep();
        saved = false;
        callbacks.forEach(callback -> callback.onStep(state));
        if (world.size() == 1) {
            stop.agree(stop.value()); // Others agree on it with the next loss.
        }
    }

    /** Saves where training stands, if the settings ask for it after this many steps. */
    void checkpointIfDue() {
        Integer every = config.checkpoints().everySteps();
        if (every != null && position.pending() == 0 && position.step() % every == 0 && !position.isEpochDone()) {
            saveUnfinished();
        }
    }

    /** In the middle of an epoch, or before its validation, which a resume does then. */
    private void saveUnfinished() {
        shareBuffers();
        save(false, figures.state());
    }

    /** Those of the first worker to all others that hold the same. */
    private void shareBuffers() {
        if (!holding.dividesModel()) {
            StartingPoint.broadcastBuffers(world, model, average);
        }
    }

    /** Whether the current epoch needs no more steps, and there is time for what comes after them. */
    boolean isEpochDone() {
        return position.isEpochDone() && !stop.isOutside();
    }

    /** Validates, tells the callbacks, saves, and decides whether to go on. Somebody outside may end the validation. */
    void endEpoch() {
        shareBuffers();
        Map<String, Double> metrics = figures.ofEpoch();
        metrics.put("learning_rate", learningRate.at(position.step() - 1));
        if (data.validation() != null) {
            Map<String, Double> held = figures.validate(data.validation(), pass, average);
            if (stop.isOutside()) {
                return;
            }
            metrics.putAll(held);
        }
        figures.look(metrics, position);
        epochMetrics = metrics;
        if (world.isFirst()) {
            best.warn(epochMetrics, position.epoch() + 1);
        }
        callbacks.forEach(callback -> callback.onEpoch(state, epochMetrics));
        stop.agree(agreement);
        learningRate.observe(epochMetrics);
        position.nextEpoch();
        save(best.add(epochMetrics), Map.of());
    }

    private void save(boolean isBest, Map<String, double[]> unfinished) {
        Map<String, Map<String, Double>> kept = new LinkedHashMap<>();
        kept.put(BEST, best.state());
        kept.put(LEARNING_RATE, learningRate.state());
        kept.putAll(callbacks.state());
        String replicas = world.size() == 1 || holding.dividesModel()
                ? null
                : SameParameters.require(agreement, model.store(), position.step());
        TrainerFile where = new TrainerFile(
                position.step(),
                position.epoch(),
                position.batch(),
                (long) position.example(),
                state.seconds(),
                EpochFigures.finite(epochMetrics),
                best.name(),
                kept,
                replicas,
                checkpoints.settings());
        checkpoints.save(where, optimizer, average, unfinished, isBest);
        saved = true;
    }

    /**
     * Saves where training stands, if it ends before the end, and tells the callbacks that it is over.
     *
     * @return the best checkpoint, once the first worker has written it
     */
    Checkpoint end() {
        if (!saved) {
            saveUnfinished();
        }
        if (stop.reason() != null) {
            LOG.info("training ended at step {} in epoch {}: {}", position.step(), position.epoch() + 1, stop.reason());
        }
        callbacks.forEach(callback -> callback.onEnd(state));
        world.barrier();
        return stop.uninterrupted(() -> Checkpoint.best(setup.directory()));
    }

    /** Whether no epoch is left. */
    boolean isDone() {
        return position.isDone();
    }

    /** Whether training is to end; all workers have agreed on it. */
    boolean stopped() {
        return stop.isAgreed();
    }

    /** Whether to leave the epoch here: as {@link #stopped}, or behind the last step, where no gradients wait for their step: they would be lost. */
    boolean stopsHere() {
        return (stopped() || position.isLastStepDone()) && position.pending() == 0;
    }

    @Override
    public void close() {
        try {
            callbacks.close();
        } finally {
            optimizer.close();
            figures.close();
            if (average != null) {
                average.close();
            }
            pass.close();
            data.training().close();
            holding.close();
            if (lock != null) {
                lock.close();
            }
        }
    }
}
