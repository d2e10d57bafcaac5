package dev.jumbo.serve;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A few threads that compute, off the event loop, and a bounded number of places for requests. A request takes its
 * place before its body is read, so memory is bounded too, and leaves it when it is answered. Without a place it gets
 * 503 at once. A request whose time is up is skipped when its turn comes.
 */
final class ComputePool implements AutoCloseable {
    private final ExecutorService threads;
    private final Semaphore places;
    private final int size;
    private volatile boolean draining;

    ComputePool(int threads, int maxQueue) {
        AtomicInteger count = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "jumbo-compute-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        size = threads + maxQueue;
        places = new Semaphore(size);
    }

    /** What is done with a whole request, on a compute thread. */
    interface Work {
        HttpResponse answer(AggregatedHttpRequest request) throws Exception;
    }

    /** The answer once there is one, or 503 at once. */
    HttpResponse serve(ServiceRequestContext ctx, HttpRequest request, Work work) {
        if (draining) {
            throw new HttpException(HttpStatus.SERVICE_UNAVAILABLE, "the server is stopping; ask another one");
        }
        if (!places.tryAcquire()) {
            throw new HttpException(HttpStatus.SERVICE_UNAVAILABLE, "the server is full; try again later");
        }
        CompletableFuture<HttpResponse> answer = request.aggregate().thenCompose(whole -> submit(ctx, whole, work));
        return HttpResponse.of(answer.whenComplete((response, error) -> places.release()));
    }

    private CompletableFuture<HttpResponse> submit(ServiceRequestContext ctx, AggregatedHttpRequest whole, Work work) {
        CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
        threads.execute(() -> {
            if (ctx.isCancelled()) {
                answer.completeExceptionally(new CancellationException("the time is up"));
                return;
            }
            try {
                answer.complete(work.answer(whole));
            } catch (Throwable e) { // an Error too must be answered, or the request would hang
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    /** Takes no more requests and waits, for some time at most, until those that have a place are computed. */
    void drain(Duration most) {
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
