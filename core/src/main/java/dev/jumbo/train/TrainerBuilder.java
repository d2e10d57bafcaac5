package dev.jumbo.train;

import dev.jumbo.data.Augmentation;
import dev.jumbo.data.BatchAugmentation;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.split.Fold;
import dev.jumbo.data.split.SplitMethod;
import dev.jumbo.dist.World;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Loss;
import dev.jumbo.tensor.Device;
import dev.jumbo.train.TrainConfig.Checkpoints;
import dev.jumbo.train.TrainConfig.Precision;
import dev.jumbo.train.callbacks.EarlyStopping;
import dev.jumbo.train.callbacks.NonFiniteGuard;
import dev.jumbo.train.metrics.Metric;
import dev.jumbo.train.optim.Optimizer;
import dev.jumbo.train.optim.Optimizers;
import dev.jumbo.train.optim.Schedule;
import dev.jumbo.train.optim.Schedules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link Trainer}, by the names of {@link TrainConfig}, and what a file cannot hold: callbacks, the world. */
public final class TrainerBuilder {
    private final Layer model;
    private final List<Callback> callbacks = new ArrayList<>();
    private Optimizer optimizer = Optimizers.adam(1e-3);
    private @Nullable Double learningRate;
    private Schedule schedule = Schedules.constant();
    private @Nullable Loss loss;
    private @Nullable List<Metric> metrics;
    private @Nullable TargetScaling targetScaling;
    private int epochs = 10;
    private int batchSize = 32;
    private @Nullable Integer validationBatchSize;
    private int gradientAccumulation = 1;
    private double validationSplit;
    private double testSplit;
    private @Nullable SplitMethod split;
    private @Nullable Fold fold;
    private boolean shuffle = true;
    private boolean dropLast;
    private long seed;
    private Precision precision = Precision.FP32;
    private @Nullable Double maxGradNorm;
    private @Nullable Double maxGradValue;
    private double l1;
    private double l2;
    private @Nullable Double emaDecay;
    private @Nullable String monitor;
    private EarlyStopping.@Nullable Settings earlyStopping;
    private NonFiniteGuard.@Nullable Settings guard;
    private Checkpoints checkpoints = new Checkpoints(null, 2);
    private String device = "cpu";
    private int loaderThreads = 1;
    private int logEverySteps = 100;
    private boolean tensorboard;
    private DistributedConfig distributed =
            new DistributedConfig(DistributedConfig.Strategy.DATA_PARALLEL, false, 25, 4, 30, 3, null);

    private @Nullable Function<Dataset, Preprocessing> preprocessing;
    private List<Augmentation> augmentations = List.of();
    private @Nullable BatchAugmentation mixing;
    private World world = World.single();
    private @Nullable Path directory;
    private boolean resume;

    TrainerBuilder(Layer model) {
        this.model = model;
    }

    /** Sets everything that a configuration file can say. */
    public TrainerBuilder config(TrainConfig config) {
        optimizer = config.optimizer();
        learningRate = config.learningRate();
        schedule = config.schedule();
        loss = config.loss();
        metrics = config.metrics();
        targetScaling = config.targetScaling();
        epochs = config.epochs();
        batchSize = config.batchSize();
        validationBatchSize = config.validationBatchSize();
        gradientAccumulation = config.gradientAccumulation();
        validationSplit = config.validationSplit();
        testSplit = config.testSplit();
        split = config.split();
        fold = config.fold();
        shuffle = config.shuffle();
        dropLast = config.dropLast();
        seed = config.seed();
        precision = config.precision();
        maxGradNorm = config.maxGradNorm();
        maxGradValue = config.maxGradValue();
        l1 = config.l1();
        l2 = config.l2();
        emaDecay = config.emaDecay();
        monitor = config.monitor();
        earlyStopping = config.earlyStopping();
        guard = config.guard();
        checkpoints = config.checkpoints();
        device = config.device();
        loaderThreads = config.loaderThreads();
        logEverySteps = config.logEverySteps();
        tensorboard = config.tensorboard();
        distributed = config.distributed();
        return this;
    }

    /** How gradients change parameters; Adam with 0.001 if not set. */
    public TrainerBuilder optimizer(Optimizer used) {
        optimizer = used;
        return this;
    }

    /** How the learning rate changes over the steps; constant if not set. */
    public TrainerBuilder schedule(Schedule used) {
        schedule = used;
        return this;
    }

