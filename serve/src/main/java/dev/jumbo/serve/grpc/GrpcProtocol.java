package dev.jumbo.serve.grpc;

import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.grpc.GrpcService;
import com.linecorp.armeria.server.grpc.GrpcServiceBuilder;
import dev.jumbo.serve.repository.ServedModels;
import dev.jumbo.serve.schedule.Inference;
import dev.jumbo.serve.v2.Configurations;
import dev.jumbo.serve.v2.Statistics;
import io.grpc.ServerServiceDefinition;
import java.time.Duration;
import java.util.List;
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
            Configurations configurations,
            BooleanSupplier ready,
            long maxBodyBytes,
            Duration timeout) {
        ServerServiceDefinition infer = new InferenceService(
                        models, inference, statistics, configurations, ready, timeout.toNanos())
                .bindService();
        ServerServiceDefinition health = new HealthService(models, ready).bindService();
        GrpcServiceBuilder builder = GrpcService.builder().addService(infer).addService(health);
        Reflection.services(List.of(infer, health)).forEach(builder::addService);
        GrpcService service = builder.exceptionHandler(new GrpcErrors())
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
