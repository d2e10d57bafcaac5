package dev.jumbo.serve.observe;

import dev.jumbo.error.InputException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Headers of a collector as {@code OTEL_EXPORTER_OTLP_HEADERS} has them: {@code name=value}, between commas, percent-encoded. */
final class TraceHeaders {
    private TraceHeaders() {}

    /** @throws InputException if it is something else, without its text, which may be a secret */
    static Map<String, String> of(@Nullable String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (text == null || text.isBlank()) {
            return headers;
        }
        for (String each : text.split(",", -1)) {
            int equals = each.indexOf('=');
            String name = equals < 0 ? "" : each.substring(0, equals).strip();
            if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
                throw refused();
            }
            try {
                // A plus is itself here.
                String value = each.substring(equals + 1).strip().replace("+", "%2B");
                headers.put(name, URLDecoder.decode(value, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw refused();
            }
        }
        return headers;
    }

    private static InputException refused() {
        return new InputException("expected name=value in OTEL_EXPORTER_OTLP_HEADERS, several between commas, with %"
                + " before the two hexadecimal digits of other letters");
    }
}
