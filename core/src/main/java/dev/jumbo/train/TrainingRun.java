package dev.jumbo.train;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Field;
import dev.jumbo.data.Loader;
import dev.jumbo.dist.Agreement;
import dev.jumbo.dist.World;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.nn.FlatStore;
import dev.jumbo.nn.Model;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.RunLock;
import dev.jumbo.train.checkpoint.TrainerFile;
import dev.jumbo.train.optim.GradientClipping;
import dev.jumbo.train.optim.OptimizerState;
import dev.jumbo.train.optim.Penalty;
import dev.jumbo.train.optim.WeightAverage;
import dev.jumbo.train.parallel.SameParameters;
import dev.jumbo.train.plan.calibrate.Peak;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A training under way: the model, the optimizer, and where in the data it stands. The steps of {@link Trainer}'s loop. */
final class TrainingRun implements TrainingState, AutoCloseable {
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
    private final FlatSlice slice;
    private final OptimizerState optimizer;
    private final @Nullable WeightAverage average;
    private final GradientClipping clipping;
    private final Penalty penalty;
    private final LearningRate learningRate;
    private final RunCheckpoints checkpoints;
    private final RunCallbacks callbacks;
    private final BestMetric best;
    private final World world;
    private final Agreement agreement;
    private final BatchPass pass;
    private final StepWeights weights = new StepWeights();

    private final StopRequest stop;
    private final Position position;
    private final @Nullable RunLock lock;

