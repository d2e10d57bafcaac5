package dev.jumbo.dist.launch;

import dev.jumbo.error.InputException;
import java.util.OptionalInt;

/**
 * Whether workers start again after one was lost, and how many. All start again together from the last checkpoint, at most
 * {@code maxRestarts} times in a run. Two starts in a row that wrote no checkpoint mean that so many cannot be had: the
 * next is with one worker less, as long as {@code minWorkers} are left.
 */
final class RestartPolicy {
    /** Starts in a row without a checkpoint, after which there is one worker less. */
    private static final int PATIENCE = 2;

    private final int minWorkers;
    private final int maxRestarts;
    private int workers;
    private int restarts;
    private int fruitless;

    /** @throws InputException if more workers are needed than there are */
    RestartPolicy(int workers, int minWorkers, int maxRestarts) {
        if (workers < 1) {
            throw new InputException("expected 1 or more workers, received " + workers);
        }
        if (minWorkers > workers) {
            throw new InputException("distributed.min_workers: expected at most the number of workers, " + workers
                    + ", received " + minWorkers);
        }
        this.workers = workers;
        this.minWorkers = minWorkers;
        this.maxRestarts = maxRestarts;
    }

    /** How many workers are to be started now. */
    int workers() {
        return workers;
    }

    /** How often they were started again. */
    int restarts() {
        return restarts;
    }

    /** After workers were told to end and have saved: nothing is wrong, so that no restart is spent. */
    int again() {
        fruitless = 0;
        return workers;
    }

    /**
     * Decides after a failure.
     *
     * @param progressed whether a checkpoint was written since the last start
     * @return how many workers to start now; empty to give up
     */
    OptionalInt next(boolean progressed) {
        if (restarts == maxRestarts) {
            return OptionalInt.empty();
        }
        restarts++;
        fruitless = progressed ? 0 : fruitless + 1;
        if (fruitless == PATIENCE && workers > minWorkers) {
            workers--;
            fruitless = 0;
        }
        return OptionalInt.of(workers);
    }
}
