package dev.jumbo.serve.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.serve.fuzz.AnyBytes;
import io.opentelemetry.api.trace.Span;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The header {@code traceparent}. */
class TraceParentFuzzTest {
    private static final Traces TRACES = Traces.of(null);

    /** Of version 00; of later ones the first four fields are read (W3C Trace Context, 3.2.2). */
    private static final String WHOLE = "(?!ff)[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?";

    @Fuzzed
    void header(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1)
                .replaceAll("\\p{Cntrl}", "?")
                .strip();
        RequestHeaders headers = RequestHeaders.of(HttpMethod.GET, "/v2", "traceparent", text);
        ServiceRequestContext ctx = ServiceRequestContext.of(HttpRequest.of(headers));
        Span span = Objects.requireNonNull(AnyBytes.read(data, () -> TRACES.begin(ctx, headers, "/v2")));
        if (span.getSpanContext().isValid()) {
            assertThat(text).matches(WHOLE).contains(span.getSpanContext().getTraceId());
        }
    }
}
