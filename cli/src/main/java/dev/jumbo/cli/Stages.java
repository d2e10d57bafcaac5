package dev.jumbo.cli;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Normalizer;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.dist.World;
import dev.jumbo.error.InputException;
import dev.jumbo.error.StoppedException;
import dev.jumbo.nn.Model;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.train.LearningRateTest;
import dev.jumbo.train.Task;
import dev.jumbo.train.TrainConfig;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.TrainerBuilder;
import dev.jumbo.train.ValidationBatch;
import dev.jumbo.train.callbacks.JsonLinesLog;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.TrainerFile;
import dev.jumbo.train.metrics.Metric;
import dev.jumbo.train.plan.machine.Bf16;
import dev.jumbo.train.plan.machine.Peak;
import dev.jumbo.train.report.EvaluationReport;
import dev.jumbo.train.report.LearningCurves;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** From a configuration to the rooms' own objects: the only place that knows both. */
final class Stages {
    private static final int LEARNING_RATE_STEPS = 100;

    private Stages() {}

    /** Writes the configuration once everything has turned out to fit. */
    private static void writeSettled(RunFolder run, Field target, TrainConfig settled, Model model) {
        List<Metric> evaluated = run.config().evaluate().metrics();
        if (evaluated != null) {
            Specs outputs = Model.outputs(run.config().layer(), model.inputs());
            if (outputs.size() == 1) { // Of several, evaluation looks for those that a metric fits.
                Task.checkMetrics(
                        settled.task().loss(), evaluated, outputs.main().shape(), target);
            }
        }
        run.writeConfiguration(settled.task());
    }

    /**
     * Trains what a folder's configuration describes, together with the other workers of a world.
     *
     * @param data in the parts that {@link RunFolder#divided} makes
     * @return the best checkpoint
     */
    static Checkpoint train(RunFolder run, DataParts data, boolean resume, World world, PrintWriter err) {
        RunConfig config = run.config();
        requireTrained(config);
        if (config.train().logEverySteps() > 0 && config.train().device().equals("cpu")) {
            // Once for a machine: what step lines compare the speed with. In bf16, if that is asked for and not slow.
            Peak.here(false);
            if (config.train().precision() != TrainConfig.Precision.FP32
                    && Bf16.here().isFaster()) {
                Peak.here(true);
            }
        }
        try (Progress progress = new Progress(err)) {
            TrainerBuilder builder =
                    trainer(config, data).saveTo(run.directory()).resume(resume).world(world);
            if (world.isFirst()) {
                RotaryReach.warn(config, data);
                Field target = firstTarget(data);
                builder.onSettled((settled, model) -> writeSettled(run, target, settled, model))
                        .callback(progress);
            }
            Trainer trainer = builder.build();
            Checkpoint best = fit(trainer, run, data, err, world.isFirst());
            if (world.isFirst()) {
                LearningCurves.read(run.directory().resolve(JsonLinesLog.FILE)).saveTo(run.directory());
            }
            return best;
        }
    }

    private static Field firstTarget(DataParts data) {
        if (data.train().targets().isEmpty()) {
            throw new InputException("data: expected a target, which the model learns, received none; name one, as in"
                    + " arrays.targets: [y]");
        }
        return data.train().targets().get(0);
    }

    /** @throws InputException for several models of which one alone would be trained */
    private static void requireTrained(RunConfig config) {
        TrainConfig train = config.train();
        if (config.models().size() > 1
                && train.objective() == null
                && train.phases().isEmpty()) {
            throw new InputException("models: expected train.phases or train.objective, which say how "
                    + config.models().keySet() + " are trained together, received neither: only " + config.answers()
                    + " would be trained; write them, or model in the place of models");
        }
    }

    /** Writes what {@link #train} would begin with, without a step. @param data in the parts that training sees */
    static Checkpoint begin(RunFolder run, DataParts data) {
        Field target = firstTarget(data);
        return trainer(run.config(), data)
                .saveTo(run.directory())
                .onSettled((settled, model) -> writeSettled(run, target, settled, model))
                .build()
                .begin(data.train(), data.validation());
    }

    /** The learning rate range test of what a folder's configuration describes. */
    static LearningRateTest findLearningRate(RunFolder run) {
        DataParts loaded = run.config().load(run.directory());
        RunFolder resolved = run.resolved(loaded);
        DataParts data = resolved.divided(loaded);
        return LearningRateTest.run(trainer(resolved.config(), data), data.train(), LEARNING_RATE_STEPS);
    }

