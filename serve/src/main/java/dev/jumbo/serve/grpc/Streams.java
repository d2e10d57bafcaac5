package dev.jumbo.serve.grpc;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.serve.http.UnsentAnswers;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Calls that stay open as long as the caller wants. */
final class Streams {
    private Streams() {}

    /** Takes from a call the limits of a single request, unless its caller set a deadline. */
    static void keepOpen(ServiceRequestContext ctx) {
        ctx.setMaxRequestLength(0); // each message has its own limit
        UnsentAnswers.leave(ctx);
        if (!ctx.request().headers().contains("grpc-timeout")) {
            ctx.clearRequestTimeout();
        }
    }

    /**
     * A call whose next message is read when there is room for its answer, so that a caller who does not read takes no memory; who does not
     * for too long is cut off. Everything happens on the event loop of the connection.
     */
    static final class Turns<T> {
        private final ServiceRequestContext ctx;
        private final ServerCallStreamObserver<T> flow;
        private final long patienceNanos;
        private boolean waits;
        private @Nullable ScheduledFuture<?> patience;

        /** Reads the first message. @param patienceNanos how long an answer may wait to be taken */
        Turns(ServiceRequestContext ctx, StreamObserver<T> observer, long patienceNanos) {
            this.ctx = ctx;
            this.patienceNanos = patienceNanos;
            flow = (ServerCallStreamObserver<T>) observer;
            flow.disableAutoInboundFlowControl();
            flow.setOnReadyHandler(this::taken);
            UnsentAnswers.leave(ctx);
            ctx.log().whenComplete().thenRun(this::forget);
            flow.request(1);
        }

        boolean isGone() {
            return flow.isCancelled();
        }

        void say(T message) {
            flow.onNext(message);
        }

        /** Reads the next message when the last answer has been taken. */
        void next() {
            if (flow.isReady()) {
                flow.request(1);
                return;
            }
            waits = true;
            patience = ctx.eventLoop().withoutContext().schedule(this::giveUp, patienceNanos, TimeUnit.NANOSECONDS);
        }

        private void taken() {
            if (waits) {
                waits = false;
                forget();
                flow.request(1);
            }
        }

        private void forget() {
            ScheduledFuture<?> scheduled = patience;
            if (scheduled != null) {
                scheduled.cancel(false);
            }
        }

        private void giveUp() {
            if (waits && !isGone()) {
                flow.onError(Status.DEADLINE_EXCEEDED
                        .withDescription("the answers of this call are not taken")
                        .asRuntimeException());
                UnsentAnswers.giveUp(ctx); // as that is said behind them
            }
        }

        void end() {
            flow.onCompleted();
        }
    }
}
