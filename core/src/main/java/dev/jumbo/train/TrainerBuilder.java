package dev.jumbo.train;

import dev.jumbo.config.Components;
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
import dev.jumbo.nn.Model;
import dev.jumbo.nn.adapt.Adapter;
import dev.jumbo.nn.weights.NameRule;
import dev.jumbo.nn.weights.ParameterGroup;
import dev.jumbo.tensor.Device;
import dev.jumbo.train.TrainConfig.Checkpoints;
import dev.jumbo.train.TrainConfig.Precision;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.EarlyStopping;
import dev.jumbo.train.callbacks.NonFiniteGuard;
import dev.jumbo.train.callbacks.Samples;
import dev.jumbo.train.metrics.Metric;
import dev.jumbo.train.objective.Objective;
import dev.jumbo.train.objective.OutputLoss;
import dev.jumbo.train.objective.Phase;
import dev.jumbo.train.optim.GradientRule;
import dev.jumbo.train.optim.Optimizer;
import dev.jumbo.train.optim.Schedule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link Trainer}, by the names of {@link TrainConfig}, and what a file cannot hold: callbacks, the world. */
public final class TrainerBuilder {
    private final Layer model;
    private final List<Callback> callbacks = new ArrayList<>();
    private Components<TrainConfig> settings = Components.of(TrainConfig.defaults());

    private @Nullable Function<Dataset, Preprocessing> preprocessing;
    private List<Augmentation> augmentations = List.of();
    private @Nullable BatchAugmentation mixing;
    private World world = World.single();
    private @Nullable Path directory;
    private boolean resume;
    private BiConsumer<TrainConfig, Model> settled = (config, model) -> {};

    TrainerBuilder(Layer model) {
        this.model = model;
    }

    /** Sets everything that a configuration file can say. */
    public TrainerBuilder config(TrainConfig config) {
        settings = Components.of(config);
        return this;
    }

    private TrainerBuilder with(String component, @Nullable Object value) {
        settings = settings.with(component, value);
        return this;
    }

    /** How gradients change parameters; Adam with 0.001 if not set. */
    public TrainerBuilder optimizer(Optimizer used) {
        return with("optimizer", used);
    }

    /** The learning rate that the schedule starts from; the optimizer's own if not set. */
    public TrainerBuilder learningRate(double rate) {
        return with("learningRate", rate);
    }

    /** How the learning rate changes over the steps; constant if not set. */
    public TrainerBuilder schedule(Schedule used) {
        return with("schedule", used);
    }

    /** What training makes small; if not set, by the target: cross-entropy for classes, the mean squared error for numbers. */
    public TrainerBuilder loss(Loss used) {
        return with("loss", used);
    }

    /** A loss for each output of several, by the name of its target; instead of {@link #loss}. */
    public TrainerBuilder losses(Map<String, OutputLoss> used) {
        return with("losses", used);
    }

    /** What training makes small, where that is more than a loss of outputs; instead of {@link #loss}. */
    public TrainerBuilder objective(Objective used) {
        return with("objective", used);
    }

    /** Parts of a step, each with its own parameters, objective and optimizer; instead of {@link #loss} and {@link #objective}. */
    public TrainerBuilder phases(Phase... used) {
        return with("phases", List.of(used));
    }

    /** Computed on training and validation data each epoch; if not set, accuracy for classes, RMSE and R2 for numbers. */
    public TrainerBuilder metrics(Metric... used) {
        return with("metrics", List.of(used));
    }

    /** As {@link #metrics(Metric...)}. */
    public TrainerBuilder metrics(List<Metric> used) {
        return with("metrics", List.copyOf(used));
    }

    /**
     * How numeric targets are scaled for the loss; if not set, to mean 0 and deviation 1 for a table, and for other data where
     * mean or deviation in the training split are above 10, or the deviation is below 0.1; then {@code loss} is that of scaled
     * values, metrics and predictions are in the target's unit.
     */
    public TrainerBuilder targetScaling(TargetScaling used) {
        return with("targetScaling", used);
    }

    /** How often the training data is seen; 10 if not set. */
    public TrainerBuilder epochs(int number) {
        return with("epochs", number);
    }

    /** Steps of an epoch of a stream, which has no end of its own; those of {@link #maxSteps} if not set. */
    public TrainerBuilder stepsPerEpoch(int steps) {
        return with("stepsPerEpoch", steps);
    }

    /** Steps after which training ends, whatever {@link #epochs} says; no limit if not set. */
    public TrainerBuilder maxSteps(int steps) {
        return with("maxSteps", steps);
    }