    private static Checkpoint fit(Trainer trainer, RunFolder run, DataParts data, PrintWriter err, boolean first) {
        Duration grace = Duration.ofSeconds(run.config().train().checkpoints().graceSeconds());
        try (Stopping stopping = Stopping.of(trainer, grace, first ? err : new PrintWriter(Writer.nullWriter()))) {
            Checkpoint best = trainer.fit(data.train(), data.validation());
            if (trainer.isStopped()) {
                TrainerFile where = Checkpoint.latest(run.directory()).trainer();
                throw new StoppedException("training was told to stop at step " + where.step() + " in epoch "
                        + (where.epoch() + 1) + " of " + run.config().train().epochs() + ", and nothing is lost: "
                        + run.directory() + " has a checkpoint of it; go on with --resume");
            }
            return best;
        }
    }

    private static TrainerBuilder trainer(RunConfig config, DataParts data) {
        TrainerBuilder builder = Trainer.of(config.layer())
                .config(config.train())
                .validationSplit(0) // The data is divided already.
                .testSplit(0)
                .fold(null)
                .augmentations(config.data().augmentation())
                .mixing(config.data().mixing());
        Normalizer normalizer = config.data().normalization();
        if (data.fit() != null) {
            requireNone(normalizer);
            builder.fitPreprocessing(data.fit());
        } else if (normalizer != null) {
            builder.fitPreprocessing(normalizer::fit);
        }
        return builder;
    }

    /** Refuses what {@link #train} would, before anything is written. */
    static void check(RunConfig config, DataParts data) {
        Path nowhere = Path.of(System.getProperty("java.io.tmpdir"), "jumbo-check");
        DataParts divided = new RunFolder(nowhere, config).divided(data);
        TrainConfig settled =
                trainer(config, divided).saveTo(nowhere).build().check(divided.train(), divided.validation());
        Field target = firstTarget(data);
        List<Metric> evaluated = config.evaluate().metrics();
        if (evaluated != null && data.train().targets().size() == 1) {
            Shape classes = Shape.of(Math.max(2, target.classes().size()));
            Task.checkMetrics(settled.task().loss(), evaluated, classes, target);
        }
    }

    /** One that is set beside the encoding of a table would do nothing. */
    private static void requireNone(@Nullable Normalizer normalizer) {
        if (normalizer != null && normalizer != Normalizer.NONE) {
            throw new InputException("data.normalization: expected none for a table, received "
                    + normalizer.name().toLowerCase(Locale.ROOT)
                    + "; a table's columns are scaled by its encoding: set encode.numbers, and leave"
                    + " normalization out");
        }
    }

    private static void writeClasses(RunFolder run, EvaluationReport report, String suffix) {
        if (report.classes() != null) {
            Output.write(
                    run.directory().resolve("classification_report" + suffix + ".txt"),
                    report.classes().text(4));
        }
    }

    /**
     * How good a checkpoint is on a part of the data. Of a classifier, the report and charts are written beside the run.
     *
     * @param data in the parts that {@link RunFolder#divided} makes
     * @param resamples for each interval, 0 for none
     */
    static EvaluationReport evaluate(
            RunFolder run, RunFolder.Choice choice, EvaluateConfig.MeasuredOn part, DataParts data, int resamples) {
        EvaluationReport report = measure(run, choice, RunFolder.part(data, part), resamples);
        write(run, choice, "_" + part.name().toLowerCase(Locale.ROOT), report);
        return report;
    }

    /** As {@link #evaluate}, without writing anything. */
    static EvaluationReport measure(RunFolder run, RunFolder.Choice choice, Dataset examples, int resamples) {
        List<Metric> metrics = run.config().evaluate().metrics();
        TrainConfig train = run.config().train();
        Checkpoint checkpoint = run.checkpoint(choice);
        return EvaluationReport.of(
                checkpoint,
                examples,
                ValidationBatch.of(
                        train,
                        checkpoint.description().inputs(),
                        checkpoint.description().outputs().shapes(),
                        1),
                metrics != null ? metrics : train.metrics(),
                resamples,
                train.seed());
    }

    /** Writes what {@link #measure} has found. @param of what the examples are called in names of files */
    static void write(RunFolder run, RunFolder.Choice choice, String of, EvaluationReport report) {
        String suffix = of + choice.suffix();
        writeClasses(run, report, suffix);
        report.outputs().forEach((name, output) -> writeClasses(run, output, suffix + "_" + name));
        report.saveCharts(run.directory(), suffix);
    }
}
