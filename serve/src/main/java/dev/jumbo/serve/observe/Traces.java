package dev.jumbo.serve.observe;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Status;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Traces by OpenTelemetry: the header {@code traceparent} is read, a span of the kind SERVER is made for the request, with spans {@code
 * queue} and {@code compute} in it, and is current where the request is served, so that it is passed on. Spans go to the collector of
 * {@code serve.observe.traces}; without one where the process' OpenTelemetry takes them: an SDK that a program has set as the global one,
 * or the OpenTelemetry agent with its {@code OTEL_*} variables. Without any nothing is recorded, and the caller's trace id is in the log
 * all the same.
 *
 * <p>Names and attributes are those of the semantic conventions for HTTP and gRPC (1.38 and later); {@code jumbo.model} and {@code
 * jumbo.version} are ours. No header, body or query is among them.
 */
final class Traces implements AutoCloseable {
    private static final int SERVER_ERROR = 500;
    private static final int LONGEST_PATH = 256;
    private static final String GRPC = "application/grpc";

    /** What of a call is the server's fault, as the conventions have it. */
    private static final Set<Status.Code> FAULTS = Set.of(
            Status.Code.UNKNOWN,
            Status.Code.DEADLINE_EXCEEDED,
            Status.Code.UNIMPLEMENTED,
            Status.Code.INTERNAL,
            Status.Code.UNAVAILABLE,
            Status.Code.DATA_LOSS);

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
    private final @Nullable TraceExport export;

    private Traces(TracerProvider provider, TextMapPropagator propagator, @Nullable TraceExport export) {
        tracer = provider.get("dev.jumbo.serve");
        this.propagator = propagator;
        this.export = export;
    }

    /** Of this process, or to the collector that is named. */
    static Traces of(@Nullable TracesConfig config) {
        if (config != null) {
            TraceExport export = new TraceExport(config);
            return new Traces(export.provider(), W3CTraceContextPropagator.getInstance(), export);
        }
        OpenTelemetry telemetry = GlobalOpenTelemetry.getOrNoop();
        TextMapPropagator given = telemetry.getPropagators().getTextMapPropagator();
        return new Traces(
                telemetry.getTracerProvider(),
                given.fields().isEmpty() ? W3CTraceContextPropagator.getInstance() : given,
                null);
    }

    /** The span of a request that begins. @param route {@code -} for a path that nobody answers */
    @SuppressWarnings("MustBeClosedChecker") // The server closes what a hook opens.
    Span begin(ServiceRequestContext ctx, RequestHeaders headers, String route) {
        Context parent = propagator.extract(Context.root(), headers, HEADERS);
        String method =
                ctx.method() == HttpMethod.UNKNOWN ? "_OTHER" : ctx.method().name();
        boolean known = !route.equals("-");
        boolean call = known && isCall(headers);
        SpanBuilder builder = tracer.spanBuilder(call ? route.substring(1) : known ? method + " " + route : method)
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("http.request.method", method)
                .setAttribute("url.scheme", ctx.sessionProtocol().isTls() ? "https" : "http")
                .setAttribute("url.path", shortened(ctx.path()))
                .setAttribute("network.protocol.version", ctx.sessionProtocol().isMultiplex() ? "2" : "1.1")
                .setAttribute("client.address", ctx.clientAddress().getHostAddress());
        InetSocketAddress local = ctx.localAddress();
        builder.setAttribute("server.address", local.getAddress().getHostAddress())
                .setAttribute("server.port", (long) local.getPort());
        if (known) {
            builder.setAttribute("http.route", route);
        }
        if (call) {
            builder.setAttribute("rpc.system.name", "grpc").setAttribute("rpc.method", route.substring(1));
        }
        Span span = builder.startSpan();
        if (span.getSpanContext().isValid()) {
            Context own = parent.with(span);
            ctx.hook(() -> own.makeCurrent()::close);
        }
        return span;
    }

    private static boolean isCall(RequestHeaders headers) {
        String type = headers.get("content-type");
        return type != null && type.startsWith(GRPC);
    }

    private static String shortened(String path) {
        return path.length() <= LONGEST_PATH ? path : path.substring(0, LONGEST_PATH);
    }

    /** Ends the span of a request. @param times of its parts, whose order is known */
    void end(Span span, RequestLog whole, RequestLine line, Times times) {
        if (!span.isRecording()) {
            return;
        }
        if (!times.model().isEmpty()) {
            span.setAttribute("jumbo.model", times.model()).setAttribute("jumbo.version", times.version());
        }
        Context own = Context.root().with(span);
        if (times.computed() > 0) {
            part(own, "queue", times, times.end() - times.computed() - times.waited(), times.end() - times.computed());
            part(own, "compute", times, times.end() - times.computed(), times.end());
        }
        if (isCall(whole.requestHeaders())) {
            endCall(span, code(whole), line);
        } else {
            // What the caller was told; 499 stands for one that went before.
            span.setAttribute("http.response.status_code", (long) line.status());
            if (line.status() >= SERVER_ERROR) {
                fail(span, Integer.toString(line.status()), line);
            }
        }
        span.end();
    }

    private static void endCall(Span span, Status.Code code, RequestLine line) {
        span.setAttribute("rpc.response.status_code", code.name());
        if (FAULTS.contains(code)) {
            fail(span, code.name(), line);
        }
    }

    private static void fail(Span span, String type, RequestLine line) {
        span.setAttribute("error.type", type);
        span.setStatus(StatusCode.ERROR, line.error().equals("-") ? "" : "error " + line.error());
    }

    private static Status.Code code(RequestLog whole) {
        String given = whole.responseTrailers()
                .get("grpc-status", whole.responseHeaders().get("grpc-status", ""));
        // Without one the caller went before there was any.
        return given.matches("[0-9]{1,2}")
                ? Status.fromCodeValue(Integer.parseInt(given)).getCode()
                : Status.Code.CANCELLED;
    }

    private void part(Context parent, String name, Times times, long start, long end) {
        tracer.spanBuilder(name)
                .setParent(parent)
                .setStartTimestamp(start, TimeUnit.NANOSECONDS)
                .setAttribute("jumbo.model", times.model())
                .setAttribute("jumbo.version", times.version())
                .startSpan()
                .end(end, TimeUnit.NANOSECONDS);
    }

    /** Sends what waits. */
    @Override
    public void close() {
        if (export != null) {
            export.close();
        }
    }
}
