package dev.jumbo.train;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.jumbo.config.Components;
import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.data.Field;
import dev.jumbo.data.split.Fold;
import dev.jumbo.data.split.Shares;
import dev.jumbo.data.split.SplitMethod;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.adapt.Adapter;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.nn.weights.NameRule;
import dev.jumbo.nn.weights.ParameterGroup;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.callbacks.EarlyStopping;
import dev.jumbo.train.callbacks.NonFiniteGuard;
import dev.jumbo.train.callbacks.Samples;
import dev.jumbo.train.checkpoint.Kinds;
import dev.jumbo.train.metrics.Metric;
import dev.jumbo.train.metrics.Metrics;
import dev.jumbo.train.objective.Objective;
import dev.jumbo.train.objective.OutputLoss;
import dev.jumbo.train.objective.Phase;
import dev.jumbo.train.objective.Phases;
import dev.jumbo.train.objective.Supervised;
import dev.jumbo.train.optim.ClipByNorm;
import dev.jumbo.train.optim.ClipByValue;
import dev.jumbo.train.optim.GradientRule;
import dev.jumbo.train.optim.Optimizer;
import dev.jumbo.train.optim.Schedule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a model is trained: the {@code train} section of a configuration, and what {@link TrainerBuilder} builds. */
public record TrainConfig(
        @Doc("How gradients change parameters.") @Default("adam")
        Optimizer optimizer,

        @Doc("Overrides the optimizer's learning rate.") @Default("null") @Nullable
        Double learningRate,

        @Doc("How the learning rate changes over the steps.") @Default("constant")
        Schedule schedule,

        @Doc("What training makes small; by default what the target asks for: cross_entropy for classes, mse for"
                + " numbers.")
        @Default("null")
        @Nullable
        Loss loss,

        @Doc(
                "A loss for each output of several, by the name of its target, with its weight in their sum; instead of loss.")
        @Default("{}")
        Map<String, OutputLoss> losses,

        @Doc(
                "What training makes small, where that is more than a loss of outputs: causal_lm, masked_lm, span_corruption, seq2seq_lm, or an objective of the program's own.")
        @Default("null")
        @Nullable
        Objective objective,

        @Doc(
                "Parts of a step, each with its own parameters, objective and optimizer, such as those of two networks that"
                        + " play against each other; instead of loss and objective.")
        @Default("[]")
        List<Phase> phases,

        @Doc("Figures of merit, computed on training and validation data each epoch; by default accuracy for"
                + " classes, rmse and r2 for numbers.")
        @Default("null")
        @Nullable
        List<Metric> metrics,

        @Doc("How numeric targets are scaled for the loss, and undone in predictions and metrics: none or standard"
                + " (mean 0, deviation 1 in the training split); by default standard for a table, and for other data where"
                + " mean or deviation are far from 0 and 1 (above 10, or a deviation below 0.1).")
        @Default("null")
        @Nullable
        TargetScaling targetScaling,

        @Doc("How often the training data is seen.") @Default("10")
        int epochs,

        @Doc("Steps of an epoch of a stream, which has no end of its own.") @Default("null") @Nullable
        Integer stepsPerEpoch,

        @Doc("Steps after which training ends, whatever epochs says; the last epoch may end before its end.")
        @Default("null")
        @Nullable
        Integer maxSteps,

        @Doc("Examples of one forward and backward pass.") @Default("32")
        int batchSize,

        @Doc(
                "Ragged examples of a batch: as many as have this many tokens (steps) together, padding included, instead of"
                        + " batch_size.")
        @Default("null")
        @Nullable
        Integer tokensPerBatch,

        @Doc("Whether batches of ragged examples are of similar lengths, so that little is padded.") @Default("true")
        boolean bucketing,

        @Doc("Ragged examples are padded to the longest of their batch, rounded up to a multiple of this.")
        @Default("1")
        int padToMultipleOf,

        @Doc("Examples of one forward pass of validation and evaluation, of all workers together; by default 128"
                + " for each worker, of sequences batch_size.")
        @Default("null")
        @Nullable
        Integer validationBatchSize,

        @Doc("Batches whose gradients are averaged for one optimizer step.") @Default("1")
        int gradientAccumulation,

        @Doc("Share of the training data that is held out to validate on, where the data has no such part.")
        @Default("0.0")
        double validationSplit,

        @Doc("Share of the training data that is held out to test on, where the data has no such part.") @Default("0.0")
        double testSplit,

        @Doc("How examples are held out; by default random, or last for data that comes in no order: mnist, digits,"
                + " tokens.")
        @Default("null")
        @Nullable
        SplitMethod split,

        @Doc("Which fold of a cross-validation is held out as the test part; jumbo train --folds trains all.")
        @Default("null")
        @Nullable
        Fold fold,

        @Doc("Whether each epoch visits the examples in another seeded order.") @Default("true")
        boolean shuffle,

        @Doc("Whether an epoch leaves out a last training batch that is not full.") @Default("false")
        boolean dropLast,

        @Doc("Everything random derives from it.") @Default("0")
        long seed,

        @Doc(
                "Arithmetic of forward and backward passes: fp32, bf16, or auto for the faster one here; parameters are kept in"
                        + " fp32 either way.")
        @Default("fp32")
        Precision precision,

        @Doc(
                "Whether a block of the model keeps only its inputs, and runs its forward pass a second time in the backward pass"
                        + " (activation checkpointing): less memory for about a third more arithmetic, with the same losses.")
        @Default("false")
        boolean recompute,

        @Doc("Gradients are scaled down to this norm at most.") @Default("null") @Nullable
        Double maxGradNorm,

        @Doc("Each gradient is cut to this absolute value at most.") @Default("null") @Nullable
        Double maxGradValue,

        @Doc("What else happens to gradients before the optimizer's step, in order.") @Default("[]")
        List<GradientRule> gradientRules,

        @Doc(
                "Parameters that are frozen, or have a learning rate or weight decay of their own; the first group that matches"
                        + " a parameter has it.")
        @Default("[]")
        List<ParameterGroup> parameterGroups,

        @Doc(
                "What is trained of the model that init_from has: full for all of it, or lora for changes of low rank beside it"
                        + " (LoRA, DoRA, QLoRA).")
        @Default("full")
        Adapter adapter,

        @Doc(
                "Weights to start from: a run (its best checkpoint), a checkpoint, a safetensors file, or a directory with one"
                        + " or with model.safetensors.index.json.")
        @Default("null")
        @Nullable
        String initFrom,

        @Doc("Rules that bring the names, shapes and order of init_from to the model's, one after the other.")
        @Default("[]")
        List<NameRule> initMap,

        @Doc("Patterns of parameters that init_from need not have, such as a new head: they are drawn.") @Default("[]")
        List<String> initMissing,

        @Doc(
                "Keys of layers that may say something else than in the model of init_from, such as rope_scaling: its weights then begin another network.")
        @Default("[]")
        List<String> initDiffering,

        @Doc(
                "Whether vocabularies, encodings and scales are fitted on the training split (fit) or kept as init_from, a run or"
                        + " a checkpoint, has them (keep).")
        @Default("fit")
        KeptPreprocessing.Choice initPreprocessing,

        @Doc("Adds l1 times the sum of absolute weights to the loss.") @Default("0.0")
        double l1,

        @Doc("Adds l2 times the sum of squared weights to the loss.") @Default("0.0")
        double l2,

        @Doc("Keeps an exponential moving average of the weights with this decay, validated and saved in their place.")
        @Default("null")
        @Nullable
        Double emaDecay,

        @Doc("The metric that decides which checkpoint is best; by default val_loss, or loss without validation.")
        @Default("null")
        @Nullable
        String monitor,

        @Doc("Ends training when the monitored metric no longer improves.") @Default("null")
        EarlyStopping.@Nullable Settings earlyStopping,

        @Doc("Also ends training when the loss jumps up and stays there.") @Default("null")
        NonFiniteGuard.@Nullable Settings guard,

        @Doc("When checkpoints are written and how many stay.") @Default("{}")
        Checkpoints checkpoints,

        @Doc("Steps between lines of metrics.jsonl, besides one an epoch; 0 for none.") @Default("100")
        int logEverySteps,

        @Doc("Texts that a causal language model writes while it is trained, in the log and in samples.jsonl.")
        @Default("null")
        Samples.@Nullable Settings samples,

        @Doc("Whether TensorBoard event files are written too.") @Default("false")
        boolean tensorboard,

        @Doc("Where the model computes: cpu, or cuda:N where the build and the machine have it.") @Default("cpu")
        String device,

        @Doc("Threads that prepare batches.") @Default("1") int loaderThreads,

        @Doc("How several workers train together.") @Default("{}")
        DistributedConfig distributed) {

    /** Arithmetic of the passes. */
    public enum Precision {
        /** bf16 where it was measured to be faster here, fp32 elsewhere; measured once for each machine and kept. */
        AUTO,
        FP32,
        BF16
    }

    /**
     * When checkpoints are written. One is written after every epoch in any case.
     *
     * @param everySteps also after so many optimizer steps; null for epochs only
     * @param keepLast how many of the newest stay, beside the best
     * @param graceSeconds how long the command waits for a last one when it is told to end, 1 or more
     * @param goldenRows examples that each keeps, 0 to 8
     */
    public record Checkpoints(
            @Doc("Also write one after so many optimizer steps.") @Default("null") @Nullable
            Integer everySteps,

            @Doc("How many of the newest stay, beside the best.") @Default("2")
            int keepLast,

            @Doc("Seconds in which a process that is told to end (SIGTERM, Ctrl-C) may finish its step and save.")
            @Default("60")
            int graceSeconds,

            @Doc(
                    "Examples of the training split that each checkpoint keeps as the network takes them, for engines to be held"
                            + " against when they answer; 0 for none, as examples may be private: then inputs are made up.")
            @Default("0")
            int goldenRows) {
        private static final int GRACE_SECONDS = 60;
        private static final int MOST_GOLDEN_ROWS = 8;

        public Checkpoints {
            require(graceSeconds >= 1, "checkpoints.grace_seconds", "1 or more", graceSeconds);
            require(everySteps == null || everySteps >= 1, "checkpoints.every_steps", "1 or more", everySteps);
            require(keepLast >= 1, "checkpoints.keep_last", "1 or more", keepLast);
            require(
                    goldenRows >= 0 && goldenRows <= MOST_GOLDEN_ROWS,
                    "checkpoints.golden_rows",
                    "0 to " + MOST_GOLDEN_ROWS,
                    goldenRows);
        }

        /** Without golden rows. */
        public Checkpoints(@Nullable Integer everySteps, int keepLast, int graceSeconds) {
            this(everySteps, keepLast, graceSeconds, 0);
        }

        /** With the default grace. */
        public Checkpoints(@Nullable Integer everySteps, int keepLast) {
            this(everySteps, keepLast, GRACE_SECONDS);
        }
    }

    public TrainConfig {
        metrics = metrics == null ? null : List.copyOf(metrics);
        gradientRules = List.copyOf(gradientRules);
        parameterGroups = List.copyOf(parameterGroups);
        initMap = List.copyOf(initMap);
        initMissing = List.copyOf(initMissing);
        initDiffering = List.copyOf(initDiffering);
        losses = new LinkedHashMap<>(losses);
        phases = List.copyOf(phases);
        requireOneGoal(loss, losses, objective, phases);
        require(epochs >= 1, "epochs", "1 or more", epochs);
        require(stepsPerEpoch == null || stepsPerEpoch >= 1, "steps_per_epoch", "1 or more", stepsPerEpoch);
        require(maxSteps == null || maxSteps >= 1, "max_steps", "1 or more", maxSteps);
        require(batchSize >= 1, "batch_size", "1 or more", batchSize);
        require(tokensPerBatch == null || tokensPerBatch >= 1, "tokens_per_batch", "1 or more", tokensPerBatch);
        require(padToMultipleOf >= 1, "pad_to_multiple_of", "1 or more", padToMultipleOf);
        require(
                tokensPerBatch == null || bucketing || !shuffle,
                "bucketing",
                "true beside tokens_per_batch, or shuffle: false",
                false);
        require(
                validationBatchSize == null || validationBatchSize >= 1,
                "validation_batch_size",
                "1 or more",
                validationBatchSize);
        require(gradientAccumulation >= 1, "gradient_accumulation", "1 or more", gradientAccumulation);
        require(fold == null || testSplit == 0, "test_split", "0 beside a fold, which is the test part", testSplit);
        new Shares(validationSplit, testSplit); // Refuses what is out of range.
        require(
                learningRate == null || (learningRate > 0 && Double.isFinite(learningRate)),
                "learning_rate",
                "a finite number above 0",
                learningRate);
        require(maxGradNorm == null || maxGradNorm > 0, "max_grad_norm", "above 0", maxGradNorm);
        require(maxGradValue == null || maxGradValue > 0, "max_grad_value", "above 0", maxGradValue);
        require(l1 >= 0 && Double.isFinite(l1), "l1", "0 or more", l1);
        require(l2 >= 0 && Double.isFinite(l2), "l2", "0 or more", l2);
        require(emaDecay == null || (emaDecay > 0 && emaDecay < 1), "ema_decay", "between 0 and 1", emaDecay);
        require(logEverySteps >= 0, "log_every_steps", "0 or more", logEverySteps);
        require(loaderThreads >= 1, "loader_threads", "1 or more", loaderThreads);
    }

    private static void requireOneGoal(
            @Nullable Loss loss, Map<String, OutputLoss> losses, @Nullable Objective objective, List<Phase> phases) {
        List<String> given = new ArrayList<>();
        if (loss != null) {
            given.add("loss");
        }
        if (!losses.isEmpty()) {
            given.add("losses");
            new Supervised(losses); // Refuses weights that are all 0.
        }
        if (objective != null) {
            given.add("objective");
        }
        if (!phases.isEmpty()) {
            given.add("phases");
        }
        require(given.size() <= 1, "train", "one of loss, losses, objective and phases", String.join(" and ", given));
        new Phases(phases, true); // Refuses two of one name.
    }

    /** Whether training makes more small than one loss of its outputs. */
    public boolean hasObjective() {
        return !losses.isEmpty() || objective != null || !phases.isEmpty();
    }

    /** What {@code losses}, {@code objective} or {@code phases} say. @throws IllegalStateException if none of them says anything */
    Phases goal() {
        if (!phases.isEmpty()) {
            return new Phases(phases, true);
        }
        if (!losses.isEmpty()) {
            return Phases.of(new Supervised(losses));
        }
        if (objective == null) {
            throw new IllegalStateException("training is by a loss");
        }
        return Phases.of(objective);
    }

    /** Task of an objective: metrics are those that are asked for, and of a supervised one those of its targets. */
    Task task(Objective first, List<Field> targets) {
        if (!(first instanceof Supervised supervised)) {
            return new Task(first.answer(0), OutputMetrics.ofFirst(metrics, targets), TargetScaling.NONE);
        }
        Supervised ordered = supervised.inOrder(targets);
        return new Task(ordered.answer(0), OutputMetrics.of(metrics, targets, ordered::answer), TargetScaling.NONE);
    }

    /**
     * With {@code losses} where nothing is written of any and several targets ask for different ones: cross-entropy for classes, the
     * mean squared error for numbers.
     */
    public TrainConfig forTargets(List<Shape> outputs, List<Field> targets) {
        if (hasObjective() || loss != null || targets.size() < 2 || outputs.size() != targets.size()) {
            return this;
        }
        Map<String, OutputLoss> each = Task.losses(outputs, targets);
        return each.isEmpty() ? this : Components.of(this).with("losses", each).record();
    }

    /** How much of the data is held out. */
    public Shares shares() {
        return new Shares(validationSplit, testSplit);
    }

    /** What a file without a word about training gets. */
    public static TrainConfig defaults() {
        return Kinds.records().read(TrainConfig.class, "train", JsonNodeFactory.instance.objectNode());
    }

    /** The same with another task. */
    public TrainConfig with(Task task) {
        Components<TrainConfig> all = Components.of(this);
        return (hasObjective() ? all : all.with("loss", task.loss()))
                .with("metrics", task.metrics())
                .with("targetScaling", task.targetScaling())
                .record();
    }

    /** The same with another precision. */
    public TrainConfig with(Precision other) {
        return Components.of(this).with("precision", other).record();
    }

    /** What it says of the task; the rest is settled by outputs and targets, see {@link Task#settle}. */
    public Task task(List<Shape> outputs, List<Field> targets, boolean scalable) {
        return Task.settle(loss, metrics, targetScaling, outputs, targets, scalable);
    }

    /** The task once it is settled; until then, that of classes. */
    public Task task() {
        Loss usual = hasObjective() ? goal().first().answer(0) : Losses.crossEntropy();
        return new Task(
                loss == null ? usual : loss,
                metrics == null ? List.of(Metrics.accuracy()) : metrics,
                targetScaling == null ? TargetScaling.NONE : targetScaling);
    }

    /** All that happens to gradients before the optimizer's step: cut by value, limited by norm, then the other rules. */
    public List<GradientRule> allGradientRules() {
        List<GradientRule> rules = new ArrayList<>();
        if (maxGradValue != null) {
            rules.add(new ClipByValue(maxGradValue));
        }
        if (maxGradNorm != null) {
            rules.add(new ClipByNorm(maxGradNorm));
        }
        rules.addAll(gradientRules);
        return rules;
    }

    /** How parameters are divided into groups, with rates as multiples of the training's. */
    public ParameterGroups groups() {
        List<ParameterGroup> all = new ArrayList<>(parameterGroups);
        all.addAll(adapter.groups());
        return new ParameterGroups(all).relativeTo(baseLearningRate());
    }

    /**
     * What the model is given: the data's inputs, or what an objective makes of them; of several phases, all that one of them makes.
     *
     * @param ofData as batches have them, behind preprocessing
     * @param targets of the data
     * @throws InputException if an objective cannot make its inputs of them
     */
    public List<Field> inputs(List<Field> ofData, List<Field> targets) {
        List<Field> inputs = ofData;
        if (hasObjective()) {
            for (Phase phase : goal().all()) {
                List<Field> made = phase.objective().inputs(ofData, targets);
                inputs = made.equals(ofData) ? inputs : made;
            }
        }
        return inputs;
    }

    /** The learning rate that the schedule starts from. */
    public double baseLearningRate() {
        return learningRate == null ? optimizer.learningRate() : learningRate;
    }

    private static void require(boolean holds, String key, String expected, @Nullable Object received) {
        if (!holds) {
            throw new InputException(key + ": expected " + expected + ", received " + received);
        }
    }
}
