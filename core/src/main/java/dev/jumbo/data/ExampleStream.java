package dev.jumbo.data;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import org.jspecify.annotations.Nullable;

/**
 * Examples that come one after the other, without an end that is known: of files too large for memory, or made as they are asked
 * for. An epoch is a number of steps ({@code steps_per_epoch}) that goes on where the one before it ended. A place counts the
 * examples that the whole training has taken before it.
 */
public interface ExampleStream extends Dataset {
    /** Examples that are read ahead to fit what needs data before training: the scale of inputs and targets. */
    int FITTED_ON = 10_000;

    /** Examples in order, without an end. One thread at a time reads them. */
    interface Flow extends AutoCloseable {
        /** @throws InputException if a record is damaged, naming its place, or there is none at all */
        Example next();

        @Override
        default void close() {}
    }

    /**
     * The examples from a place on: the same for the same seed and place, whatever was read before.
     *
     * @param seed null where nothing is to be shuffled
     * @param place examples before the first one
     */
    Flow flow(@Nullable RandomState seed, long place);

    /** Examples of one pass over it, where that is known by now; otherwise -1. */
    default long pass() {
        return -1;
    }

    /** A stream has none. @throws InputException always */
    @Override
    default int size() {
        throw new InputException("expected a dataset whose number of examples is known, received a stream: " + this
                + "; a stream is for training alone, with steps_per_epoch or max_steps");
    }

    /** A stream has no example by index. @throws InputException always */
    @Override
    default void read(int index, Row into) {
        size();
    }
}
