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

    /** @throws InputException if the settings do not say how many steps an epoch has */
    static void check(TrainConfig config) {
        if (config.stepsPerEpoch() == null && config.maxSteps() == null) {
            throw new InputException(
                    "steps_per_epoch: expected the steps of an epoch, or max_steps, for a stream, whose"
                            + " examples are not counted, received neither");
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

    /** Says that preprocessing was fitted on the first examples of a stream alone, where it has asked for them. */
    static void say(Dataset fitting, boolean first) {
        if (first && fitting instanceof Examples examples && examples.areRead()) {
            LOG.warn("preprocessing is fitted on the first {} examples of the stream alone", examples.size());
        }
    }
}
