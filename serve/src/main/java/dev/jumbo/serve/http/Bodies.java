package dev.jumbo.serve.http;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.serve.limits.MemoryBudget;
import dev.jumbo.serve.wire.Refusal;
import io.netty.util.AttributeKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Reads whole bodies. What is not there yet holds no place in any queue, only the bytes that have come, and of these there is a budget
 * for all: where it is used up, the unfinished body that comes slowest is given up for the others. One that comes slower than a least
 * rate is given up anyway. The bytes count until the request is answered.
 */
public final class Bodies {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final AttributeKey<MemoryBudget.Hold> UNPACKED = AttributeKey.valueOf(Bodies.class, "UNPACKED");

    /** Bodies that may be unfinished at once; each holds some kilobytes beside its bytes. */
    private static final int MOST_OPEN = 4096;

    private final MemoryBudget budget;
    private final int leastRate;
    private final Set<UnfinishedBody> open = ConcurrentHashMap.newKeySet();

    /** @param leastRate bytes a second, on average from the third second on; 0 for any */
    public Bodies(MemoryBudget budget, int leastRate) {
        this.budget = budget;
        this.leastRate = leastRate;
    }

    /**
     * The request with its whole body.
     *
     * @return fails with a {@link Refusal} UNAVAILABLE if there is no room for it, an {@link HttpException} 408 if it comes too slowly
     */
    public CompletableFuture<AggregatedHttpRequest> read(ServiceRequestContext ctx, HttpRequest request) {
        if (ctx.attr(UNPACKED) != null) {
            return request.aggregate(); // it was counted as it was unpacked
        }
        Reading reading = new Reading(ctx, request, budget.hold());
        begun(reading);
        request.subscribe(reading, ctx.eventLoop());
        ctx.log().whenComplete().thenRun(reading::close);
        return reading.whole;
    }

    /**
     * A place for what comes out of a packed body, to grow with it: it counts as the body that a service reads, until the request is
     * answered.
     */
    MemoryBudget.Hold unpacked(ServiceRequestContext ctx) {
        MemoryBudget.Hold hold = budget.hold();
        ctx.setAttr(UNPACKED, hold);
        ctx.log().whenComplete().thenRun(hold::close);
        return hold;
    }

    /**
     * A request whose body is read message by message, as gRPC's are. What of a message has come counts as other bodies do; where
     * there is no room, the one that comes slowest fails.
     */
    public HttpRequest counted(ServiceRequestContext ctx, HttpRequest request) {
        CountedMessages messages = new CountedMessages(this, ctx, request, budget.hold());
        ctx.log().whenComplete().thenRun(() -> {
            ended(messages);
            messages.hold.close();
        });
        return messages.counted();
    }

    /** Bytes that are held. */
    public long bytes() {
        return budget.used();
    }

    /** Gives up what comes too slowly; call it every second or so. */
    public void watch(long now) {
        for (UnfinishedBody body : open) {
            long age = body.ageNanos(now);
            // Of gRPC the next message may be waiting for us.
            if (body instanceof Reading && age > PATIENCE_NANOS && body.rate(now) < leastRate) {
                body.fail(new HttpException(
                        HttpStatus.REQUEST_TIMEOUT,
                        "the body did not arrive in time: expected " + leastRate + " bytes a second or more, received "
                                + body.received() + " bytes in " + TimeUnit.NANOSECONDS.toSeconds(age) + " s"));
            }
        }
    }

    void begun(UnfinishedBody body) {
        open.add(body);
        if (open.size() > MOST_OPEN) {
            giveUpTheSlowest(null);
        }
    }

    void ended(UnfinishedBody body) {
        open.remove(body);
    }

    /** Finds place for more of a body; others are given up for it. @throws Refusal UNAVAILABLE if it comes slowest itself */
    void grow(UnfinishedBody body, int bytes) {
        while (!body.hold.tryGrow(bytes)) {
            if (!giveUpTheSlowest(body)) {
                throw new Refusal(Refusal.Reason.UNAVAILABLE, "the server is full; try again later");
            }
        }
        body.add(bytes);
    }

    private boolean giveUpTheSlowest(@Nullable UnfinishedBody but) {
        long now = System.nanoTime();
        UnfinishedBody slowest = open.stream()
                .filter(body -> body != but && (but == null || body.received() > 0))
                .min(Comparator.comparingDouble(body -> body.rate(now)))
                .orElse(null);
        if (slowest == null || but != null && slowest.rate(now) > but.rate(now)) {
            return false;
        }
        slowest.fail(new Refusal(
                Refusal.Reason.UNAVAILABLE, "the server is full, and this body came slowest; try again later"));
        return true;
    }

    private final class Reading extends UnfinishedBody implements Subscriber<HttpObject> {
        private final ServiceRequestContext ctx;
        private final HttpRequest request;
        private final CompletableFuture<AggregatedHttpRequest> whole = new CompletableFuture<>();
        private final List<HttpData> parts = new ArrayList<>(1);
        private @Nullable Subscription subscription;
        private volatile boolean failed;

        Reading(ServiceRequestContext ctx, HttpRequest request, MemoryBudget.Hold hold) {
            super(hold);
            this.ctx = ctx;
            this.request = request;
        }

        @Override
        public void onSubscribe(Subscription given) {
            subscription = given;
            given.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(HttpObject object) {
            if (!(object instanceof HttpData data) || data.isEmpty() || failed || whole.isDone()) {
                return; // trailers say nothing here
            }
            try {
                grow(this, data.length());
            } catch (Refusal e) {
                fail(e);
                return;
            }
            parts.add(data);
        }

        @Override
        public void onError(Throwable cause) {
            open.remove(this);
            whole.completeExceptionally(cause);
            close();
        }

        @Override
        public void onComplete() {
            open.remove(this);
            if (failed) {
                return;
            }
            whole.complete(AggregatedHttpRequest.of(request.headers(), joined()));
        }

        private HttpData joined() {
            if (parts.size() == 1) {
                return parts.get(0);
            }
            byte[] all = new byte[Math.toIntExact(received())];
            int at = 0;
            for (HttpData part : parts) {
                System.arraycopy(part.array(), 0, all, at, part.length());
                at += part.length();
            }
            parts.clear();
            return HttpData.wrap(all);
        }

        @Override
        void fail(RuntimeException why) {
            failed = true;
            close();
            ctx.eventLoop().execute(() -> {
                if (whole.isDone()) {
                    return;
                }
                // Before the answer, which has to say so: what is left of the body may be long.
                ctx.initiateConnectionShutdown();
                whole.completeExceptionally(why);
                parts.clear();
                if (subscription != null) {
                    subscription.cancel();
                }
            });
        }

        void close() {
            open.remove(this);
            hold.close();
        }
    }
}
