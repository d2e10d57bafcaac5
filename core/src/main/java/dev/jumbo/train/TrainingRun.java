package dev.jumbo.train;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Loader;
import dev.jumbo.dist.Agreement;
import dev.jumbo.dist.World;
import dev.jumbo.error.FailureException;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.nn.FlatStore;
import dev.jumbo.nn.Model;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.train.callbacks.EarlyStopping;
import dev.jumbo.train.callbacks.JsonLinesLog;
import dev.jumbo.train.callbacks.NonFiniteGuard;
import dev.jumbo.train.callbacks.TensorBoardLog;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.TrainerFile;
import dev.jumbo.train.optim.GradientClipping;
import dev.jumbo.train.optim.OptimizerState;
import dev.jumbo.train.optim.Penalty;
import dev.jumbo.train.optim.WeightAverage;
import dev.jumbo.train.parallel.SameParameters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
    private final Map<String, Callback> callbacks;
    private final BestMetric best;
    private final World world;
    private final Agreement agreement;
    private final BatchPass pass;

    private long step;
    private int epoch;
    private int batch;
    private int pending;
    private long examples;
    private double secondsBefore;
    private long startedAt = System.nanoTime();
    private double loss = Double.NaN;
    private double gradientNorm = Double.NaN;
    private Evaluation training;
    private Map<String, Double> epochMetrics = new LinkedHashMap<>();
    private @Nullable String stopReason;
    private boolean stopped;

    private TrainingRun(TrainerBuilder.Setup setup, TrainingData data, Holding holding) {
        this.setup = setup;
        this.config = setup.config();
        this.data = data;
        this.holding = holding;
        model = holding.model();
        random = RandomState.of(config.seed());
        store = model.store();
        world = setup.world();
        slice = holding.slice();
        optimizer = config.optimizer().build(slice);
        average = config.emaDecay() == null ? null : new WeightAverage(slice, store.buffers(), config.emaDecay());
        clipping = new GradientClipping(
                config.maxGradValue() == null ? Double.POSITIVE_INFINITY : config.maxGradValue(),
                config.maxGradNorm() == null ? Double.POSITIVE_INFINITY : config.maxGradNorm());
        penalty = new Penalty(config.l1(), config.l2());
        learningRate = new LearningRate(config, totalSteps());
        best = BestMetric.of(config, data.validation() != null);
        callbacks = callbacks(setup);
        checkpoints = new RunCheckpoints(setup, data, holding);
        training = new Evaluation(config.objective().loss(), config.objective().metrics());
        agreement = new Agreement(world, model.device());
        pass = holding.pass();
    }

    /** The caller's, behind those that the configuration asks for. */
    private static Map<String, Callback> callbacks(TrainerBuilder.Setup setup) {
        List<Callback> all = new ArrayList<>();
        if (setup.config().earlyStopping() != null) {
            all.add(new EarlyStopping(setup.config().earlyStopping()));
        }
        if (setup.config().guard() != null) {
            all.add(new NonFiniteGuard(setup.config().guard()));
        }
        all.add(JsonLinesLog.every(setup.config().logEverySteps()));
        if (setup.config().tensorboard()) {
            all.add(TensorBoardLog.every(Math.max(1, setup.config().logEverySteps())));
        }
        all.addAll(setup.callbacks());
        Map<String, Callback> named = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            named.put(all.get(i).getClass().getSimpleName() + "." + i, all.get(i));
        }
        if (!setup.world().isFirst()) {
            named.values().removeIf(Callback::onFirstWorkerOnly);
        }
        return named;
    }

    /** Checks that the directory is free, builds the model and goes back to the newest checkpoint if asked to. */
    static TrainingRun prepare(TrainerBuilder.Setup setup, TrainingData data) {
        RunCheckpoints.requireFree(setup);
        Holding holding = Holding.build(setup, data);
        TrainingRun run;
        try {
            run = new TrainingRun(setup, data, holding);
        } catch (RuntimeException e) {
            holding.close();
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
        step = where.step();
        epoch = where.epoch();
        batch = where.batch();
        secondsBefore = where.seconds();
        epochMetrics = new LinkedHashMap<>(where.metrics());
        Map<String, Map<String, Double>> state = where.state();
        best.load(state.getOrDefault(BEST, Map.of()));
        learningRate.load(state.getOrDefault(LEARNING_RATE, Map.of()));
        callbacks.forEach((name, callback) -> callback.load(state.getOrDefault(name, Map.of())));
    }

    void start() {
        startedAt = System.nanoTime();
        callbacks.values().forEach(callback -> callback.onStart(this));
        stopped = agreement.any(stopReason != null);
    }

    /** A resumed run goes on with the figures of its epoch. */
    void startEpoch() {
        if (batch == 0) {
            training =
                    new Evaluation(config.objective().loss(), config.objective().metrics());
        }
    }

    /** The batches of the current epoch that are still to be done. */
    Loader.Epoch batches() {
        return data.training().epoch(epoch, batch);
    }

    /**
     * Forward pass, loss and back-propagation of this worker's part of one batch; gradients add up until the next step,
     * before which they are summed over the workers.
     */
    void backward(Batch next) {
        if (pending == 0) {
            store.zeroGradients();
        }
        seedDropout();
        int batches = batchesOfStep();
        BatchPass.Result result = pass.run(next, batches, pending + 1 == batches, stopReason != null);
        loss = result.loss();
        if (!Double.isFinite(loss)) {
            throw new FailureException("training stopped at step " + (step + 1) + " (epoch " + (epoch + 1)
                    + "): expected a finite loss, received " + loss + " with the learning rate " + learningRate()
                    + "; lower the learning rate, clip gradients (max_grad_norm) or look for bad values in the data."
                    + " Earlier checkpoints are untouched");
        }
        int rows = data.training().rows(batch);
        if (result.outputs() != null) {
            training.addLoss(0, result.part() * rows, next.size());
            training.addPredictions(result.outputs(), next.targets().get(0));
        }
        stopped = result.stop();
        examples += rows;
        batch++;
        pending++;
    }

    /** Its numbers depend on the step and the worker alone, so a resumed run draws the same ones. */
    private void seedDropout() {
        RandomState seed = random.derive("step").derive(step * config.gradientAccumulation() + pending);
        (world.isFirst() ? seed : seed.derive(world.rank())).seedTorch();
    }

    /** Batches that the current step averages: fewer for the last step of an epoch. */
    private int batchesOfStep() {
        int left = data.training().batches() - (batch - pending);
        return Math.min(config.gradientAccumulation(), left);
    }

    /** Whether enough batches have been added up, or the epoch has no more. */
    boolean isStepDue() {
        return pending == config.gradientAccumulation()
                || batch == data.training().batches();
    }

    /** One step of the optimizer on the gradients that have been added up. */
    void update() {
        try (Autograd off = Autograd.noGrad()) {
            if (!penalty.isNone()) {
                penalty.addToGradients(slice);
            }
            gradientNorm = clipping.apply(slice.gradients(), holding::sum);
            optimizer.step(learningRate());
            if (average != null) {
                average.update();
            }
        }
        step++;
        pending = 0;
        callbacks.values().forEach(callback -> callback.onStep(this));
        if (world.size() == 1) {
            stopped = stopReason != null; // Others agree on it with the next loss.
        }
    }

    /** Saves where training stands, if the settings ask for it after this many steps. */
    void checkpointIfDue() {
        Integer every = config.checkpoints().everySteps();
        if (every != null
                && pending == 0
                && step % every == 0
                && batch < data.training().batches()) {
            shareBuffers();
            save(false, training.together(agreement).state());
        }
    }

    /** Those of the first worker to all others that hold the same. */
    private void shareBuffers() {
        if (!holding.dividesModel()) {
            StartingPoint.broadcastBuffers(world, model, average);
        }
    }

    /** Validates, tells the callbacks, saves, and decides whether to go on. */
    void endEpoch() {
        shareBuffers();
        epochMetrics = training.together(agreement).values("");
        epochMetrics.put("learning_rate", learningRate.at(step - 1));
        if (data.validation() != null) {
            epochMetrics.putAll(validate(data.validation()));
        }
        callbacks.values().forEach(callback -> callback.onEpoch(this, epochMetrics));
        stopped = agreement.any(stopReason != null);
        learningRate.observe(epochMetrics);
        epoch++;
        batch = 0;
        pending = 0;
        save(best.add(epochMetrics), Map.of());
    }

    private Map<String, Double> validate(Loader validation) {
        try (WeightAverage.Use averaged = average == null ? () -> {} : average.use()) {
            Evaluation evaluation =
                    new Evaluation(config.objective().loss(), config.objective().metrics());
            pass.evaluate(evaluation, validation);
            return evaluation.together(agreement).values("val_");
        }
    }

    private void save(boolean isBest, Map<String, double[]> unfinished) {
        Map<String, Map<String, Double>> state = new LinkedHashMap<>();
        state.put(BEST, best.state());
        state.put(LEARNING_RATE, learningRate.state());
        callbacks.forEach((name, callback) -> state.put(name, callback.state()));
        String replicas = world.size() == 1 || holding.dividesModel()
                ? null
                : SameParameters.require(agreement, model.store(), step);
        TrainerFile where =
                new TrainerFile(step, epoch, batch, seconds(), finite(epochMetrics), best.name(), state, replicas);
        checkpoints.save(where, optimizer, average, unfinished, isBest);
    }

    /** Without what has no value, which JSON cannot hold. */
    private static Map<String, Double> finite(Map<String, Double> metrics) {
        Map<String, Double> kept = new LinkedHashMap<>(metrics);
        kept.values().removeIf(value -> !Double.isFinite(value));
        return kept;
    }

    /** Tells the callbacks that training is over. @return the best checkpoint, once the first worker has written it */
    Checkpoint end() {
        if (stopReason != null) {
            LOG.info("training ended after {} epochs: {}", epoch, stopReason);
        }
        callbacks.values().forEach(callback -> callback.onEnd(this));
        world.barrier();
        return Checkpoint.best(setup.directory());
    }

    boolean stopped() {
        return stopped;
    }

    @Override
    public long step() {
        return step;
    }

    @Override
    public long totalSteps() {
        return (long) stepsPerEpoch() * epochs();
    }

    @Override
    public int epoch() {
        return epoch;
    }

    @Override
    public int epochs() {
        return config.epochs();
    }

    @Override
    public int stepsPerEpoch() {
        int accumulated = config.gradientAccumulation();
        return (data.training().batches() + accumulated - 1) / accumulated;
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
        return learningRate.at(step);
    }

    @Override
    public long examples() {
        return examples;
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
        stopReason = reason;
    }

    @Override
    public void close() {
        callbacks.values().forEach(Callback::close);
        optimizer.close();
        if (average != null) {
            average.close();
        }
        pass.close();
        holding.close();
    }
}
