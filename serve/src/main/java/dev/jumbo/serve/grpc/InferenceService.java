package dev.jumbo.serve.grpc;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.serve.access.Caller;
import dev.jumbo.serve.grpc.proto.GRPCInferenceServiceGrpc;
import dev.jumbo.serve.grpc.proto.ModelConfig;
import dev.jumbo.serve.grpc.proto.ModelConfigRequest;
import dev.jumbo.serve.grpc.proto.ModelConfigResponse;
import dev.jumbo.serve.grpc.proto.ModelInferRequest;
import dev.jumbo.serve.grpc.proto.ModelInferResponse;
import dev.jumbo.serve.grpc.proto.ModelMetadataRequest;
import dev.jumbo.serve.grpc.proto.ModelMetadataResponse;
import dev.jumbo.serve.grpc.proto.ModelReadyRequest;
import dev.jumbo.serve.grpc.proto.ModelReadyResponse;
import dev.jumbo.serve.grpc.proto.ModelStatisticsRequest;
import dev.jumbo.serve.grpc.proto.ModelStatisticsResponse;
import dev.jumbo.serve.grpc.proto.ModelStreamInferResponse;
import dev.jumbo.serve.grpc.proto.RepositoryIndexRequest;
import dev.jumbo.serve.grpc.proto.RepositoryIndexResponse;
import dev.jumbo.serve.grpc.proto.RepositoryModelLoadRequest;
import dev.jumbo.serve.grpc.proto.RepositoryModelLoadResponse;
import dev.jumbo.serve.grpc.proto.RepositoryModelUnloadRequest;
import dev.jumbo.serve.grpc.proto.RepositoryModelUnloadResponse;
import dev.jumbo.serve.grpc.proto.ServerLiveRequest;
import dev.jumbo.serve.grpc.proto.ServerLiveResponse;
import dev.jumbo.serve.grpc.proto.ServerMetadataRequest;
import dev.jumbo.serve.grpc.proto.ServerMetadataResponse;
import dev.jumbo.serve.grpc.proto.ServerReadyRequest;
import dev.jumbo.serve.grpc.proto.ServerReadyResponse;
import dev.jumbo.serve.http.Connections;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.observe.Observed;
import dev.jumbo.serve.repository.Lease;
import dev.jumbo.serve.repository.ServedModels;
import dev.jumbo.serve.schedule.Inference;
import dev.jumbo.serve.schedule.Terms;
import dev.jumbo.serve.v2.Configurations;
import dev.jumbo.serve.v2.Statistics;
import dev.jumbo.serve.wire.InferRequest;
import dev.jumbo.serve.wire.Refusal;
import dev.jumbo.serve.wire.ServerInfo;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The calls of the service. They run on event loops; what takes long is behind {@link Inference}. */
final class InferenceService extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
    /** A name of the caller's for a request: those of one name are answered by one version while a canary is tried. */
    private static final String REQUEST_ID = "x-request-id";

    private final ServedModels models;
    private final Inference inference;
    private final Statistics statistics;
    private final Configurations configurations;
    private final BooleanSupplier ready;
    private final long timeoutNanos;
    private final RepositoryCalls repository;

    /** @param timeoutNanos of a request in a stream, where the call has none */
    InferenceService(
            ServedModels models,
            Inference inference,
            Statistics statistics,
            Configurations configurations,
            BooleanSupplier ready,
            long timeoutNanos) {
        this.models = models;
        this.inference = inference;
        this.statistics = statistics;
        this.configurations = configurations;
        this.ready = ready;
        this.timeoutNanos = timeoutNanos;
        repository = new RepositoryCalls(models.control());
    }

    @Override
    public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> observer) {
        answer(observer, ServerLiveResponse.newBuilder().setLive(true).build());
    }

    @Override
    public void serverReady(ServerReadyRequest request, StreamObserver<ServerReadyResponse> observer) {
        answer(
                observer,
                ServerReadyResponse.newBuilder().setReady(ready.getAsBoolean()).build());
    }

    @Override
    public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> observer) {
        Caller.of(ServiceRequestContext.current()).requireModel(request.getName());
        boolean answers;
        try (Lease lease = models.lease(request.getName(), version(request.getVersion()))) {
            answers = ready.getAsBoolean() && !lease.model().name().isEmpty();
        } catch (Refusal refusal) {
            if (refusal.reason() != Refusal.Reason.UNAVAILABLE) {
                throw refusal;
            }
            answers = false;
        }
        answer(observer, ModelReadyResponse.newBuilder().setReady(answers).build());
    }

    @Override
    public void serverMetadata(ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> observer) {
        answer(
                observer,
                ServerMetadataResponse.newBuilder()
                        .setName(ServerInfo.NAME)
                        .setVersion(ServerInfo.version())
                        .addAllExtensions(ServerInfo.EXTENSIONS)
                        .build());
    }

    @Override
    public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> observer) {
        Caller.of(ServiceRequestContext.current()).requireModel(request.getName());
        try (Lease lease = models.lease(request.getName(), version(request.getVersion()))) {
            ServedModel model = lease.model();
            answer(observer, MetadataMessages.of(model, models.versions(model.name())));
        }
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> observer) {
        ServiceRequestContext ctx = ServiceRequestContext.current();
        // A call without a deadline has no timeout at all, and none that its caller chose is longer than the server's.
        long asked = TimeUnit.MILLISECONDS.toNanos(ctx.requestTimeoutMillis());
        infer(request, ctx, asked <= 0 ? timeoutNanos : Math.min(asked, timeoutNanos))
                .whenCompleteAsync(
                        (answer, error) -> {
                            if (error == null) {
                                answer(observer, answer.build());
                            } else {
                                observer.onError(error);
                            }
                        },
                        ctx.eventLoop());
    }

    @Override
    public StreamObserver<ModelInferRequest> modelStreamInfer(StreamObserver<ModelStreamInferResponse> observer) {
        ServiceRequestContext ctx = ServiceRequestContext.current();
        return InferStream.begin(ctx, observer, timeoutNanos, request -> infer(request, ctx, timeoutNanos));
    }

    private CompletableFuture<ModelInferResponse.Builder> infer(
            ModelInferRequest request, ServiceRequestContext ctx, long timeoutNanos) {
        Caller caller = Caller.of(ctx);
        caller.requireModel(request.getModelName());
        Terms terms = new Terms(
                        caller.name(),
                        System.nanoTime() + timeoutNanos,
                        () -> Connections.isGone(ctx),
                        Observed.times(ctx))
                .withBytes(request.getSerializedSize())
                .withKey(ctx.request().headers().get(REQUEST_ID, request.getId()));
        boolean[] raw = {false};
        return inference
                .infer(
                        request.getModelName(),
                        version(request.getModelVersion()),
                        () -> {
                            InferRequest read = Messages.read(request);
                            raw[0] = read.wishes().binaryOutputs();
                            return read;
                        },
                        terms)
                .thenApplyAsync(answer -> Messages.write(answer, raw[0]), ctx.eventLoop());
    }

    @Override
    public void modelStatistics(ModelStatisticsRequest request, StreamObserver<ModelStatisticsResponse> observer) {
        String model = request.getName().isEmpty() ? null : request.getName();
        Caller caller = Caller.of(ServiceRequestContext.current());
        answer(
                observer,
                StatisticsMessages.of(statistics, statistics.of(caller, model, version(request.getVersion()))));
    }

    @Override
    public void modelConfig(ModelConfigRequest request, StreamObserver<ModelConfigResponse> observer) {
        Caller.of(ServiceRequestContext.current()).requireModel(request.getName());
        try (Lease lease = models.lease(request.getName(), version(request.getVersion()))) {
            ModelConfig config = ConfigMessages.of(configurations.of(lease));
            answer(observer, ModelConfigResponse.newBuilder().setConfig(config).build());
        }
    }

    @Override
    public void repositoryIndex(RepositoryIndexRequest request, StreamObserver<RepositoryIndexResponse> observer) {
        answer(observer, repository.index(request));
    }

    @Override
    public void repositoryModelLoad(
            RepositoryModelLoadRequest request, StreamObserver<RepositoryModelLoadResponse> observer) {
        answerLater(observer, repository.load(request));
    }

    @Override
    public void repositoryModelUnload(
            RepositoryModelUnloadRequest request, StreamObserver<RepositoryModelUnloadResponse> observer) {
        answerLater(observer, repository.unload(request));
    }

    private static @Nullable String version(String given) {
        return given.isEmpty() ? null : given;
    }

    private static <T> void answer(StreamObserver<T> observer, T message) {
        observer.onNext(message);
        observer.onCompleted();
    }

    private static <T> void answerLater(StreamObserver<T> observer, CompletableFuture<T> message) {
        message.whenComplete((done, error) -> {
            if (error == null) {
                answer(observer, done);
            } else {
                observer.onError(error);
            }
        });
    }
}
