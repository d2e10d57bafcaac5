package dev.jumbo.train;

import dev.jumbo.data.BatchSlice;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.ExampleStream;
import dev.jumbo.data.Examples;
import dev.jumbo.data.Field;
import dev.jumbo.data.Loader;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.sets.FieldOrder;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.table.encode.TableEncoding;
import dev.jumbo.data.transform.Transformed;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.layers.Graph;
import dev.jumbo.nn.layers.ModelGroup;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.train.objective.Phases;
import dev.jumbo.train.objective.Supervised;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data of a training: split, with preprocessing fitted on the training part, checked against the model.
 *
 * @param dataset the training part
 * @param training this worker's part of its batches, shuffled and augmented; all of them in a pipeline
 * @param validation this worker's part of the batches of what is held out, or null
 * @param config the settings, with the task that the targets ask for
 * @param phases what is made small, fitted on the training part: with the weights of classes, with scaled targets
 * @param model the description, with the inputs of each model where there are several
 */
record TrainingData(
        Dataset dataset,
        Loader training,
        @Nullable Loader validation,
        Preprocessing preprocessing,
        List<Field> inputs,
        TrainConfig config,
        Phases phases,
        Layer model) {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingData.class);

    /** What a file gets that says nothing of it. */
    private static final int USUAL_BATCH = 32;

    /** @throws InputException if the model does not fit the data */
    static TrainingData of(TrainerBuilder.Setup setup, Dataset all, @Nullable Dataset given) {
        TrainConfig config = setup.config();
        if (all instanceof ExampleStream) {
            StreamTraining.check(config);
        } else if (config.stepsPerEpoch() != null) {
            throw new InputException("steps_per_epoch: expected a stream, received a dataset of " + all.size()
                    + " examples, whose epochs have each of them; leave it out, or set max_steps");
        }
        if (given instanceof ExampleStream) {
            throw new InputException(
                    "validation: expected a dataset whose number of examples is known, received a stream;"
                            + " give some of its examples as a dataset of their own");
        }
        Dataset validated = given == null ? null : FieldOrder.of(given, all.inputs(), all.targets());
        DataParts parts = DataParts.of(all, validated, null)
                .divide(config.split(), config.shares(), config.fold(), config.seed());
        if (!config.shares().isNone() || config.fold() != null) {
            parts.warnOfMissingClasses(parts.method(config.split()));
        }
        SavedKinds.check(parts.train().transforms());
        SavedKinds.check(parts.train().madeBy());
        KeptPreprocessing kept = KeptPreprocessing.of(config, setup.directory()).orElse(null);
        Dataset train = kept == null ? Transformed.fitted(parts.train()) : kept.transformed(parts.train());
        // What is fitted before training is fitted on the first examples of a stream.
        Dataset fitting = train instanceof ExampleStream stream ? Examples.first(stream) : train;
        Dataset held =
                parts.validation() == null ? null : Transformed.of(parts.validation(), Transformed.applied(train));
        Preprocessing preprocessing = setup.preprocessing() == null
                ? train.preprocessing()
                : setup.preprocessing().apply(fitting);
        if (kept != null) {
            preprocessing = kept.preprocessing(preprocessing, setup.preprocessing() != null, train);
            kept.requireOrder(train.targets());
        }
        StreamTraining.say(fitting, setup.world().isFirst());
        SavedKinds.check(preprocessing);
        BatchSlice part = setup.isPipeline()
                ? BatchSlice.WHOLE
                : new BatchSlice(setup.world().rank(), setup.world().size());
        List<Field> inputs = config.inputs(Loader.inputs(train, preprocessing), train.targets());
        if (validated != null) {
            checkValidation(parts.train(), validated);
        }
        requireNames(setup, Field.specs(inputs));
        Layer described =
                setup.model() instanceof ModelGroup group ? group.resolved(Field.specs(inputs)) : setup.model();
        Layer model = config.adapter().in(described, Field.specs(inputs));
        List<Shape> outputs = Model.outputs(model, Field.specs(inputs)).shapes();
        config = config.forTargets(outputs, train.targets());
        boolean scalable = preprocessing instanceof TableEncoding || TargetScale.isFar(config, fitting);
        Task task = config.hasObjective()
                ? config.task(config.goal().first(), train.targets())
                : config.task(outputs, train.targets(), scalable);
        boolean keepsScale = kept != null && kept.scales(train.targets());
        Goal goal =
                Goal.of(config, task, fitting, outputs, scalable, keepsScale ? FittedLoss.Say.NOTHING : said(setup));
        goal = kept == null ? goal : kept.scaled(goal, setup.config().targetScaling());
        requireOneHolding(setup, config, goal);
        long padding = TargetPadding.of(goal.phases().first(), task.loss(), train.targets());
        Loader training = loader(train, config.batchSize(), config, preprocessing)
                .part(part)
                .augmentations(setup.augmentations())
                .mixing(setup.mixing())
                .tokensPerBatch(config.tokensPerBatch() == null ? 0 : config.tokensPerBatch())
                .bucketing(config.bucketing())
                .targetPadding(padding)
                .dropLast(config.dropLast())
                .epochExamples(train instanceof ExampleStream ? StreamTraining.epochExamples(config) : 0)
                .shuffle(config.shuffle() ? RandomState.of(config.seed()).derive("data") : null)
                .build();
        Loader validation = held == null
                ? null
                : loader(held, ValidationBatch.of(config, train.inputs(), outputs, part.of()), config, preprocessing)
                        .inOrder()
                        .part(part)
                        .targetPadding(padding)
                        .build();
        if (setup.world().isFirst() && config.tokensPerBatch() != null && config.batchSize() != USUAL_BATCH) {
            LOG.warn(
                    "batch_size {} does not say how large batches of training are: tokens_per_batch {} does; leave batch_size"
                            + " out, or set validation_batch_size for validation",
                    config.batchSize(),
                    config.tokensPerBatch());
        }
        if (setup.world().isFirst() && !goal.phases().named()) {
            Evaluation.warnOfUnweighted(train, goal.config().task().metrics());
        }
        BestMetric.of(goal.config(), goal.phases(), held != null);
        boolean endless = train instanceof ExampleStream;
        LastBatch.check(
                setup, inputs, endless ? config.batchSize() : train.sampler().size());
        return new TrainingData(
                train, training, validation, preprocessing, inputs, goal.config(), goal.phases(), model);
    }

    /** A graph is fed by names where the data has those of all its inputs, otherwise by places: which may not contradict the names. */
    private static void requireNames(TrainerBuilder.Setup setup, Specs given) {
        List<String> names = List.copyOf(given.names());
        if (setup.model() instanceof Graph graph && names.size() > 1 && !names.containsAll(graph.inputs())) {
            FieldOrder.places("the graph's inputs", names, graph.inputs());
            if (setup.world().isFirst() && names.size() == graph.inputs().size()) {
                LOG.warn(
                        "the inputs {} of the graph take {} of the data, in this order, as their names are others: a file that"
                                + " has them in another order feeds them otherwise; give the graph's inputs the data's names",
                        graph.inputs(),
                        names);
            }
        }
    }

    /** Stages see no more than the outputs of one pass; workers that put blocks together do it in the order of one pass. */
    private static void requireOneHolding(TrainerBuilder.Setup setup, TrainConfig config, Goal goal) {
        DistributedConfig.Strategy strategy = setup.config().distributed().strategy();
        boolean several = setup.world().size() > 1;
        boolean supervised = !goal.phases().named() && goal.phases().first() instanceof Supervised;
        boolean onePass = !goal.phases().named() && goal.phases().first().passesOnce();
        if (config.hasObjective()) {
            ExampleRules.refuse(config, "training by losses, an objective or phases");
        }
        boolean fits = switch (strategy) {
            case DATA_PARALLEL, ZERO1 -> true;
            case FULLY_SHARDED -> onePass;
            case PIPELINE -> supervised;
        };
        if (several && !fits) {
            throw new InputException("distributed.strategy: expected data_parallel or zero1 for "
                    + (goal.phases().named()
                            ? "phases"
                            : "an objective of its own"
                                    + (strategy == DistributedConfig.Strategy.FULLY_SHARDED
                                            ? ", unless it says by passesOnce() that it is one pass through the whole model"
                                            : ""))
                    + ", received " + strategy.name().toLowerCase(Locale.ROOT));
        }
    }

    private static FittedLoss.Say said(TrainerBuilder.Setup setup) {
        if (!setup.world().isFirst()) {
            return FittedLoss.Say.NOTHING;
        }
        return setup.config().targetScaling() == null ? FittedLoss.Say.AS_DEFAULT : FittedLoss.Say.AS_ASKED;
    }

    private static Loader.Builder loader(Dataset data, int batch, TrainConfig config, Preprocessing preprocessing) {
        return Loader.of(data)
                .batchSize(batch)
                .padToMultipleOf(config.padToMultipleOf())
                .threads(config.loaderThreads())
                .preprocessing(preprocessing);
    }

    private static void checkValidation(Dataset train, Dataset given) {
        boolean same = train.inputs().size() == given.inputs().size();
        for (int i = 0; same && i < train.inputs().size(); i++) {
            same = train.inputs().get(i).allows(given.inputs().get(i));
        }
        if (!same) {
            throw new InputException("expected validation data with the inputs " + train.inputs()
                    + " of the training data, received " + given.inputs());
        }
        Field.requireSameClasses(train.targets(), given.targets());
    }

    /** The settings that training goes by: their loss is the fitted one. */
    TrainConfig fitted() {
        return config.hasObjective()
                ? config
                : config.with(new Task(
                        phases.first().answer(0),
                        config.task().metrics(),
                        config.task().targetScaling()));
    }
}
