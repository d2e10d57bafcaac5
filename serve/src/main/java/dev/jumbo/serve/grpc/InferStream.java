package dev.jumbo.serve.grpc;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.serve.grpc.proto.InferParameter;
import dev.jumbo.serve.grpc.proto.ModelInferRequest;
import dev.jumbo.serve.grpc.proto.ModelInferResponse;
import dev.jumbo.serve.grpc.proto.ModelStreamInferResponse;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * {@code ModelStreamInfer}: one request after the other. The next one is read when the last is answered and its answer taken, so a stream
 * takes no more memory than a call.
 */
final class InferStream implements StreamObserver<ModelInferRequest> {
    private final ServiceRequestContext ctx;
    private final Streams.Turns<ModelStreamInferResponse> turns;
    private final Function<ModelInferRequest, CompletableFuture<ModelInferResponse.Builder>> infer;
    private boolean busy;
    private boolean ended;

    private InferStream(
            ServiceRequestContext ctx,
            Streams.Turns<ModelStreamInferResponse> turns,
            Function<ModelInferRequest, CompletableFuture<ModelInferResponse.Builder>> infer) {
        this.ctx = ctx;
        this.turns = turns;
        this.infer = infer;
    }

    /**
     * Takes a stream from now on.
     *
     * @param patienceNanos how long an answer may wait to be taken
     * @param infer answers a request
     */
    static InferStream begin(
            ServiceRequestContext ctx,
            StreamObserver<ModelStreamInferResponse> observer,
            long patienceNanos,
            Function<ModelInferRequest, CompletableFuture<ModelInferResponse.Builder>> infer) {
        Streams.keepOpen(ctx);
        return new InferStream(ctx, new Streams.Turns<>(ctx, observer, patienceNanos), infer);
    }

    @Override
    public void onNext(ModelInferRequest request) {
        busy = true;
        CompletableFuture<ModelInferResponse.Builder> answered;
        try {
            answered = infer.apply(request);
        } catch (RuntimeException e) {
            answered = CompletableFuture.failedFuture(e);
        }
        answered.whenCompleteAsync(
                (answer, error) -> {
                    busy = false;
                    if (turns.isGone()) {
                        return;
                    }
                    turns.say(error == null ? answered(answer) : refused(request, error));
                    if (ended) {
                        turns.end();
                    } else {
                        turns.next();
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
            turns.end();
        }
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
}
