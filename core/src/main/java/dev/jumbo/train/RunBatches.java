package dev.jumbo.train;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Loader;
import java.util.Iterator;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** The batches of an epoch, up to its end or to a stop. An interrupt of the thread asks for one, and costs no batch. */
final class RunBatches implements Iterator<Batch>, AutoCloseable {
    /** Batches between two questions whether to stop: workers ask each other, which takes a moment. */
    private static final int EVERY = 8;

    private final Loader.Epoch batches;
    private final StopRequest stop;
    private final BooleanSupplier stops;
    private int given;

    /** @param stops whether to end before the end; all workers ask at the same batches */
    RunBatches(Loader.Epoch batches, StopRequest stop, BooleanSupplier stops) {
        this.batches = batches;
        this.stop = stop;
        this.stops = stops;
    }

    @Override
    public boolean hasNext() {
        stop.noticeInterrupt();
        return batches.hasNext() && !(given % EVERY == 0 && stops.getAsBoolean());
    }

    @Override
    public Batch next() {
        while (true) {
            try {
                Batch batch = batches.next();
                given++;
                return batch;
            } catch (CancellationException e) {
                if (!stop.noticeInterrupt()) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() {
        batches.close();
    }
}
