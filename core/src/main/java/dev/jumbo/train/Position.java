package dev.jumbo.train;

import dev.jumbo.data.Loader;
import dev.jumbo.train.checkpoint.TrainerFile;

/** Where a training stands. Its place in an epoch counts examples, so that it holds for any batch size. */
final class Position {
    private final Loader loader;
    private final int epochs;
    private final int accumulation;
    private final long maxSteps;
    private long totalSteps;
    private long step;
    private int epoch;
    private int batch;
    private int example;
    /** Batches that the next step has added up so far, and the example that the first of them began with. */
    private int pending;

    private int stepFrom;

    Position(Loader loader, TrainConfig config) {
        this.loader = loader;
        accumulation = config.gradientAccumulation();
        maxSteps = config.maxSteps() == null ? Long.MAX_VALUE : config.maxSteps();
        epochs = config.maxSteps() == null
                ? config.epochs()
                : (config.maxSteps() + stepsPerEpoch() - 1) / stepsPerEpoch();
        totalSteps = Math.min(maxSteps, (long) stepsPerEpoch() * epochs);
    }

    /** Goes where a checkpoint was written. @param batchSize by which files without a count of examples are understood */
    void load(TrainerFile where, int batchSize) {
        step = where.step();
        epoch = where.epoch();
        batch = where.batch();
        example = Math.toIntExact(where.examples() == null ? (long) batch * batchSize : where.examples());
        pending = 0;
        // The steps that were done may have been of another size.
        long left = epoch >= epochs ? 0 : stepsFrom(epoch, example) + (long) stepsPerEpoch() * (epochs - epoch - 1);
        totalSteps = Math.max(step, Math.min(maxSteps, step + left));
    }

    /** Examples of the batch that comes next, those of all workers together. */
    int rows() {
        return loader.rowsFrom(epoch, example);
    }

    /** A batch was added up. */
    void addBatch() {
        if (pending == 0) {
            stepFrom = example;
        }
        example += rows();
        batch++;
        pending++;
    }

    /** A step was done. */
    void addStep() {
        step++;
        pending = 0;
    }

    void nextEpoch() {
        epoch++;
        batch = 0;
        example = 0;
        pending = 0;
    }

    /** Batches that the current step averages: fewer for the last step of an epoch. */
    int batchesOfStep() {
        return Math.min(accumulation, loader.batchesFrom(epoch, pending == 0 ? example : stepFrom));
    }

    /** Whether enough batches have been added up, or the epoch has no more. */
    boolean isStepDue() {
        return pending == accumulation || rows() == 0;
    }

    boolean isEpochDone() {
        return rows() == 0 || isLastStepDone();
    }

    /** Whether as many steps were done as are to be done at most. */
    boolean isLastStepDone() {
        return step >= maxSteps;
    }

    /** Epochs of the training, of which the last one may end before its end. */
    int epochs() {
        return epochs;
    }

    /** Whether no epoch is left. */
    boolean isDone() {
        return epoch >= epochs || isLastStepDone();
    }

    int stepsPerEpoch() {
        return stepsFrom(0, 0);
    }

    private int stepsFrom(int of, int from) {
        return (loader.batchesFrom(of, from) + accumulation - 1) / accumulation;
    }

    /** Steps of the current epoch that are still to be done. */
    int stepsLeft() {
        return (int) Math.min(stepsFrom(epoch, pending == 0 ? example : stepFrom), maxSteps - step);
    }

    long totalSteps() {
        return totalSteps;
    }

    long step() {
        return step;
    }

    int epoch() {
        return epoch;
    }

    int batch() {
        return batch;
    }

    /** Examples of the epoch that were seen. */
    int example() {
        return example;
    }

    int pending() {
        return pending;
    }
}
