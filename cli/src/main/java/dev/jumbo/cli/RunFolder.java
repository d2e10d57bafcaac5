package dev.jumbo.cli;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.split.Split;
import dev.jumbo.data.split.Splits;
import dev.jumbo.error.InputException;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The directory of a run: its configuration and its checkpoints. */
record RunFolder(Path directory, RunConfig config) {
    private static final String CONFIGURATION = "run.yaml";

    /** Which of a run's checkpoints. */
    enum Choice {
        /** By the monitored metric. */
        BEST,
        /** The newest. */
        LAST
    }

    /** @throws InputException if there is no run */
    static RunFolder open(Path directory, List<String> settings) {
        Path file = directory.resolve(CONFIGURATION);
        if (!Files.isRegularFile(file)) {
            throw new InputException("expected a run with " + CONFIGURATION + ", found none at " + directory
                    + ": train first, or give the directory that was passed to --out");
        }
        return new RunFolder(directory, RunConfig.read(file, settings));
    }

    /**
     * A folder for a new run, or for one to go on with. Nothing is written yet.
     *
     * @throws InputException if it holds a run already, unless that is to be resumed
     */
    static RunFolder create(Path directory, RunConfig config, boolean resume) {
        if (!resume && Checkpoint.existsIn(directory)) {
            throw new InputException("the directory " + directory
                    + " already holds a run: give --resume to go on with it," + " or another --out");
        }
        return new RunFolder(directory, config);
    }

    /** Writes {@code run.yaml}: when data and model have turned out to fit, so that a mistake leaves nothing behind. */
    void writeConfiguration() {
        Output.write(directory.resolve(CONFIGURATION), config.yaml());
    }

    Checkpoint checkpoint(Choice choice) {
        return choice == Choice.BEST ? Checkpoint.best(directory) : Checkpoint.latest(directory);
    }

    /** The examples of a part, as training divided them. @throws InputException if the data has no such part */
    Dataset part(EvaluateConfig.Part part) {
        DataParts parts = config.data().load(directory);
        double share = config.train().validationSplit();
        Dataset validation = parts.validation();
        return switch (part) {
            case TEST -> required(parts.test(), "test", "use --split validation");
            case VALIDATION ->
                validation != null || share == 0
                        ? required(validation, "validation", "set train.validation_split")
                        : split(parts, share).validation();
            case TRAIN ->
                validation != null || share == 0
                        ? parts.train()
                        : split(parts, share).train();
        };
    }

    private static Split split(DataParts parts, double share) {
        return Splits.last(parts.train(), share);
    }

    private static Dataset required(@Nullable Dataset part, String name, String advice) {
        if (part == null) {
            throw new InputException("expected data with a " + name + " split, found none: " + advice);
        }
        return part;
    }
}
