package dev.jumbo.client;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server for one model over the Open Inference Protocol V2. Safe for many threads.
 *
 * <pre>{@code
 * ModelClient titanic = ModelClient.of(Connection.to(URI.create("http://127.0.0.1:8080/")), "titanic");
 * String answer = titanic.predict("{\"Sex\": \"female\", \"Age\": 38}");
 * Map<String, NamedTensor> outputs = titanic.infer(List.of(NamedTensor.floats("row", values, 1, 7)));
 * }</pre>
 *
 * Each call has one that does not wait, whose future fails with the same exceptions. A request that the server refuses for a while (429, 503)
 * is sent again as {@link Connection#retries} says; a question changes nothing, so asking twice is safe.
 */
public final class ModelClient {
    private static final String JSON_LENGTH = "Inference-Header-Content-Length";
    private static final String JSON = "application/json";
    private static final Duration USUAL_WAIT = Duration.ofSeconds(1);

    private final Connection connection;
    private final HttpClient http;
    private final String path;

    private ModelClient(Connection connection, String model, @Nullable String version) {
        this.connection = connection;
        path = "v2/models/" + encoded(model) + (version == null ? "" : "/versions/" + encoded(version));
        HttpClient.Builder builder = HttpClient.newBuilder()
                // Answers of some kilobytes are quicker over HTTP/1.1, whose connections are kept.
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connection.timeout());
        if (connection.tls() != null) {
            builder.sslContext(connection.tls());
        }
        http = builder.build();
    }

    /** Of the version that answers where none is named. */
    public static ModelClient of(Connection connection, String model) {
        return new ModelClient(connection, model, null);
    }

    public static ModelClient of(Connection connection, String model, String version) {
        return new ModelClient(connection, model, version);
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Whether the model answers requests; false too where there is none. @throws ServerException if the server says neither */
    public boolean isReady() {
        HttpResponse<byte[]> answer = joined(sent(request("/ready").build(), 0, end()));
        if (answer.statusCode() == 200 || answer.statusCode() == 404 || answer.statusCode() == 503) {
            return answer.statusCode() == 200;
        }
        throw refused(answer);
    }

    /** Names, types and shapes, as the JSON that the server sends. */
    public String metadata() {
        return text(joined(asked(request("").build())));
    }

    /** The outputs for some inputs, by name. @throws ServerException if the server refuses, or does not answer */
    public Map<String, NamedTensor> infer(List<NamedTensor> inputs) {
        return joined(inferAsync(inputs));
    }

    public CompletableFuture<Map<String, NamedTensor>> inferAsync(List<NamedTensor> inputs) {
        List<byte[]> parts = new ArrayList<>();
        List<byte[]> encoded = inputs.stream().map(NamedTensor::encoded).toList();
        byte[] head = InferCall.head(inputs, encoded);
        parts.add(head);
        parts.addAll(encoded);
        HttpRequest request = request("/infer")
                .header("Content-Type", "application/octet-stream")
                .header(JSON_LENGTH, Integer.toString(head.length))
                .POST(BodyPublishers.ofByteArrays(parts))
                .build();
        return asked(request).thenApply(answer -> {
            byte[] body = answer.body();
            String length = answer.headers().firstValue(JSON_LENGTH).orElse(Integer.toString(body.length));
            if (!length.matches("\\d{1,10}") || Long.parseLong(length) > body.length) {
                throw new ServerException(answer.statusCode(), "the answer says a wrong " + JSON_LENGTH);
            }
            return AnswerReader.read(body, Integer.parseInt(length));
        });
    }

    /** The answer for a row, a text, or a list of them, as JSON: {@code {"Sex": "female"}}, {@code [[5.1, 3.5], [4.9, 3.0]]}. */
    public String predict(String json) {
        return joined(predictAsync(json));
    }

    public CompletableFuture<String> predictAsync(String json) {
        return posted(JSON, json.getBytes(StandardCharsets.UTF_8));
    }

    /** The answer for what a file holds. @param type {@code image/png} or {@code image/jpeg} */
    public String predict(String type, byte[] content) {
        return joined(posted(type, content));
    }

    public CompletableFuture<String> predictAsync(String type, byte[] content) {
        return posted(type, content);
    }

    /** The answers for several files, as a JSON list in their order. */
    public String predictFiles(List<byte[]> contents) {
        return joined(predictFilesAsync(contents));
    }

    public CompletableFuture<String> predictFilesAsync(List<byte[]> contents) {
        String boundary = "jumbo-" + Long.toHexString(System.nanoTime()) + Integer.toHexString(contents.hashCode());
        var body = new ByteArrayOutputStream();
        for (byte[] content : contents) {
            body.writeBytes(
                    ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            body.writeBytes(content);
            body.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        body.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return posted("multipart/form-data; boundary=" + boundary, body.toByteArray());
    }

    // ---- requests ---------------------------------------------------------------------------------------------------

    private HttpRequest.Builder request(String call) {
        String base = connection.base().toString();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + (base.endsWith("/") ? "" : "/") + path + call));
        if (connection.token() != null) {
            request.header("Authorization", "Bearer " + connection.token());
        }
        return request;
    }

    private CompletableFuture<String> posted(String type, byte[] body) {
        return asked(request("/predict")
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofByteArray(body))
                        .build())
                .thenApply(ModelClient::text);
    }

    private CompletableFuture<HttpResponse<byte[]>> asked(HttpRequest request) {
        return sent(request, connection.retries(), end()).thenApply(answer -> {
            if (answer.statusCode() != 200) {
                throw refused(answer);
            }
            return answer;
        });
    }

    private long end() {
        return System.nanoTime() + connection.timeout().toNanos();
    }

    private CompletableFuture<HttpResponse<byte[]>> sent(HttpRequest request, int retries, long end) {
        Duration left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
        HttpRequest bounded = HttpRequest.newBuilder(request, (name, value) -> true)
                .timeout(left)
                .build();
        return http.sendAsync(bounded, HttpResponse.BodyHandlers.ofByteArray())
                .handle((answer, error) -> {
                    if (error != null) {
                        throw new ServerException(
                                "no answer from " + request.uri() + ": " + cause(error), cause(error));
                    }
                    boolean passes = answer.statusCode() == 429 || answer.statusCode() == 503;
                    Duration wait = waiting(answer);
                    if (!passes || retries == 0 || System.nanoTime() + wait.toNanos() - end >= 0) {
                        return CompletableFuture.completedFuture(answer);
                    }
                    return CompletableFuture.supplyAsync(
                                    () -> sent(request, retries - 1, end),
                                    CompletableFuture.delayedExecutor(wait.toMillis(), TimeUnit.MILLISECONDS))
                            .thenCompose(again -> again);
                })
                .thenCompose(answer -> answer);
    }

    private static Duration waiting(HttpResponse<byte[]> answer) {
        String seconds = answer.headers().firstValue("Retry-After").orElse("");
        return seconds.matches("\\d{1,6}") ? Duration.ofSeconds(Long.parseLong(seconds)) : USUAL_WAIT;
    }

    private static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    private static <T> T joined(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ServerException refused) {
                throw refused;
            }
            throw e;
        }
    }

    private static ServerException refused(HttpResponse<byte[]> answer) {
        return new ServerException(answer.statusCode(), InferCall.error(answer.body()));
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