    private long examples;
    private double secondsBefore;
    private long startedAt = System.nanoTime();
    private double loss = Double.NaN;
    private double gradientNorm = Double.NaN;
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
            MonitoredNames.check(config, data.validation() != null);
            Position position = new Position(data.training(), config);
            return new Parts(
                    BestMetric.of(config, data.validation() != null),
                    new RunCallbacks(setup),
                    position,
                    new LearningRate(config, position::totalSteps),
                    stop);
        }
    }

    private TrainingRun(
            TrainerBuilder.Setup setup, TrainingData data, Parts parts, @Nullable RunLock lock, Holding holding) {
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
        slice = holding.slice();
        clipping = new GradientClipping(
                config.maxGradValue() == null ? Double.POSITIVE_INFINITY : config.maxGradValue(),
                config.maxGradNorm() == null ? Double.POSITIVE_INFINITY : config.maxGradNorm());
        penalty = new Penalty(config.l1(), config.l2());
        checkpoints = new RunCheckpoints(setup, data, holding);
        baseline = new MeanBaseline(config, data.dataset().targets());
        training = measured();
        agreement = new Agreement(world, model.device());
        optimizer = config.optimizer().build(slice);
        try {
            average = config.emaDecay() == null ? null : new WeightAverage(slice, store.buffers(), config.emaDecay());
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
        RunLock lock = setup.world().isFirst() ? RunLock.acquire(setup.directory()) : null;
        Holding holding = null;
        TrainingRun run;
        try {
            RunCheckpoints.requireFree(setup); // Another one may have ended meanwhile.
            holding = Holding.build(setup, data);
            run = new TrainingRun(setup, data, parts, lock, holding);
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
        Checkpoint newest = world.isFirst() && setup.resume() && Checkpoint.existsIn(setup.directory())
                ? Checkpoint.newestSound(setup.directory())
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
            checkpoints.restore(Checkpoint.ofStep(setup.directory(), common.step()), optimizer, average);
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
        secondsBefore = where.seconds();
        epochMetrics = new LinkedHashMap<>(where.metrics());
        Map<String, Map<String, Double>> state = where.state();
        best.load(state.getOrDefault(BEST, Map.of()));
        learningRate.load(state.getOrDefault(LEARNING_RATE, Map.of()));
        callbacks.load(where);
        saved = true;
        if (position.epoch() >= config.epochs()) {
            LOG.warn(
                    "nothing is left to train: the run in {} has done {} epochs; raise epochs, now {}, to go on",
                    setup.directory(),
                    position.epoch(),
                    config.epochs());
        }
    }

    void start() {
        startedAt = System.nanoTime();
        callbacks.forEach(callback -> callback.onStart(this));
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
            training = measured();
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
            store.zeroGradients();
        }
        seedDropout();
        int batches = position.batchesOfStep();
        BatchPass.Result result = pass.run(next, batches, position.pending() + 1 == batches, stop.value());
        weights.add(result.weight());
        if (result.weight() > 0 || Double.isNaN(loss)) {
            loss = result.loss(); // Of a batch in which nothing counts there is none: the last one stays.
        }
        if (!Double.isFinite(result.loss())) {
            throw new FailureException("training stopped at step " + (step() + 1) + " (epoch " + (epoch() + 1)
                    + "): expected a finite loss, received " + result.loss() + " with the learning rate "
                    + learningRate()
                    + "; lower the learning rate, clip gradients (max_grad_norm) or look for bad values in the data."
                    + " Earlier checkpoints are untouched");
        }
        int rows = position.rows();
        if (result.outputs() != null) {
            for (int i = 0; i < result.parts().size(); i++) {
                BatchPass.LossPart part = result.parts().get(i);
                training.addLoss(i, part.sum(), part.weight());
            }
            training.addPredictions(result.outputs(), next.targets().get(0));
        }
        stop.agree(result.stop());
        examples += rows;
        position.addBatch();
    }

    /** Its numbers depend on the step and the worker alone, so a resumed run draws the same ones. */
    private void seedDropout() {
        RandomState seed = random.derive("step").derive(step() * config.gradientAccumulation() + position.pending());
        (world.isFirst() ? seed : seed.derive(world.rank())).seedTorch();
    }

    boolean isStepDue() {
        return position.isStepDue();
    }

    /** One step of the optimizer on the gradients that have been added up; none where nothing in them counts. */
    void update() {
        if (!weights.isEmpty()) {
            try (Autograd off = Autograd.noGrad()) {
                double correction = weights.correction(position.pending());
                if (correction != 1) {
                    slice.gradients().mul_(correction);
                }
                if (!penalty.isNone()) {
                    penalty.addToGradients(slice);
                }
                gradientNorm = clipping.apply(slice.gradients(), holding::sum);
                optimizer.step(learningRate());
                if (average != null) {
                    average.update();
                }
            }
        }
        weights.clear();
        position.addStep();
        saved = false;
        callbacks.forEach(callback -> callback.onStep(this));
        if (world.size() == 1) {
            stop.agree(stop.value()); // Others agree on it with the next loss.
        }
    }

    /** Saves where training stands, if the settings ask for it after this many steps. */
    void checkpointIfDue() {
        Integer every = config.checkpoints().everySteps();
        if (every != null && position.pending() == 0 && step() % every == 0 && !position.isEpochDone()) {
            saveUnfinished();
        }
    }

    /** In the middle of an epoch, or before its validation, which a resume does then. */
    private void saveUnfinished() {
        shareBuffers();
        save(false, training.together(agreement).state());
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
        Evaluation all = training.together(agreement);
        if (!all.counts()) {
            throw new InputException(
                    "nothing counts in the training data: every target is ignored by the loss, or its class"
                            + " has the weight 0; check ignore_index and class_weights");
        }
        Map<String, Double> metrics = all.values("");
        metrics.put("learning_rate", learningRate.at(step() - 1));
        if (data.validation() != null) {
            Evaluation evaluation = validate(data.validation());
            if (stop.isOutside()) {
                return;
            }
            metrics.putAll(evaluation.together(agreement).values("val_"));
        }
        baseline.look(metrics, epoch(), epochs(), world.isFirst());
        epochMetrics = metrics;
        callbacks.forEach(callback -> callback.onEpoch(this, epochMetrics));
        agreeOnStop();
        learningRate.observe(epochMetrics);
        position.nextEpoch();
        save(best.add(epochMetrics), Map.of());
    }

    private Evaluation measured() {
        return new Evaluation(config.objective().loss(), baseline.metrics());
    }

    private Evaluation validate(Loader validation) {
        Evaluation evaluation = measured();
        try (WeightAverage.Use averaged = average == null ? () -> {} : average.use();
                RunBatches batches = new RunBatches(validation.epoch(0), stop, this::isToldToStop)) {
            pass.evaluate(evaluation, batches);
        }
        return evaluation;
    }

    private boolean isToldToStop() {
        agreeOnStop();
        return stop.isOutside();
    }

    private void save(boolean isBest, Map<String, double[]> unfinished) {
        Map<String, Map<String, Double>> state = new LinkedHashMap<>();
        state.put(BEST, best.state());
        state.put(LEARNING_RATE, learningRate.state());
        state.putAll(callbacks.state());
        String replicas = world.size() == 1 || holding.dividesModel()
                ? null
                : SameParameters.require(agreement, model.store(), step());
        TrainerFile where = new TrainerFile(
                step(),
                epoch(),
                position.batch(),
                (long) position.example(),
                seconds(),
                finite(epochMetrics),
                best.name(),
                state,
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
            LOG.info("training ended at step {} in epoch {}: {}", step(), epoch() + 1, stop.reason());
        }
        callbacks.forEach(callback -> callback.onEnd(this));
        world.barrier();
        return stop.uninterrupted(() -> Checkpoint.best(setup.directory()));
    }

    /** Whether training is to end; all workers have agreed on it. */
    boolean stopped() {
        return stop.isAgreed();
    }

    /** As {@link #stopped}, where no gradients wait for their step: they would be lost. */
    boolean stopsHere() {
        return stopped() && position.pending() == 0;
    }

    @Override
    public long step() {
        return position.step();
    }

    @Override
    public long totalSteps() {
        return position.totalSteps();
    }

    @Override
    public int epoch() {
        return position.epoch();
    }

    @Override
    public int epochs() {
        return config.epochs();
    }

    @Override
    public int stepsPerEpoch() {
        return position.stepsPerEpoch();
    }

    @Override
    public int stepsLeft() {
        return position.stepsLeft();
    }

    @Override
    public double loss() {
        return loss;
    }

    @Override
    public double gradientNorm() {
        return gradientNorm;
    }

    @Override
    public double learningRate() {
        return learningRate.at(step());
    }

    @Override
    public long examples() {
        return examples;
    }

    @Override
    public long tokensPerExample() {
        Field input = data.inputs().get(0);
        return input.dtype() == DType.INT64 && input.shape().rank() == 1 ? input.elements() : 0;
    }

    @Override
    public double flopsPerExample() {
        // A pipeline's worker has some of the layers.
        return holding.dividesModel() ? 0 : 3.0 * model.layer().flops(model.inputs());
    }

    @Override
    public double peakFlops() {
        if (model.device().type() != Device.Type.CPU) {
            return 0;
        }
        boolean bf16 = config().precision() == TrainConfig.Precision.BF16;
        return Peak.known(bf16).orElse(0) * world.size();
    }

    @Override
    public double seconds() {
        return secondsBefore + (System.nanoTime() - startedAt) / 1e9;
    }

    @Override
    public Model model() {
        return model;
    }

    @Override
    public TrainConfig config() {
        return data.config();
    }

    @Override
    public @Nullable Path directory() {
        return setup.directory();
    }

    @Override
    public void stop(String reason) {
        stop.fromWithin(reason);
    }

    @Override
    public @Nullable String stopReason() {
        return stop.reason();
    }

    @Override
    public void close() {
        try {
            callbacks.close();
        } finally {
            optimizer.close();
            if (average != null) {
                average.close();
            }
            pass.close();
            holding.close();
            if (lock != null) {
                lock.close();
            }
        }
    }
}
