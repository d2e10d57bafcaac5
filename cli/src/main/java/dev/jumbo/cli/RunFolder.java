package dev.jumbo.cli;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Normalizer;
import dev.jumbo.data.prepare.TableData;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.split.Fold;
import dev.jumbo.data.split.SplitMethod;
import dev.jumbo.error.InputException;
import dev.jumbo.train.Task;
import dev.jumbo.train.TrainConfig;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The directory of a run: its configuration and its checkpoints. */
record RunFolder(Path directory, RunConfig config) {
    static final String CONFIGURATION = "run.yaml";

    /** Which of a run's checkpoints. */
    enum Choice {
        /** By the monitored metric. */
        BEST,
        /** The newest. */
        LAST;

        /** What names of files have at their end. */
        String suffix() {
            return this == LAST ? "_last" : "";
        }
    }

    /** Whether a directory is a run's. */
    static boolean isRun(Path directory) {
        return Files.isRegularFile(directory.resolve(CONFIGURATION));
    }

    /** @throws InputException if there is no run */
    static RunFolder open(Path directory, List<String> settings) {
        Path file = directory.resolve(CONFIGURATION);
        if (!Files.isRegularFile(file)) {
            throw new InputException("expected a run with " + CONFIGURATION + ", found none at " + directory
                    + ": train first, or give the directory that was passed to --out");
        }
        return new RunFolder(directory, RunConfig.readRun(file, settings));
    }

    /**
     * A folder for a new run, or for one to go on with. Nothing is written yet.
     *
     * @throws InputException if it holds a run already, unless that is to be resumed
     */
    static RunFolder create(Path directory, RunConfig config, boolean resume) {
        if (!resume && new RunDirectory(directory).hasCheckpoint()) {
            throw new InputException("the directory " + directory
                    + " already holds a run: give --resume to go on with it," + " or another --out");
        }
        Path before = directory.resolve(CONFIGURATION);
        RunFolder run = new RunFolder(directory, config);
        return resume && Files.isRegularFile(before) ? run.as(RunConfig.readRun(before, List.of())) : run;
    }

    /** With the earlier run's defaults, where they were others. */
    private RunFolder as(RunConfig before) {
        boolean raw = config.data().normalization() == null && before.data().normalization() == Normalizer.NONE;
        RunFolder run = raw ? new RunFolder(directory, config.with(config.data().with(Normalizer.NONE))) : this;
        if (config.data().dataset() instanceof TableData here
                && before.data().dataset() instanceof TableData there
                && !there.leaveOutKeys()) {
            run = new RunFolder(directory, run.config().with(run.config().data().with(here.withLeaveOutKeys(false))));
        }
        return config.train().split() == null ? run.withSplit(before.train().split()) : run;
    }

    /** With the way to divide the data that a run of it goes on to use, whatever the default may become. */
    RunFolder resolved(DataParts data) {
        return withSplit(data.method(config.train().split()));
    }

    /** The run of one fold, in a folder of its own inside this one. */
    RunFolder of(Fold fold) {
        return new RunFolder(
                directory.resolve("fold-" + fold.index()),
                config.with(Trainer.of(config.layer())
                        .config(config.train())
                        .testSplit(0)
                        .fold(fold)
                        .config()));
    }

    private RunFolder withSplit(@Nullable SplitMethod split) {
        return new RunFolder(
                directory,
                config.with(Trainer.of(config.layer())
                        .config(config.train())
                        .split(split)
                        .config()));
    }

    /** The data in the parts that training sees. @param data as its source has it */
    DataParts divided(DataParts data) {
        TrainConfig train = config.train();
        return data.divide(train.split(), train.shares(), train.fold(), train.seed());
    }

    /** Says what the parts lack, once in the life of a run: not each time that they are read again. @param parts as {@link #divided} */
    void warnOf(DataParts parts) {
        TrainConfig train = config.train();
        boolean drawn = !train.shares().isNone() || train.fold() != null;
        parts.warnOfMissingClasses(drawn ? parts.method(train.split()) : null);
    }

    /** Writes {@code run.yaml}: when data and model have turned out to fit, so that a mistake leaves nothing behind. @param settled with what the data asks for where the file leaves it open */
    void writeConfiguration(Task settled) {
        RunConfig resolved = config.with(config.train().with(settled));
        Output.write(directory.resolve(CONFIGURATION), resolved.yaml());
    }

    Checkpoint checkpoint(Choice choice) {
        return choice == Choice.BEST ? Checkpoint.best(directory) : Checkpoint.latest(directory);
    }

    /** The examples of a part, as training divided them. @throws InputException if the data has no such part */
    Dataset part(EvaluateConfig.MeasuredOn part) {
        return part(divided(config.load(directory)), part);
    }

    /** As {@link #part(EvaluateConfig.MeasuredOn)}, of data that is {@link #divided} already. */
    static Dataset part(DataParts parts, EvaluateConfig.MeasuredOn part) {
        return switch (part) {
            case TEST ->
                required(parts.test(), "test", "set train.test_split before training, or use --split validation");
            case VALIDATION -> required(parts.validation(), "validation", "set train.validation_split before training");
            case TRAIN -> parts.train();
        };
    }

    private static Dataset required(@Nullable Dataset part, String name, String advice) {
        if (part == null) {
            throw new InputException("expected data with a " + name + " split, found none: " + advice);
        }
        return part;
    }
}