    /** Examples of one forward and backward pass; 32 if not set. */
    public TrainerBuilder batchSize(int examples) {
        return with("batchSize", examples);
    }

    /** Ragged examples with so many tokens (steps) together, padding included, in place of a number of examples; not if not set. */
    public TrainerBuilder tokensPerBatch(int tokens) {
        return with("tokensPerBatch", tokens);
    }

    /** Whether batches of ragged examples are of similar lengths, so that little is padded; they are if not set. */
    public TrainerBuilder bucketing(boolean used) {
        return with("bucketing", used);
    }

    /** Ragged examples are padded to the longest of their batch, rounded up to a multiple of this; 1 if not set. */
    public TrainerBuilder padToMultipleOf(int multiple) {
        return with("padToMultipleOf", multiple);
    }

    /** Examples of one forward pass of validation, of all workers together; 128 for each, of sequences the batch size, if not set. */
    public TrainerBuilder validationBatchSize(int examples) {
        return with("validationBatchSize", examples);
    }

    /** Batches whose gradients are averaged for one optimizer step, by what counts in each; 1 if not set. */
    public TrainerBuilder gradientAccumulation(int batches) {
        return with("gradientAccumulation", batches);
    }

    /** Share of the training data held out to validate on, chosen by {@link #split}; 0 if not set. */
    public TrainerBuilder validationSplit(double share) {
        return with("validationSplit", share);
    }

    /**
     * Share of the training data that is left alone, to test on later; 0 if not set. {@link
     * dev.jumbo.data.split.Partition} gives these examples by the same method and seed.
     */
    public TrainerBuilder testSplit(double share) {
        return with("testSplit", share);
    }

    /**
     * How examples are held out; {@link SplitMethod#standard} for the data if not set: random for folders, tables and tar
     * shards, otherwise the last ones as in Keras.
     */
    public TrainerBuilder split(@Nullable SplitMethod used) {
        return with("split", used);
    }

    /** Leaves one fold of a cross-validation alone, to measure on later; none if not set. */
    public TrainerBuilder fold(@Nullable Fold used) {
        return with("fold", used);
    }

    /** Whether each epoch visits the examples in another seeded order; it does if not set. */
    public TrainerBuilder shuffle(boolean used) {
        return with("shuffle", used);
    }

    /** Whether an epoch leaves out a last training batch that is not full; it is kept if not set. */
    public TrainerBuilder dropLast(boolean used) {
        return with("dropLast", used);
    }

    /** Everything random derives from it; 0 if not set. */
    public TrainerBuilder seed(long number) {
        return with("seed", number);
    }

    /** Arithmetic of the passes; fp32 if not set. */
    public TrainerBuilder precision(Precision used) {
        return with("precision", used);
    }

    /** Whether blocks of the model keep only their inputs and run a second time in the backward pass; false if not set. */
    public TrainerBuilder recompute(boolean used) {
        return with("recompute", used);
    }

    /** Scales gradients down to this norm at most. */
    public TrainerBuilder maxGradNorm(double norm) {
        return with("maxGradNorm", norm);
    }

    /** Cuts each gradient to this absolute value at most. */
    public TrainerBuilder maxGradValue(double value) {
        return with("maxGradValue", value);
    }

    /** What else happens to gradients before the optimizer's step, in order, behind the limits of norm and value. */
    public TrainerBuilder gradientRules(GradientRule... rules) {
        return with("gradientRules", List.of(rules));
    }

    /** Parameters that are frozen, or have a learning rate or weight decay of their own; all alike if not set. */
    public TrainerBuilder parameterGroups(ParameterGroup... groups) {
        return with("parameterGroups", List.of(groups));
    }

    /** What is trained of the model that {@link #initFrom} has; all of it if not set. */
    public TrainerBuilder adapter(Adapter used) {
        return with("adapter", used);
    }

    /** Weights to start from, as {@code init_from} of a configuration; all values are drawn if not set. */
    public TrainerBuilder initFrom(Path weights) {
        return with("initFrom", weights.toString());
    }

    /** Rules that bring the names of {@link #initFrom} to the model's; as they are if not set. */
    public TrainerBuilder initMap(NameRule... rules) {
        return with("initMap", List.of(rules));
    }

    /** Patterns of parameters that {@link #initFrom} need not have, such as a new head; none if not set. */
    public TrainerBuilder initMissing(String... patterns) {
        return with("initMissing", List.of(patterns));
    }

