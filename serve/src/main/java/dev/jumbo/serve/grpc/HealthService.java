package dev.jumbo.serve.grpc;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.serve.access.Caller;
import dev.jumbo.serve.repository.Lease;
import dev.jumbo.serve.repository.ServedModels;
import dev.jumbo.serve.wire.Refusal;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * {@code grpc.health.v1}: the server under the empty name and under that of its service, for everybody; each model under its own, for
 * those who may ask it. {@code Watch} says
 * every change within half a second, and ends when the server stops.
 */
final class HealthService extends HealthGrpc.HealthImplBase {
    private static final Set<String> SERVER = Set.of("", "inference.GRPCInferenceService");
    private static final long LOOK_MILLIS = 500;

    private final ServedModels models;
    private final BooleanSupplier ready;

    HealthService(ServedModels models, BooleanSupplier ready) {
        this.models = models;
        this.ready = ready;
    }

    private ServingStatus status(String service) {
        if (SERVER.contains(service)) {
            return ready.getAsBoolean() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
        }
        try (Lease lease = models.lease(service, null)) {
            boolean serves = ready.getAsBoolean() && !lease.model().name().isEmpty();
            return serves ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
        } catch (Refusal refusal) {
            return refusal.reason() == Refusal.Reason.NOT_FOUND
                    ? ServingStatus.SERVICE_UNKNOWN
                    : ServingStatus.NOT_SERVING;
        }
    }

    /** @throws Refusal where a model is named and the caller may not ask about it */
    private static void requireToken(HealthCheckRequest request, ServiceRequestContext ctx) {
        if (!SERVER.contains(request.getService())) {
            Caller.of(ctx).requireToken(request.getService());
        }
    }

    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
        requireToken(request, ServiceRequestContext.current());
        ServingStatus status = status(request.getService());
        if (status == ServingStatus.SERVICE_UNKNOWN) {
            throw new Refusal(Refusal.Reason.NOT_FOUND, "no such service or model");
        }
        observer.onNext(response(status));
        observer.onCompleted();
    }

    @Override
    public void watch(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
        ServiceRequestContext ctx = ServiceRequestContext.current();
        requireToken(request, ctx);
        Streams.keepOpen(ctx);
        new Watch(request.getService(), observer, ctx).start();
    }

    private static HealthCheckResponse response(ServingStatus status) {
        return HealthCheckResponse.newBuilder().setStatus(status).build();
    }

    /** One who watches; everything happens on the event loop of the connection. */
    private final class Watch {
        private final String service;
        private final StreamObserver<HealthCheckResponse> observer;
        private final ServiceRequestContext ctx;
        private ServingStatus said = ServingStatus.UNKNOWN;

        Watch(String service, StreamObserver<HealthCheckResponse> observer, ServiceRequestContext ctx) {
            this.service = service;
            this.observer = observer;
            this.ctx = ctx;
        }

        void start() {
            look();
            ScheduledFuture<?> looking = ctx.eventLoop()
                    .withoutContext()
                    .scheduleAtFixedRate(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
            ctx.log().whenComplete().thenAccept(log -> looking.cancel(false));
        }

        private void look() {
            if (ctx.log().isComplete()) {
                return;
            }
            ServingStatus now = status(service);
            if (now != said) {
                said = now;
                observer.onNext(response(now));
            }
            if (now == ServingStatus.NOT_SERVING && !ready.getAsBoolean()) {
                observer.onError(Status.UNAVAILABLE
                        .withDescription("the server is stopping")
                        .asRuntimeException());
            }
        }
    }
}
