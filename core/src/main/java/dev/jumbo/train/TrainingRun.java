package dev.jumbo.train;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Loader;
import dev.jumbo.dist.Agreement;
import dev.jumbo.dist.World;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.FlatStore;
import dev.jumbo.nn.Model;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.RunDirectory;
import dev.jumbo.train.checkpoint.RunLock;
import dev.jumbo.train.checkpoint.TrainerFile;
import dev.jumbo.train.optim.OptimizerState;
import dev.jumbo.train.optim.WeightAverage;
import dev.jumbo.train.parallel.SameParameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A training under way: the steps of {@link Trainer}'s loop. What callbacks see of it is a {@link RunState}. */
final class TrainingRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);

    /** The name of {@link BestMetric}'s state beside that of the callbacks. */
    private static final String BEST = "best";

    private static final String LEARNING_RATE = "learning_rate";

    private final TrainerBuilder.Setup setup;
    private final TrainConfig config;
    private final TrainingData data;
    private final RandomState random;
    private final Model model;
    private final FlatStore store;
    private final Holding holding;
    private final List<PhaseRun> phases;
    /** The batches of the step that is under way, for the phases behind the first. */
    private final List<Batch> held = new ArrayList<>();

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

    private final MeanBaseline baseline;
    private Evaluation training;
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
                    new RunCallbacks(setup),
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
        random = RandomState.of(config.seed());
        store = model.store();
        world = setup.world();
        state = new RunState(setup, data, holding, position, learningRate, stop);
        checkpoints = new RunCheckpoints(setup, data, holding, start);
        baseline = new MeanBaseline(config, data.dataset().targets());
        training = measured(config.batchSize());
        agreement = new Agreement(world, model.device());
        phases = PhaseRun.of(data.phases(), config, holding);
        optimizer = PhaseRun.together(phases);
        try {
            average = config.emaDecay() == null
                    ? null
                    : new WeightAverage(holding.slice(), store.buffers(), config.emaDecay());
            pass = holding.pass();
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
                LOG.info("{}", start.loaded().report());
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
            training.merge(checkpoints.restore(newest, optimizer, average));
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
        agreeOnStop();
    }

    private void agreeOnStop() {
        try (Scope scope = Scope.open()) {
            stop.agree(agreement.sum(stop.value()).await()[0]);
        }
    }

    /** A resumed run goes on with the figures of its epoch. */
    void startEpoch() {
        if (position.example() == 0) {
            training.close();
            training = measured(config.batchSize());
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
        if (phases.size() > 1) {
            held.add(next);
        }
        double asked = stop.value();
        if (phases.get(0).phase().isDue(position.step())) {
            stop.agree(propagate(phases.get(0), next, position.pending(), asked));
        } else {
            stop.agree(world.size() == 1 ? asked : agreement.sum(asked).await()[0]);
        }
        state.batch(loss(), position.rows());
        position.addBatch();
    }

    /** @return what all workers ask for together, see {@link StopRequest} */
    private double propagate(PhaseRun run, Batch next, int index, double asked) {
        seedDropout(run, index);
        int batches = position.batchesOfStep();
        BatchPass.Result result = pass.run(run.phase().objective(), next, batches, index + 1 == batches, asked);
        run.update().add(result.weight(), result.largest());
        if (!Double.isFinite(result.loss())) {
            throw new FailureException("training stopped at step " + (state.step() + 1) + " (epoch "
                    + (position.epoch() + 1)
                    + "): expected a finite loss"
                    + (data.phases().named() ? " of the phase " + run.phase().name() : "")
                    + ", received " + result.loss() + " with the learning rate "
                    + learningRate.at(position.step(), run.update().baseLearningRate())
                    + "; lower the learning rate, clip gradients (max_grad_norm) or look for bad values in the data."
                    + " Earlier checkpoints are untouched");
        }
        for (int i = 0; i < result.parts().size(); i++) {
            BatchPass.LossPart part = result.parts().get(i);
            training.addLoss(run.phase(), i, part.sum(), part.weight());
        }
        result.terms().forEach(term -> training.addParts(run.phase(), term));
        if (run == phases.get(0) && !result.parts().isEmpty()) {
            training.addPredictions(result.outputs(), next.targets(), next.weights());
        }
        // Of a batch in which nothing counts there is no loss: the last one stays.
        if (result.weight() > 0 || Double.isNaN(run.loss())) {
            run.loss(result.loss());
        }
        return result.stop();
    }

    /** The sum over the phases that have run. */
    private double loss() {
        double sum = phases.get(0).loss();
        for (PhaseRun run : phases.subList(1, phases.size())) {
            sum = Double.isNaN(sum) ? run.loss() : Double.isNaN(run.loss()) ? sum : sum + run.loss();
        }
        return sum;
    }

    /** Its numbers depend on the step and the worker alone, so a resumed run draws the same ones. */
    private void seedDropout(PhaseRun run, int batch) {
        RandomState seed = random.derive("step").derive(position.step() * config.gradientAccumulation() + batch);
        if (run != phases.get(0)) {
            seed = seed.derive(run.phase().name());
        }
        (world.isFirst() ? seed : seed.derive(world.rank())).seedTorch();
    }

    boolean isStepDue() {
        return position.isStepDue();
    }

    /** One step of the optimizer on the gradients that have been added up; none where nothing in them counts. */
    void update() {
        boolean stepped = false;
        for (PhaseRun run : phases) {
            if (run.phase().isDue(position.step())) {
                if (run != phases.get(0)) {
                    propagateHeld(run);
                }
                stepped |= !run.update().isEmpty();
                state.gradientNorm(run.update()
                        .step(
                                position.step(),
                                learningRate.at(position.step(), run.update().baseLearningRate()),
                                position.pending(),
                                state.gradientNorm()));
            }
        }
        held.clear();
        if (phases.size() > 1) {
            state.batch(loss(), 0);
        }
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

    /** A phase behind the first, on all batches of the step. */
    private void propagateHeld(PhaseRun run) {
        store.zeroGradients();
        int batches = held.size();
        for (int i = 0; i < batches - 1; i++) {
            try (Scope scope = Scope.open()) {
                propagate(run, held.get(i), i, 0);
            }
        }
        // In the scope of the step, as gradients of a share in bf16 live no longer than the scope in which they are
        // summed.
        propagate(run, held.get(batches - 1), batches - 1, 0);
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
        save(false, together(training, Evaluation::state));
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
        Map<String, Double> metrics = together(training, all -> {
            if (!all.counts()) {
                throw new InputException(
                        "nothing counts in the training data: every target is ignored by the loss, or its class"
                                + " has the weight 0; check ignore_index and class_weights");
            }
            return all.values("");
        });
        metrics.put("learning_rate", learningRate.at(position.step() - 1));
        if (data.validation() != null) {
            Map<String, Double> held = validate(data.validation());
            if (stop.isOutside()) {
                return;
            }
            metrics.putAll(held);
        }
        baseline.look(metrics, position.epoch(), position.epochs(), world.isFirst());
        epochMetrics = metrics;
        if (world.isFirst()) {
            best.warn(epochMetrics, position.epoch() + 1);
        }
        callbacks.forEach(callback -> callback.onEpoch(state, epochMetrics));
        agreeOnStop();
        learningRate.observe(epochMetrics);
        position.nextEpoch();
        save(best.add(epochMetrics), Map.of());
    }

    /** Something of what all workers have added up. */
    private <T> T together(Evaluation own, Function<Evaluation, T> asked) {
        Evaluation all = own.together(agreement);
        try {
            return asked.apply(all);
        } finally {
            if (all != own) {
                all.close();
            }
        }
    }

    private Evaluation measured(int batch) {
        boolean large =
                Evaluation.isLarge(model.device(), model.outputs().main().shape(), batch / world.size());
        return new Evaluation(data.phases(), baseline.metrics(), null, large);
    }

    /** The figures of what is held out; nothing of use where somebody outside has ended it. */
    private Map<String, Double> validate(Loader validation) {
        try (Evaluation evaluation = measured(validation.rowsFrom(0, 0));
                WeightAverage.Use averaged = average == null ? () -> {} : average.use();
                RunBatches batches = new RunBatches(validation.epoch(0), stop, this::isToldToStop)) {
            pass.evaluate(evaluation, batches);
            return stop.isOutside() ? Map.of() : together(evaluation, all -> all.values("val_"));
        }
    }

    private boolean isToldToStop() {
        agreeOnStop();
        return stop.isOutside();
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
                finite(epochMetrics),
                best.name(),
                kept,
                replicas,
                checkpoints.settings());
        checkpoints.save(where, optimizer, average, unfinished, isBest);
        saved = true;
    }

    /** Without what has no value, which JSON cannot hold. */
    private static Map<String, Double> finite(Map<String, Double> metrics) {
        Map<String, Double> kept = new LinkedHashMap<>(metrics);
        kept.values().removeIf(value -> !Double.isFinite(value));
        return kept;
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
            training.close();
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
