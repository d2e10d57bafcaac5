package dev.jumbo.serve.grpc;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.access.Caller;
import dev.jumbo.serve.grpc.proto.GRPCInferenceServiceGrpc;
import dev.jumbo.serve.grpc.proto.InferParameter;
import dev.jumbo.serve.grpc.proto.ModelConfig;
import dev.jumbo.serve.grpc.proto.ModelConfigRequest;
import dev.jumbo.serve.grpc.proto.ModelConfigResponse;
import dev.jumbo.serve.grpc.proto.ModelInferRequest;
import dev.jumbo.serve.grpc.proto.ModelInferResponse;
import dev.jumbo.serve.grpc.proto.ModelMetadataRequest;
import dev.jumbo.serve.grpc.proto.ModelMetadataResponse;
import dev.jumbo.serve.grpc.proto.ModelReadyRequest;
import dev.jumbo.serve.grpc.proto.ModelReadyResponse;
import dev.jumbo.serve.grpc.proto.ModelRepositoryParameter;
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
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.model.TensorInfo;
import dev.jumbo.serve.observe.Observed;
import dev.jumbo.serve.repository.IndexEntry;
import dev.jumbo.serve.repository.Lease;
import dev.jumbo.serve.repository.ServedModels;
import dev.jumbo.serve.schedule.Inference;
import dev.jumbo.serve.schedule.Terms;
import dev.jumbo.serve.v2.Configurations;
import dev.jumbo.serve.v2.Statistics;
import dev.jumbo.serve.wire.InferRequest;
import dev.jumbo.serve.wire.Refusal;
import dev.jumbo.serve.wire.ServerInfo;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
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
            ModelMetadataResponse.Builder answer = ModelMetadataResponse.newBuilder()
                    .setName(model.name())
                    .addAllVersions(models.versions(model.name()))
                    .setPlatform(model.predictor().platform());
            model.engine().ifPresent(engine -> answer.putProperties("engine", engine));
            for (TensorInfo input : TensorInfo.inputs(model)) {
                answer.addInputs(describe(input));
                property(answer, input);
            }
            for (TensorInfo output : TensorInfo.outputs(model)) {
                answer.addOutputs(describe(output));
                property(answer, output);
            }
            answer(observer, answer.build());
        }
    }

    private static ModelMetadataResponse.TensorMetadata describe(TensorInfo tensor) {
        return ModelMetadataResponse.TensorMetadata.newBuilder()
                .setName(tensor.name())
                .setDatatype(tensor.datatype().name())
                .addAllShape(tensor.shape())
                .build();
    }

    private static void property(ModelMetadataResponse.Builder answer, TensorInfo tensor) {
        if (!tensor.names().isEmpty()) {
            answer.putProperties(tensor.namesKey() + "." + tensor.name(), tensor.namesJson());
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

    /** One request after the other: the next is read when the last is answered, so a stream takes no more memory than a call. */
    @Override
    public StreamObserver<ModelInferRequest> modelStreamInfer(StreamObserver<ModelStreamInferResponse> observer) {
        ServiceRequestContext ctx = ServiceRequestContext.current();
        Streams.keepOpen(ctx);
        var flow = (ServerCallStreamObserver<ModelStreamInferResponse>) observer;
        flow.disableAutoInboundFlowControl();
        flow.request(1);
        return new StreamObserver<>() {
            private boolean busy;
            private boolean ended;

            @Override
            public void onNext(ModelInferRequest request) {
                busy = true;
                CompletableFuture<ModelInferResponse.Builder> answered;
                try {
                    answered = infer(request, ctx, timeoutNanos);
                } catch (RuntimeException e) {
                    answered = CompletableFuture.failedFuture(e);
                }
                answered.whenCompleteAsync(
                        (answer, error) -> {
                            busy = false;
                            if (flow.isCancelled()) {
                                return;
                            }
                            flow.onNext(error == null ? answered(answer) : refused(request, error));
                            if (ended) {
                                flow.onCompleted();
                            } else {
                                flow.request(1);
                            }
                        },
                        ctx.eventLoop());
            }

            @Override
            public void onError(Throwable error) {
                // The caller has gone; what it asked for is skipped when its turn comes.
            }

            @Override
            public void onCompleted() {
                ended = true;
                if (!busy) {
                    flow.onCompleted();
                }
            }
        };
    }

    private static ModelStreamInferResponse answered(ModelInferResponse.Builder answer) {
        InferParameter last = InferParameter.newBuilder().setBoolParam(true).build();
        return ModelStreamInferResponse.newBuilder()
                .setInferResponse(answer.putParameters("triton_final_response", last))
                .build();
    }

    private static ModelStreamInferResponse refused(ModelInferRequest request, Throwable error) {
        return ModelStreamInferResponse.newBuilder()
                .setErrorMessage(GrpcErrors.message(error, "ModelStreamInfer"))
                .setInferResponse(ModelInferResponse.newBuilder()
                        .setModelName(request.getModelName())
                        .setId(request.getId()))
                .build();
    }

    private CompletableFuture<ModelInferResponse.Builder> infer(
            ModelInferRequest request, ServiceRequestContext ctx, long timeoutNanos) {
        Caller caller = Caller.of(ctx);
        caller.requireModel(request.getModelName());
        Terms terms = new Terms(caller.name(), System.nanoTime() + timeoutNanos, ctx::isCancelled, Observed.times(ctx))
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
        requireOnly(request.getRepositoryName());
        RepositoryIndexResponse.Builder index = RepositoryIndexResponse.newBuilder();
        for (IndexEntry entry : models.control().index(request.getReady())) {
            index.addModelsBuilder()
                    .setName(entry.model())
                    .setVersion(entry.version())
                    .setState(entry.state().protocolName())
                    .setReason(entry.reason());
        }
        answer(observer, index.build());
    }

    @Override
    public void repositoryModelLoad(
            RepositoryModelLoadRequest request, StreamObserver<RepositoryModelLoadResponse> observer) {
        requireOnly(request.getRepositoryName());
        onDisk(observer, () -> models.control().load(request.getModelName(), request.getParametersMap()))
                .thenAccept(done -> answer(observer, RepositoryModelLoadResponse.getDefaultInstance()));
    }

    @Override
    public void repositoryModelUnload(
            RepositoryModelUnloadRequest request, StreamObserver<RepositoryModelUnloadResponse> observer) {
        requireOnly(request.getRepositoryName());
        boolean dependents = dependents(request.getParametersMap());
        onDisk(observer, () -> {
                    models.control().unload(request.getModelName(), dependents);
                    return CompletableFuture.completedFuture(null);
                })
                .thenAccept(done -> answer(observer, RepositoryModelUnloadResponse.getDefaultInstance()));
    }

    /** On a thread that may wait for a disk, for as long as loading takes. What goes wrong is answered. */
    private static CompletableFuture<?> onDisk(StreamObserver<?> observer, Supplier<CompletableFuture<?>> work) {
        ServiceRequestContext ctx = ServiceRequestContext.current();
        Streams.keepOpen(ctx);
        CompletableFuture<?> done =
                CompletableFuture.supplyAsync(work, ctx.blockingTaskExecutor()).thenCompose(answer -> answer);
        return done.whenComplete((answer, error) -> {
            if (error != null) {
                observer.onError(error);
            }
        });
    }

    private static boolean dependents(Map<String, ModelRepositoryParameter> parameters) {
        String known = "unload_dependents";
        for (Map.Entry<String, ModelRepositoryParameter> each : parameters.entrySet()) {
            if (!each.getKey().equals(known) || !each.getValue().hasBoolParam()) {
                throw new InputException("expected no parameter but " + known + ", true or false, received another");
            }
        }
        return parameters.containsKey(known) && parameters.get(known).getBoolParam();
    }

    private static void requireOnly(String repository) {
        if (!repository.isEmpty()) {
            throw new InputException("expected no repository_name: there is one repository, received a name");
        }
    }

    private static @Nullable String version(String given) {
        return given.isEmpty() ? null : given;
    }

    private static <T> void answer(StreamObserver<T> observer, T message) {
        observer.onNext(message);
        observer.onCompleted();
    }
}