    /** What training makes small; if not set, by the target: cross-entropy for classes, the mean squared error for numbers. */
    public TrainerBuilder loss(Loss used) {
        loss = used;
        return this;
    }

    /** Computed on training and validation data each epoch; if not set, accuracy for classes, RMSE and R2 for numbers. */
    public TrainerBuilder metrics(Metric... used) {
        metrics = List.of(used);
        return this;
    }

    /** As {@link #metrics(Metric...)}. */
    public TrainerBuilder metrics(List<Metric> used) {
        metrics = List.copyOf(used);
        return this;
    }

    /**
     * How numeric targets are scaled for the loss; if not set, to mean 0 and deviation 1 for a table, and for other data where
     * mean or deviation in the training split are above 10, or the deviation is below 0.1; then {@code loss} is that of scaled
     * values, metrics and predictions are in the target's unit.
     */
    public TrainerBuilder targetScaling(TargetScaling used) {
        targetScaling = used;
        return this;
    }

    /** How often the training data is seen; 10 if not set. */
    public TrainerBuilder epochs(int number) {
        epochs = number;
        return this;
    }

    /** Examples of one forward and backward pass; 32 if not set. */
    public TrainerBuilder batchSize(int examples) {
        batchSize = examples;
        return this;
    }

    /** Examples of one forward pass of validation, of all workers together; 128 for each, of sequences the batch size, if not set. */
    public TrainerBuilder validationBatchSize(int examples) {
        validationBatchSize = examples;
        return this;
    }

    /** Batches whose gradients are averaged for one optimizer step, by what counts in each; 1 if not set. */
    public TrainerBuilder gradientAccumulation(int batches) {
        gradientAccumulation = batches;
        return this;
    }

    /** Share of the training data held out to validate on, chosen by {@link #split}; 0 if not set. */
    public TrainerBuilder validationSplit(double share) {
        validationSplit = share;
        return this;
    }

    /**
     * Share of the training data that is left alone, to test on later; 0 if not set. {@link
     * dev.jumbo.data.split.Partition} gives these examples by the same method and seed.
     */
    public TrainerBuilder testSplit(double share) {
        testSplit = share;
        return this;
    }

    /**
     * How examples are held out; {@link SplitMethod#standard} for the data if not set: random for folders, tables and tar
     * shards, otherwise the last ones as in Keras.
     */
    public TrainerBuilder split(@Nullable SplitMethod used) {
        split = used;
        return this;
    }

    /** Leaves one fold of a cross-validation alone, to measure on later; none if not set. */
    public TrainerBuilder fold(@Nullable Fold used) {
        fold = used;
        return this;
    }

    /** Whether each epoch visits the examples in another seeded order; it does if not set. */
    public TrainerBuilder shuffle(boolean used) {
        shuffle = used;
        return this;
    }

    /** Whether an epoch leaves out a last training batch that is not full; it is kept if not set. */
    public TrainerBuilder dropLast(boolean used) {
        dropLast = used;
        return this;
    }

    /** Everything random derives from it; 0 if not set. */
    public TrainerBuilder seed(long number) {
        seed = number;
        return this;
    }

    /** Arithmetic of the passes; fp32 if not set. */
    public TrainerBuilder precision(Precision used) {
        precision = used;
        return this;
    }

    /** Scales gradients down to this norm at most. */
    public TrainerBuilder maxGradNorm(double norm) {
        maxGradNorm = norm;
        return this;
    }

    /** Cuts each gradient to this absolute value at most. */
    public TrainerBuilder maxGradValue(double value) {
        maxGradValue = value;
        return this;
    }

    /** Adds {@code l1 sum |w| + l2 sum w^2} over matrices and kernels to the loss, as Keras's regularizers. */
    public TrainerBuilder penalty(double l1Factor, double l2Factor) {
        l1 = l1Factor;
        l2 = l2Factor;
        return this;
    }

    /** Keeps an exponential moving average of the weights, validated and saved in their place. */
    public TrainerBuilder emaDecay(double decay) {
        emaDecay = decay;
        return this;
    }

    /** The metric that decides which checkpoint is best. */
    public TrainerBuilder monitor(String metric) {
        monitor = metric;
        return this;
    }

    /** Ends training after so many epochs in which a figure such as {@code val_loss} has not improved. */
    public TrainerBuilder earlyStopping(String metric, int patience) {
        earlyStopping = new EarlyStopping.Settings(metric, patience, 0, EarlyStopping.Mode.AUTO);
        return this;
    }