    /** Keys of layers, such as {@code rope_scaling}, that may say something else than in the model of {@link #initFrom}; none if not set. */
    public TrainerBuilder initDiffering(String... keys) {
        return with("initDiffering", List.of(keys));
    }

    /** Whether what {@link #initFrom} had fitted (vocabularies, encodings, scales) is kept; fitted on the training split if not set. */
    public TrainerBuilder initPreprocessing(KeptPreprocessing.Choice choice) {
        return with("initPreprocessing", choice);
    }

    /** Adds {@code l1 sum |w| + l2 sum w^2} over matrices and kernels to the loss, as Keras's regularizers. */
    public TrainerBuilder penalty(double l1Factor, double l2Factor) {
        return with("l1", l1Factor).with("l2", l2Factor);
    }

    /** Keeps an exponential moving average of the weights, validated and saved in their place. */
    public TrainerBuilder emaDecay(double decay) {
        return with("emaDecay", decay);
    }

    /** The metric that decides which checkpoint is best. */
    public TrainerBuilder monitor(String metric) {
        return with("monitor", metric);
    }

    /** Ends training after so many epochs in which a figure such as {@code val_loss} has not improved. */
    public TrainerBuilder earlyStopping(String metric, int patience) {
        return with("earlyStopping", new EarlyStopping.Settings(metric, patience, 0, EarlyStopping.Mode.AUTO));
    }

    /** As {@link #earlyStopping(String, int)}, with a least change and a direction. */
    public TrainerBuilder earlyStopping(EarlyStopping.Settings used) {
        return with("earlyStopping", used);
    }

    /** Also ends training where the loss jumps up and stays there. */
    public TrainerBuilder guard(NonFiniteGuard.Settings used) {
        return with("guard", used);
    }

    /** Texts that a causal language model writes while it is trained; none if not set. */
    public TrainerBuilder samples(Samples.Settings used) {
        return with("samples", used);
    }

    /** Threads that prepare batches; 1 if not set. */
    public TrainerBuilder loaderThreads(int threads) {
        return with("loaderThreads", threads);
    }

    /** When checkpoints are written besides the end of each epoch, and how many stay. */
    public TrainerBuilder checkpoints(Checkpoints used) {
        return with("checkpoints", used);
    }

    /** Steps between lines of {@code metrics.jsonl}, besides one an epoch; 100 if not set, 0 for none. */
    public TrainerBuilder logEverySteps(int steps) {
        return with("logEverySteps", steps);
    }

    /** Whether TensorBoard event files are written too; they are not if not set. */
    public TrainerBuilder tensorboard(boolean used) {
        return with("tensorboard", used);
    }

    /** Where the model computes, as in {@link dev.jumbo.tensor.Device#of}; {@code cpu} if not set. */
    public TrainerBuilder device(String name) {
        return with("device", name);
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

    /**
     * Told the settings of a training with what they left open written out, such as the loss, and the model, once all turned out to
     * fit and before any callback.
     */
    public TrainerBuilder onSettled(BiConsumer<TrainConfig, Model> told) {
        settled = settled.andThen(told);
        return this;
    }

    /** The processes that train together; this one alone if not set. */
    public TrainerBuilder world(World used) {
        world = used;
        return this;
    }

    /** How they train together; each holds all of the model if not set. */
    public TrainerBuilder distributed(DistributedConfig used) {
        return with("distributed", used);
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
        if (!config().shuffle() && (!augmentations.isEmpty() || mixing != null)) {
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
                resume,
                settled));
    }

    /** What the settings say, in the form of a configuration file. */
    public TrainConfig config() {
        return settings.record();
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
            boolean resume,
            BiConsumer<TrainConfig, Model> settled) {
        /** The same with other settings. */
        Setup with(TrainConfig other) {
            return new Setup(
                    model, other, callbacks, preprocessing, augmentations, mixing, world, directory, resume, settled);
        }

        /** The same with another description of the model. */
        Setup with(Layer described) {
            return new Setup(
                    described,
                    config,
                    callbacks,
                    preprocessing,
                    augmentations,
                    mixing,
                    world,
                    directory,
                    resume,
                    settled);
        }

        /** Where this worker computes. */
        Device device() {
            return Device.of(config.device(), world.localRank());
        }

        /** Whether several workers divide all that training changes. */
        boolean isFullySharded() {
            return world.size() > 1 && config.distributed().strategy() == DistributedConfig.Strategy.FULLY_SHARDED;
        }

        /** Whether several workers divide the layers. */
        boolean isPipeline() {
            return world.size() > 1 && config.distributed().strategy() == DistributedConfig.Strategy.PIPELINE;
        }
    }
}
