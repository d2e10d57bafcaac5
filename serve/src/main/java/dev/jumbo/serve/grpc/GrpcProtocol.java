package dev.jumbo.serve.grpc;

import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.grpc.GrpcService;
import dev.jumbo.serve.repository.ServedModels;
import dev.jumbo.serve.schedule.Inference;
import dev.jumbo.serve.v2.Statistics;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** gRPC beside the other routes of a server: inference, health and reflection. */
public final class GrpcProtocol {
    /** Before each message of a body: whether it is packed, and its length. */
    private static final int FRAME_BYTES = 5;

    private GrpcProtocol() {}

    /**
     * Adds the services.
     *
     * @param maxBodyBytes of one message, unpacked
     * @param timeout of a request in a stream
     */
    public static void bind(
            ServerBuilder server,
            ServedModels models,
            Inference inference,
            Statistics statistics,
            BooleanSupplier ready,
            long maxBodyBytes,
            Duration timeout) {
        GrpcService service = GrpcService.builder()
                .addService(new InferenceService(models, inference, statistics, ready, timeout.toNanos()))
                .addService(new HealthService(models, ready))
                .addService(ProtoReflectionServiceV1.newInstance())
                .exceptionHandler(new GrpcErrors())
                .maxRequestMessageLength(Math.toIntExact(maxBodyBytes))
                .build();
        // A decorator of Armeria's, which lets the service know its server: reflection asks it.
        server.service(
                service,
                each -> each.decorate((next, ctx, request) -> {
                    if (ctx.maxRequestLength() > 0) {
                        ctx.setMaxRequestLength(maxBodyBytes + FRAME_BYTES);
                    }
                    return next.serve(ctx, request);
                }));
    }
}
