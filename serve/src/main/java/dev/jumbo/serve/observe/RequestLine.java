package dev.jumbo.serve.observe;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.jumbo.serve.wire.InferJson;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Locale;

/**
 * What the log says of a request: nothing that a caller wrote but the method, if it is one, and a trace id.
 *
 * @param caller the name of a token, or an address
 * @param route as the table of routes has it; {@code -} for a path that nobody answers
 * @param bytesIn of the body, and {@code bytesOut} of the answer's
 * @param millis from the head of the request to the end of its answer; {@code queueMillis} of it waiting, {@code computeMillis} computed
 * @param trace of W3C's trace context; {@code -} without
 * @param error the id of an internal error, by which the log tells more; {@code -} without
 */
record RequestLine(
        Instant time,
        String caller,
        String method,
        String route,
        int status,
        long bytesIn,
        long bytesOut,
        double millis,
        double queueMillis,
        double computeMillis,
        String trace,
        String error) {
    String text() {
        return String.format(
                Locale.ROOT,
                "time=%s caller=%s method=%s route=%s status=%d bytes_in=%d bytes_out=%d ms=%.3f queue_ms=%.3f"
                        + " compute_ms=%.3f trace=%s error=%s",
                time,
                clean(caller),
                clean(method),
                clean(route),
                status,
                bytesIn,
                bytesOut,
                millis,
                queueMillis,
                computeMillis,
                clean(trace),
                clean(error));
    }

    String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = InferJson.FACTORY.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("time", time.toString());
            json.writeStringField("caller", caller);
            json.writeStringField("method", method);
            json.writeStringField("route", route);
            json.writeNumberField("status", status);
            json.writeNumberField("bytes_in", bytesIn);
            json.writeNumberField("bytes_out", bytesOut);
            json.writeNumberField("ms", millis);
            json.writeNumberField("queue_ms", queueMillis);
            json.writeNumberField("compute_ms", computeMillis);
            json.writeStringField("trace", trace);
            json.writeStringField("error", error);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does no output", e);
        }
        return text.toString();
    }

    /** Without what would end a line or a field, or steer a terminal. */
    static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), 200); i++) {
            char c = text.charAt(i);
            boolean plain = c > ' ' && c < 127 && c != '\\' && c != '"';
            clean.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "\\u%04x", (int) c));
        }
        return clean.toString();
    }
}
