package dev.jumbo.train;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Examples;
import dev.jumbo.error.InputException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a training on a stream needs, and what it cannot have. */
final class StreamTraining {
    private static final Logger LOG = LoggerFactory.getLogger(StreamTraining.class);

    private StreamTraining() {}

    /** @throws InputException if the settings ask for an end, or for examples that would be held out of the stream */
    static void check(TrainConfig config) {
        if (config.stepsPerEpoch() == null && config.maxSteps() == null) {
            throw new InputException(
                    "steps_per_epoch: expected the steps of an epoch, or max_steps, for a stream, whose"
                            + " examples are not counted, received neither");
        }
        if (!config.shares().isNone() || config.fold() != null) {
            throw new InputException(
                    (config.fold() != null ? "fold" : config.validationSplit() > 0 ? "validation_split" : "test_split")
                            + ": expected none for a stream, of which no share can be held out; give a dataset of its own:"
                            + " fit(stream, validation), or validation: in the file");
        }
        epochExamples(config);
    }

    /** Examples of an epoch. */
    static int epochExamples(TrainConfig config) {
        Integer steps = config.stepsPerEpoch() == null ? config.maxSteps() : config.stepsPerEpoch();
        long examples = (long) (steps == null ? 0 : steps) * config.gradientAccumulation() * config.batchSize();
        if (examples > Integer.MAX_VALUE) {
            throw new InputException("steps_per_epoch: expected at most " + Integer.MAX_VALUE
                    + " examples in an epoch, received " + examples + "; write fewer steps, and more epochs");
        }
        return (int) examples;
    }

    /** Says what is fitted on the first examples of a stream alone. */
    static Dataset said(String what, Dataset fitting) {
        if (fitting instanceof Examples) {
            LOG.warn("{} is fitted on the first {} examples of the stream alone", what, fitting.size());
        }
        return fitting;
    }
}
