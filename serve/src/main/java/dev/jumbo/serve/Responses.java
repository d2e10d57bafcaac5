package dev.jumbo.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Answers, every one with the headers that keep browsers from doing more with it than show it. */
final class Responses {
    private static final String RETRY_AFTER_SECONDS = "1";

    private Responses() {}

    /** Writes the fields of one JSON object. */
    interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    static HttpResponse json(HttpStatus status, Fields fields) {
        return json(status, object(fields));
    }

    static HttpResponse json(HttpStatus status, byte[] body) {
        return HttpResponse.of(headers(status, MediaType.JSON), HttpData.wrap(body));
    }

    /** {@code {"error": "..."}} */
    static HttpResponse error(HttpStatus status, String message) {
        return json(status, errorBody(message));
    }

    static byte[] errorBody(String message) {
        return object(json -> json.writeStringField("error", message));
    }

    static ResponseHeaders headers(HttpStatus status, MediaType type) {
        var headers = ResponseHeaders.builder(status)
                .contentType(type)
                .add(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .add(HttpHeaderNames.CONTENT_SECURITY_POLICY, "default-src 'self'; frame-ancestors 'none'")
                .add(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
                .add(HttpHeaderNames.REFERRER_POLICY, "no-referrer");
        if (status.equals(HttpStatus.SERVICE_UNAVAILABLE)) {
            headers.add(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS);
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
