package dev.jumbo.serve.v2;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.serve.access.Caller;
import dev.jumbo.serve.http.Bodies;
import dev.jumbo.serve.http.BodyType;
import dev.jumbo.serve.http.Connections;
import dev.jumbo.serve.http.Responses;
import dev.jumbo.serve.http.Route;
import dev.jumbo.serve.http.Route.Body;
import dev.jumbo.serve.http.Route.Reply;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.observe.Observed;
import dev.jumbo.serve.repository.Lease;
import dev.jumbo.serve.repository.ServedModels;
import dev.jumbo.serve.schedule.Inference;
import dev.jumbo.serve.schedule.Terms;
import dev.jumbo.serve.wire.InferReader;
import dev.jumbo.serve.wire.InferRequest;
import dev.jumbo.serve.wire.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The routes of the Open Inference Protocol V2 and {@code predict} beside them. See <a
 * href="https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md">the
 * specification</a> and Triton's extensions.
 */
public final class V2Service {
    /** How many bytes of a body are JSON; the rest is binary data. */
    static final String JSON_LENGTH = "inference-header-content-length";

    /** What a caller, or a gateway in front of it, calls a request. */
    private static final String REQUEST_ID = "x-request-id";

    private static final String OCTETS = "application/octet-stream";
    private static final Reply NO_MODEL = Reply.error(404, "there is no such model or version");
    private static final Reply BAD = Reply.error(400, "the request is not what it should be; the text says where");
    private static final Reply BUSY = Reply.error(503, "no place, not ready, or no answer in time; see Retry-After");

    /** By when the caller wants its answer, in microseconds from when the request came. */
    private static final String TIMEOUT = "timeout";

    private final ServedModels models;
    private final Inference inference;
    private final Bodies bodies;
    private final BooleanSupplier ready;

    public V2Service(ServedModels models, Inference inference, Bodies bodies, BooleanSupplier ready) {
        this.models = models;
        this.inference = inference;
        this.bodies = bodies;
        this.ready = ready;
    }

    /** Every route. @param maxBodyBytes of infer and predict */
    public List<Route> routes(long maxBodyBytes) {
        List<Route> all = new ArrayList<>();
        all.add(Route.get(
                "/v2",
                "Name, version and extensions of the server.",
                (ctx, request) -> Documents.server(),
                Reply.ok(Body.json("ServerMetadata"))));
        all.add(Route.get(
                "/v2/health/live",
                "Whether the server runs.",
                (ctx, request) -> Documents.live(),
                Reply.ok(Body.json("Live"))));
        all.add(Route.get(
                "/v2/health/ready",
                "Whether the server answers requests.",
                (ctx, request) -> Documents.ready(ready.getAsBoolean() && models.isReady()),
                Reply.ok(Body.json("Ready")),
                new Reply(503, "the server is starting or stopping", List.of(Body.json("Ready")))));
        for (String path : List.of("/v2/models/{model}", "/v2/models/{model}/versions/{version}")) {
            all.add(Route.get(
                    path,
                    "What a model takes and answers.",
                    ofModel(model -> Documents.metadata(model, models.versions(model.name()))),
                    Reply.ok(Body.json("ModelMetadata")),
                    NO_MODEL,
                    BUSY));
            all.add(Route.get(
                    path + "/ready",
                    "Whether a model answers requests.",
                    this::modelReady,
                    Reply.ok(Body.json("ModelReady")),
                    NO_MODEL,
                    new Reply(503, "the model is not ready", List.of(Body.json("ModelReady")))));
            all.add(Route.post(
                    path + "/infer",
                    "Tensors in, tensors out; with Inference-Header-Content-Length binary data follows the JSON.",
                    maxBodyBytes,
                    List.of(Body.json("InferRequest"), new Body(OCTETS, "Binary")),
                    whole(this::infer),
                    Reply.ok(Body.json("InferAnswer"), new Body(OCTETS, "Binary")),
                    BAD,
                    NO_MODEL,
                    Reply.error(415, "JSON in another charset than UTF-8"),
                    BUSY));
            all.add(Route.post(
                    path + "/predict",
                    "Pictures, rows or texts in, labels or numbers out.",
                    maxBodyBytes,
                    List.of(
                            Body.json("PredictRequest"),
                            new Body("image/png", "Binary"),
                            new Body("image/jpeg", "Binary"),
                            new Body("multipart/form-data", "Files")),
                    whole(this::predict),
                    Reply.ok(Body.json("PredictAnswer")),
                    BAD,
                    NO_MODEL,
                    Reply.error(415, "another kind of body"),
                    BUSY));
            all.add(Route.post(
                            path + "/explain",
                            "Explanations: not yet.",
                            maxBodyBytes,
                            List.of(Body.json("InferRequest")),
                            this::explain,
                            NO_MODEL,
                            Reply.error(501, "this server does not explain its answers"),
                            BUSY)
                    .bodyOptional());
        }
        return all;
    }