    /** When checkpoints are written besides the end of each epoch, and how many stay. */
    public TrainerBuilder checkpoints(Checkpoints used) {
        checkpoints = used;
        return this;
    }

    /** Steps between lines of {@code metrics.jsonl}, besides one an epoch; 100 if not set, 0 for none. */
    public TrainerBuilder logEverySteps(int steps) {
        logEverySteps = steps;
        return this;
    }

    /** Whether TensorBoard event files are written too; they are not if not set. */
    public TrainerBuilder tensorboard(boolean used) {
        tensorboard = used;
        return this;
    }

    /** Where the model computes, as in {@link dev.jumbo.tensor.Device#of}; {@code cpu} if not set. */
    public TrainerBuilder device(String name) {
        device = name;
        return this;
    }

    /** What is done to raw inputs; what the dataset itself suggests if not set. */
    public TrainerBuilder preprocessing(Preprocessing used) {
        preprocessing = data -> used;
        return this;
    }

    /** Preprocessing that is fitted on the training split, as in {@code .fitPreprocessing(Normalization::zScore)}. */
    public TrainerBuilder fitPreprocessing(Function<Dataset, Preprocessing> fit) {
        preprocessing = fit;
        return this;
    }

    /** Random changes of training examples, in order. */
    public TrainerBuilder augmentations(Augmentation... used) {
        augmentations = List.of(used);
        return this;
    }

    /** Random changes of training examples, in order. */
    public TrainerBuilder augmentations(List<Augmentation> used) {
        augmentations = List.copyOf(used);
        return this;
    }

    /** A random mix of the examples of each training batch. */
    public TrainerBuilder mixing(@Nullable BatchAugmentation used) {
        mixing = used;
        return this;
    }

    /** Called in the order of registration. */
    public TrainerBuilder callback(Callback added) {
        callbacks.add(added);
        return this;
    }

    /** The processes that train together; this one alone if not set. */
    public TrainerBuilder world(World used) {
        world = used;
        return this;
    }

    /** How they train together; each holds all of the model if not set. */
    public TrainerBuilder distributed(DistributedConfig used) {
        distributed = used;
        return this;
    }

    /** The directory of the run, made if it is not there. */
    public TrainerBuilder saveTo(Path run) {
        directory = run;
        return this;
    }

    /** Whether to go on from the newest checkpoint of the directory, if there is one. */
    public TrainerBuilder resume(boolean used) {
        resume = used;
        return this;
    }

    /** @throws InputException if a value is out of its range, or {@link #saveTo} is missing */
    public Trainer build() {
        if (directory == null) {
            throw new InputException("expected a directory for checkpoints, received none: call saveTo(directory)");
        }
        if (!shuffle && (!augmentations.isEmpty() || mixing != null)) {
            throw new InputException("augmentation needs shuffle: true, which seeds it");
        }
        return new Trainer(new Setup(
                model,
                config(),
                List.copyOf(callbacks),
                preprocessing,
                augmentations,
                mixing,
                world,
                directory,
                resume));
    }

    /** What the settings say, in the form of a configuration file. */
    public TrainConfig config() {
        return new TrainConfig(
                optimizer,
                learningRate,
                schedule,
                loss,
                metrics,
                targetScaling,
                epochs,
                batchSize,
                validationBatchSize,
                gradientAccumulation,
                validationSplit,
                testSplit,
                split,
                fold,
                shuffle,
                dropLast,
                seed,
                precision,
                maxGradNorm,
                maxGradValue,
                l1,
                l2,
                emaDecay,
                monitor,
                earlyStopping,
                guard,
                checkpoints,
                logEverySteps,
                tensorboard,
                device,
                loaderThreads,
                distributed);
    }

    /** What a trainer was asked to do. */
    record Setup(
            Layer model,
            TrainConfig config,
            List<Callback> callbacks,
            @Nullable Function<Dataset, Preprocessing> preprocessing,
            List<Augmentation> augmentations,
            @Nullable BatchAugmentation mixing,
            World world,
            Path directory,
            boolean resume) {
        /** The same with other settings. */
        Setup with(TrainConfig other) {
            return new Setup(model, other, callbacks, preprocessing, augmentations, mixing, world, directory, resume);
        }

        /** Where this worker computes. */
        Device device() {
            return Device.of(config.device(), world.localRank());
        }

        /** Whether several workers divide the layers. */
        boolean isPipeline() {
            return world.size() > 1 && config.distributed().strategy() == DistributedConfig.Strategy.PIPELINE;
        }
    }
}
