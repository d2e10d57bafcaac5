package dev.jumbo.serve.schedule;

import dev.jumbo.serve.wire.Refusal;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A few threads that compute, off the event loop, and a bounded number of places for whole requests. A request takes its place when its
 * body is there, and leaves it when it is answered. Without a place it is refused at once. A request whose time is up, or whose caller
 * has gone, is skipped when its turn comes.
 */
public final class ComputePool implements AutoCloseable {
    private final ExecutorService threads;
    private final Semaphore places;
    private final int size;
    private volatile boolean draining;

    public ComputePool(int threads, int maxQueue) {
        AtomicInteger count = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "jumbo-compute-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        size = threads + maxQueue;
        places = new Semaphore(size);
    }

    /** The answer once there is one. @throws Refusal UNAVAILABLE at once if there is no place */
    <T> CompletableFuture<T> submit(Terms terms, Callable<T> work) {
        if (draining) {
            throw new Refusal(Refusal.Reason.UNAVAILABLE, "the server is stopping; ask another one");
        }
        if (!places.tryAcquire()) {
            throw new Refusal(Refusal.Reason.UNAVAILABLE, "the server is full; try again later");
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                if (terms.gone().getAsBoolean() || System.nanoTime() - terms.deadline() > 0) {
                    throw new Refusal(Refusal.Reason.DEADLINE, "no answer in time; try again later");
                }
                answer.complete(work.call());
            } catch (Throwable e) { // an Error too must be answered, or the request would hang
                answer.completeExceptionally(e);
            }
        });
        return answer.whenComplete((value, error) -> places.release());
    }

    /** Takes no more requests and waits, for some time at most, until those that have a place are computed. */
    public void drain(Duration most) {
        draining = true;
        try {
            if (places.tryAcquire(size, most.toMillis(), TimeUnit.MILLISECONDS)) {
                places.release(size);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // stops sooner
        }
    }

    /** Ends the threads; what still waits is not computed. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
