package dev.jumbo.serve.v2;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.config.ConfigDocument;
import dev.jumbo.config.Records;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.serve.http.Bodies;
import dev.jumbo.serve.http.Responses;
import dev.jumbo.serve.http.Route;
import dev.jumbo.serve.http.Route.Body;
import dev.jumbo.serve.http.Route.Reply;
import dev.jumbo.serve.repository.IndexEntry;
import dev.jumbo.serve.repository.ModelControl;
import dev.jumbo.serve.repository.settings.CanarySettings;
import dev.jumbo.serve.wire.InferJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The repository extension of V2 and the calls for canaries beside it: what an operator asks. See <a
 * href="https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_model_repository.md">the extension</a>.
 */
public final class RepositoryService {
    private static final long MAX_BODY_BYTES = 64 << 10;

    /** Longer than any model takes that serve.repository.load_seconds lets pass. */
    private static final Duration LOADING = Duration.ofHours(1);

    private static final ObjectMapper JSON = new ObjectMapper(InferJson.FACTORY);
    private static final Reply DONE = new Reply(200, "it is done", List.of());
    private static final Reply BAD = Reply.error(400, "it cannot be done; the text says why");
    private static final Reply NO_MODEL = Reply.error(404, "there is no such model or version");
    private static final Reply UNDONE = Reply.error(409, "an unload came between");
    private static final Reply NO_ROOM =
            Reply.error(503, "there is no memory for it, or the repository cannot be read now");

    private final ModelControl control;
    private final Bodies bodies;

    public RepositoryService(ModelControl control, Bodies bodies) {
        this.control = control;
        this.bodies = bodies;
    }

    /** Every route; all of them are an operator's. */
    public List<Route> routes() {
        String model = "/v2/repository/models/{model}";
        return List.of(
                post(
                        "/v2/repository/index",
                        "Every model and version, its state, and why.",
                        "RepositoryIndexRequest",
                        (name, body) -> index(body),
                        Reply.ok(Body.json("RepositoryIndex")),
                        BAD),
                post(
                        model + "/load",
                        "Loads the versions that the model's policy names; answers when they are ready.",
                        "RepositoryLoadRequest",
                        this::load,
                        DONE,
                        BAD,
                        NO_MODEL,
                        UNDONE,
                        NO_ROOM),
                post(
                        model + "/unload",
                        "Takes a model out of service; requests in flight are answered.",
                        "RepositoryUnloadRequest",
                        this::unload,
                        DONE,
                        BAD,
                        NO_MODEL),
                post(
                        model + "/canary",
                        "Gives a version a share of the requests that name none.",
                        "Canary",
                        this::canary,
                        DONE,
                        BAD,
                        NO_MODEL),
                post(
                        model + "/promote",
                        "Lets the canary answer every request that names no version.",
                        "Empty",
                        (name, body) -> done(body, () -> control.promote(name)),
                        DONE,
                        BAD,
                        NO_MODEL),
                post(
                        model + "/rollback",
                        "Takes the canary out of service.",
                        "Empty",
                        (name, body) -> done(body, () -> control.rollBack(name)),
                        DONE,
                        BAD,
                        NO_MODEL));
    }

    /** What is done with a body that has been read. */
    private interface Call {
        CompletableFuture<HttpResponse> answer(String model, JsonNode body);
    }

    private Route post(String path, String summary, String schema, Call call, Reply... replies) {
        return Route.post(path, summary, MAX_BODY_BYTES, List.of(Body.json(schema)), service(call), replies)
                .bodyOptional();
    }

    /** On a thread that may wait for a disk. */
    private HttpService service(Call call) {
        return (ctx, request) -> HttpResponse.of(bodies.read(ctx, request)
                .thenApplyAsync(
                        whole -> {
                            // The body has come in the time that any has; loading may take longer.
                            ctx.setRequestTimeout(TimeoutMode.SET_FROM_NOW, LOADING);
                            return call.answer(model(ctx), read(whole.content().array()));
                        },
                        ctx.blockingTaskExecutor())
                .thenCompose(answer -> answer));
    }

    private static String model(ServiceRequestContext ctx) {
        return Objects.requireNonNullElse(ctx.pathParam("model"), "");
    }

    private static JsonNode read(byte[] body) {
        if (body.length == 0) {
            return JsonNodeFactory.instance.objectNode();
        }
        try (JsonParser parser = InferJson.FACTORY.createParser(body)) {
            JsonNode read = JSON.readTree(parser);
            InferJson.expectEnd(parser);
            if (read == null || !read.isObject()) {
                throw new InputException("expected a JSON object, or no body");
            }
            return read;
        } catch (IOException e) {
            throw InferJson.badJson(e);
        }
    }

    /** @throws InputException if there is another key */
    private static void requireKeys(JsonNode object, String where, List<String> known) {
        object.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                throw new InputException("unknown key \"" + key + "\"" + where
                        + (known.isEmpty() ? ": expected an empty object" : Nearest.hint(key, known)));
            }
        });
    }

    private static boolean flag(JsonNode object, String key) {
        JsonNode value = object.path(key);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw new InputException("expected true or false as \"" + key + "\", received " + value.getNodeType());
        }
        return value.asBoolean();
    }

    private static JsonNode parameters(JsonNode body) {
        requireKeys(body, "", List.of("parameters"));
        JsonNode parameters = body.path("parameters");
        if (!parameters.isMissingNode() && !parameters.isObject()) {
            throw new InputException("expected an object as \"parameters\", received " + parameters.getNodeType());
        }
        return parameters;
    }

    // ---- answers ----------------------------------------------------------------------------------------------------

    private CompletableFuture<HttpResponse> index(JsonNode body) {
        requireKeys(body, "", List.of("ready"));
        List<IndexEntry> entries = control.index(flag(body, "ready"));
        var list = JsonNodeFactory.instance.arrayNode();
        for (IndexEntry entry : entries) {
            list.addObject()
                    .put("name", entry.model())
                    .put("version", entry.version())
                    .put("state", entry.state().protocolName())
                    .put("reason", entry.reason());
        }
        return answered(Responses.json(HttpStatus.OK, list.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private CompletableFuture<HttpResponse> load(String model, JsonNode body) {
        JsonNode parameters = parameters(body);
        Map<String, @Nullable Object> given = new LinkedHashMap<>();
        parameters
                .fields()
                .forEachRemaining(
                        each -> given.put(each.getKey(), each.getValue().asText()));
        return control.load(model, given).thenApply(loaded -> done());
    }

    private CompletableFuture<HttpResponse> unload(String model, JsonNode body) {
        JsonNode parameters = parameters(body);
        requireKeys(parameters, " in \"parameters\"", List.of("unload_dependents"));
        control.unload(model, flag(parameters, "unload_dependents"));
        return answered(done());
    }

    private CompletableFuture<HttpResponse> canary(String model, JsonNode body) {
        CanarySettings canary = Records.of().read(CanarySettings.class, ConfigDocument.of("canary", body));
        control.canary(model, canary);
        return answered(done());
    }

    private CompletableFuture<HttpResponse> done(JsonNode body, Runnable call) {
        requireKeys(body, "", List.of());
        call.run();
        return answered(done());
    }

    private static CompletableFuture<HttpResponse> answered(HttpResponse response) {
        return CompletableFuture.completedFuture(response);
    }

    private static HttpResponse done() {
        return Responses.json(HttpStatus.OK, json -> {});
    }
}
