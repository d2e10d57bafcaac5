package dev.jumbo.serve.schedule;

import dev.jumbo.serve.wire.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Threads that read long bodies and pictures, beside the event loops and the device, in the order in which rows are computed. */
final class Decoders implements AutoCloseable {
    private final int most;
    private final FairQueue<Task<?>> queue;
    private final Crew crew;
    private boolean closed;

    /** @param most tasks that may wait */
    Decoders(int threads, int most, long ageingNanos) {
        this.most = most;
        queue = new FairQueue<>(ageingNanos);
        crew = new Crew("jumbo-decode", threads, this::next);
    }

    /**
     * What the work gives.
     *
     * @return fails with what it throws, and with a {@link Refusal} DEADLINE if its turn came too late
     * @throws Refusal UNAVAILABLE if too much waits
     */
    <T> CompletableFuture<T> submit(Terms terms, Callable<T> work) {
        Task<T> task = new Task<>(terms, work, System.nanoTime(), new CompletableFuture<>());
        synchronized (this) {
            if (closed) {
                throw new Refusal(Refusal.Reason.UNAVAILABLE, "the server is stopping; ask another one");
            }
            if (queue.count() >= most && queue.countOf(terms.caller()) > most / (2 * queue.callers())) {
                throw new Refusal(Refusal.Reason.UNAVAILABLE, "the server is full; try again later");
            }
            queue.add(task);
            notify();
        }
        return task.answer;
    }

    private synchronized Crew.@Nullable Work next() throws InterruptedException {
        while (!closed) {
            Task<?> task = queue.poll(System.nanoTime());
            if (task != null) {
                return task;
            }
            wait();
        }
        return null;
    }

    boolean isStuck() {
        return crew.stuck() > 0;
    }

    /** Answers what is late, and looks for threads that do not come back. */
    void watch(long now, long stuckNanos) {
        crew.watch(now, stuckNanos);
        List<Task<?>> over;
        synchronized (this) {
            over = queue.removeIf(task -> task.terms.isOver(now));
        }
        over.forEach(Task::run); // says that it is late
    }

    @Override
    public void close() {
        List<Task<?>> left = new ArrayList<>();
        synchronized (this) {
            closed = true;
            left.addAll(queue.removeIf(task -> true));
            notifyAll();
        }
        left.forEach(task -> task.answer.completeExceptionally(
                new Refusal(Refusal.Reason.UNAVAILABLE, "the server is stopping; ask another one")));
        crew.close();
    }

    /** Something to decode. */
    private record Task<T>(Terms terms, Callable<T> work, long since, CompletableFuture<T> answer)
            implements FairQueue.Waiting, Crew.Work {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public void run() {
            long now = System.nanoTime();
            if (terms.isOver(now)) {
                answer.completeExceptionally(terms.over(now));
                return;
            }
            try {
                answer.complete(work.call());
            } catch (Throwable e) { // an Error too must be answered, or the request would hang
                answer.completeExceptionally(e);
            }
        }

        @Override
        public String name() {
            return "reading a body";
        }
    }
}
