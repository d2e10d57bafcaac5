package dev.jumbo.serve.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.serve.wire.InferJson;
import dev.jumbo.serve.wire.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Answers, every one with the headers that keep browsers from doing more with it than show it. */
public final class Responses {
    private static final String RETRY_AFTER_SECONDS = "1";

    /** Characters of an error's text. */
    private static final int MAX_MESSAGE = 2000;

    private Responses() {}

    /** Writes the fields of one JSON object. */
    public interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    public static HttpResponse json(HttpStatus status, Fields fields) {
        return json(status, object(fields));
    }

    public static HttpResponse json(HttpStatus status, byte[] body) {
        return HttpResponse.of(headers(status, MediaType.JSON), HttpData.wrap(body));
    }

    /** {@code {"error": "..."}} */
    public static HttpResponse error(HttpStatus status, String message) {
        ServiceRequestContext ctx = ServiceRequestContext.currentOrNull();
        if (ctx != null && GrpcStatusText.isAsked(ctx.request().headers())) {
            return HttpResponse.of(GrpcStatusText.headers(status, message));
        }
        return json(status, errorBody(message));
    }

    /** @param retryAfter said where the status is one that may pass */
    static HttpResponse error(HttpStatus status, String message, Duration retryAfter) {
        boolean passes = status.equals(HttpStatus.SERVICE_UNAVAILABLE) || status.equals(HttpStatus.TOO_MANY_REQUESTS);
        ResponseHeaders headers = headers(status, MediaType.JSON);
        if (passes) {
            long seconds = Math.max(1, retryAfter.plusMillis(999).toSeconds());
            headers = headers.toBuilder()
                    .set(HttpHeaderNames.RETRY_AFTER, Long.toString(seconds))
                    .build();
        }
        return HttpResponse.of(headers, HttpData.wrap(errorBody(message)));
    }

    /** A refusal in the words of the protocol that asks: gRPC has its status in a trailer. */
    public static HttpResponse refusal(RequestHeaders asked, Refusal refusal) {
        return refused(asked, status(refusal.reason()), String.valueOf(refusal.getMessage()), refusal.retryAfter());
    }

    /** As the other. */
    public static HttpResponse refusal(RequestHeaders asked, HttpException refusal) {
        return refused(asked, refusal.status(), String.valueOf(refusal.getMessage()), Duration.ofSeconds(1));
    }

    private static HttpResponse refused(RequestHeaders asked, HttpStatus status, String message, Duration retryAfter) {
        return GrpcStatusText.isAsked(asked)
                ? HttpResponse.of(GrpcStatusText.headers(status, message))
                : error(status, message, retryAfter);
    }

    /** The status of a refusal. */
    static HttpStatus status(Refusal.Reason reason) {
        return switch (reason) {
            case NOT_FOUND -> HttpStatus.NOT_FOUND;
            case UNAUTHENTICATED -> HttpStatus.UNAUTHORIZED;
            case FORBIDDEN -> HttpStatus.FORBIDDEN;
            case QUOTA -> HttpStatus.TOO_MANY_REQUESTS;
            case UNAVAILABLE, DEADLINE -> HttpStatus.SERVICE_UNAVAILABLE;
            case TOO_LARGE -> HttpStatus.REQUEST_ENTITY_TOO_LARGE;
            case CONFLICT -> HttpStatus.CONFLICT;
            case UNSUPPORTED -> HttpStatus.NOT_IMPLEMENTED;
        };
    }

    static byte[] errorBody(String message) {
        return object(json -> json.writeStringField("error", sayable(message)));
    }

    /** What callers wrote stands in messages: cut where it is long, and without halves of characters, for which UTF-8 has no bytes. */
    static String sayable(String message) {
        String said = message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "...";
        return new String(said.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    public static ResponseHeaders headers(HttpStatus status, MediaType type) {
        var headers = ResponseHeaders.builder(status)
                .contentType(type)
                .add(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .add(HttpHeaderNames.CONTENT_SECURITY_POLICY, "default-src 'self'; frame-ancestors 'none'")
                .add(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
                .add(HttpHeaderNames.REFERRER_POLICY, "no-referrer");
        if (status.equals(HttpStatus.SERVICE_UNAVAILABLE)) {
            headers.add(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        if (status.equals(HttpStatus.METHOD_NOT_ALLOWED)) {
            headers.add(
                    HttpHeaderNames.ALLOW, RouteTable.ANY); // MethodNotAllowed says it better where the path is known.
        }
        if (status.equals(HttpStatus.UNAUTHORIZED)) {
            headers.add(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
        }
        return headers.build();
    }

    private static byte[] object(Fields fields) {
        var body = new ByteArrayOutputStream();
        try (JsonGenerator json = InferJson.FACTORY.createGenerator(body)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does no output", e);
        }
        return body.toByteArray();
    }
}