    /** What is answered to a whole request. */
    private interface Call {
        CompletableFuture<HttpResponse> answer(
                String model, @Nullable String version, AggregatedHttpRequest request, Terms terms, Executor writing);
    }

    private HttpService whole(Call call) {
        return (ctx, request) -> {
            Terms terms = terms(ctx); // the time begins before the body is there
            return HttpResponse.of(bodies.read(ctx, request)
                    .thenCompose(whole -> call.answer(
                            model(ctx),
                            ctx.pathParam("version"),
                            whole,
                            terms.withBytes(whole.content().length()),
                            ctx.eventLoop())));
        };
    }

    private static Terms terms(ServiceRequestContext ctx) {
        long now = System.nanoTime();
        long left = TimeUnit.MILLISECONDS.toNanos(ctx.requestTimeoutMillis());
        String timeout = ctx.request().headers().get(TIMEOUT);
        if (timeout != null) {
            left = Math.min(left, Timeouts.nanos(timeout));
            // Whatever becomes of the request, the caller hears of it then.
            ctx.setRequestTimeout(TimeoutMode.SET_FROM_NOW, Duration.ofNanos(left));
        }
        return new Terms(
                        Caller.of(ctx).name(),
                        Math.min(now, Connections.came(ctx)) + left,
                        () -> Connections.isGone(ctx),
                        Observed.times(ctx))
                .withKey(ctx.request().headers().get(REQUEST_ID));
    }

    private static String model(ServiceRequestContext ctx) {
        return Objects.requireNonNull(ctx.pathParam("model"), "the path has a model");
    }

    /** What is said about a version. */
    private interface About {
        HttpResponse say(ServedModel model);
    }

    private HttpService ofModel(About about) {
        return (ctx, request) -> {
            try (Lease lease = models.lease(model(ctx), ctx.pathParam("version"))) {
                return about.say(lease.model());
            }
        };
    }

    // ---- answers ----------------------------------------------------------------------------------------------------

    private HttpResponse modelReady(ServiceRequestContext ctx, HttpRequest request) {
        try (Lease lease = models.lease(model(ctx), ctx.pathParam("version"))) {
            return Documents.ready(lease.model().name(), ready.getAsBoolean());
        } catch (Refusal refusal) {
            if (refusal.reason() == Refusal.Reason.UNAVAILABLE) {
                return Documents.ready(model(ctx), false);
            }
            throw refusal;
        }
    }

    private CompletableFuture<HttpResponse> infer(
            String model, @Nullable String version, AggregatedHttpRequest request, Terms terms, Executor writing) {
        BodyType.requireUtf8(request);
        return inference
                .infer(model, version, served -> read(served, request), terms)
                .thenApplyAsync(InferWriter::write, writing);
    }

    private static InferRequest read(ServedModel model, AggregatedHttpRequest request) {
        String jsonLength = request.headers().get(JSON_LENGTH);
        byte[] body = request.content().array();
        return "0".equals(jsonLength)
                ? RawBody.read(model, body)
                : InferReader.read(model.name(), model.version(), body, jsonLength);
    }

    private CompletableFuture<HttpResponse> predict(
            String model, @Nullable String version, AggregatedHttpRequest request, Terms terms, Executor writing) {
        BodyType type = BodyType.of(request);
        if (type == BodyType.FILES) {
            return FormFiles.of(request)
                    .thenCompose(files -> inference.predict(model, version, files, terms))
                    .thenApplyAsync(Predictions::write, writing);
        }
        return inference
                .predict(model, version, request.content().array(), type == BodyType.JSON, terms)
                .thenApplyAsync(Predictions::write, writing);
    }

    private HttpResponse explain(ServiceRequestContext ctx, HttpRequest request) {
        try (Lease lease = models.lease(model(ctx), ctx.pathParam("version"))) {
            return Responses.error(
                    HttpStatus.NOT_IMPLEMENTED,
                    "this server does not explain the answers of \""
                            + lease.model().name() + "\" yet; infer and predict answer without an explanation");
        }
    }
}
