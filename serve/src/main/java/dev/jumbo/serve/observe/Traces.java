package dev.jumbo.serve.observe;

import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Traces by OpenTelemetry: the header {@code traceparent} is read, a span of the kind SERVER is made for the request, with spans {@code
 * queue} and {@code compute} in it, and is current where the request is served, so that it is passed on. Spans go where the process'
 * OpenTelemetry takes them: an SDK that a program has set as the global one, or the OpenTelemetry agent with its {@code OTEL_*}
 * variables. Without either nothing is recorded, and the caller's trace id is in the log all the same.
 */
final class Traces {
    private static final int SERVER_ERROR = 500;

    private static final TextMapGetter<RequestHeaders> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(RequestHeaders headers) {
            return headers.names().stream().map(CharSequence::toString).toList();
        }

        @Override
        public @Nullable String get(@Nullable RequestHeaders headers, String key) {
            // One that comes twice says nothing (W3C Trace Context, 3.2).
            List<String> all = headers == null ? List.of() : headers.getAll(key);
            return all.size() == 1 ? all.get(0) : null;
        }
    };

    private final Tracer tracer;
    private final TextMapPropagator propagator;

    Traces(OpenTelemetry telemetry) {
        tracer = telemetry.getTracer("dev.jumbo.serve");
        TextMapPropagator given = telemetry.getPropagators().getTextMapPropagator();
        propagator = given.fields().isEmpty() ? W3CTraceContextPropagator.getInstance() : given;
    }

    /** Of this process. */
    static Traces ofProcess() {
        return new Traces(GlobalOpenTelemetry.getOrNoop());
    }

    /** The span of a request that begins. */
    @SuppressWarnings("MustBeClosedChecker") // The server closes what a hook opens.
    Span begin(ServiceRequestContext ctx, RequestHeaders headers, String route) {
        Context parent = propagator.extract(Context.root(), headers, HEADERS);
        Span span = tracer.spanBuilder(ctx.method() + " " + route)
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .startSpan();
        if (span.getSpanContext().isValid()) {
            Context own = parent.with(span);
            ctx.hook(() -> own.makeCurrent()::close);
        }
        return span;
    }

    /** Ends the span of a request. @param times of its parts, whose order is known */
    void end(Span span, RequestLine line, Times times) {
        if (!span.isRecording()) {
            return;
        }
        Context own = Context.root().with(span);
        if (times.computed() > 0) {
            part(own, "queue", times.end() - times.computed() - times.waited(), times.end() - times.computed());
            part(own, "compute", times.end() - times.computed(), times.end());
        }
        span.setAttribute("http.request.method", line.method())
                .setAttribute("http.route", line.route())
                .setAttribute("http.response.status_code", line.status());
        if (line.status() >= SERVER_ERROR) {
            span.setStatus(StatusCode.ERROR, line.error().equals("-") ? "" : "error " + line.error());
        }
        span.end();
    }

    private void part(Context parent, String name, long start, long end) {
        tracer.spanBuilder(name)
                .setParent(parent)
                .setStartTimestamp(start, TimeUnit.NANOSECONDS)
                .startSpan()
                .end(end, TimeUnit.NANOSECONDS);
    }
}
