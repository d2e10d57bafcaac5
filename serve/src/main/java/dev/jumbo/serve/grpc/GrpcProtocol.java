package dev.jumbo.serve.grpc;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.grpc.GrpcService;
import com.linecorp.armeria.server.grpc.GrpcServiceBuilder;
import dev.jumbo.serve.http.Bodies;
import dev.jumbo.serve.http.UnsentAnswers;
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
     * @param bodies where messages count as other bodies do
     * @param maxBodyBytes of one message, unpacked
     * @param timeout of a request in a stream
     */
    public static void bind(
            ServerBuilder server,
            ServedModels models,
            Inference inference,
            Statistics statistics,
            Configurations configurations,
            Bodies bodies,
            BooleanSupplier ready,
            long maxBodyBytes,
            Duration timeout) {
        ServerServiceDefinition infer = BoundedMessages.of(
                new InferenceService(models, inference, statistics, configurations, ready, timeout.toNanos())
                        .bindService());
        ServerServiceDefinition health = BoundedMessages.of(new HealthService(models, ready).bindService());
        GrpcServiceBuilder builder = GrpcService.builder().addService(infer).addService(health);
        Reflection.services(List.of(infer, health)).forEach(each -> builder.addService(BoundedMessages.of(each)));
        GrpcService service = builder.supportedSerializationFormats(GrpcSerializationFormats.PROTO)
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
                    HttpRequest counted = bodies.counted(ctx, request);
                    ctx.updateRequest(counted);
                    return UnsentAnswers.counted(ctx, next.serve(ctx, counted));
                }));
    }
}
