package dev.jumbo.serve.observe;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.serve.access.Caller;
import dev.jumbo.serve.access.Rights;
import dev.jumbo.serve.http.Errors;
import dev.jumbo.serve.http.Repeats;
import dev.jumbo.serve.http.Responses;
import dev.jumbo.serve.http.Route;
import dev.jumbo.serve.repository.ServedModels;
import dev.jumbo.serve.schedule.Terms;
import io.netty.util.AttributeKey;
import io.opentelemetry.api.trace.Span;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Sees every request of a server before anything else does: counts it, logs it, and gives it a span. */
public final class Observed implements DecoratingHttpServiceFunction, AutoCloseable {
    private static final AttributeKey<Times> TIMES = AttributeKey.valueOf(Observed.class, "times");
    private static final MediaType PROMETHEUS = MediaType.parse("text/plain; version=0.0.4; charset=utf-8");
    private static final int GONE = 499;
    private static final double MILLI = 1e6;

    private final ObserveConfig config;
    private final ServerFigures metrics = new ServerFigures();
    private final LineLog log;
    private final Traces traces;

    public Observed(ObserveConfig config) {
        this.config = config;
        traces = Traces.of(config.traces());
        log = new LineLog(config);
    }

    /** The figures, to which others add theirs. */
    public ServerFigures metrics() {
        return metrics;
    }

    /** Adds this to a server, behind all its other decorators. */
    public void on(ServerBuilder server) {
        server.decorator(this);
    }

    /** The route {@code /metrics}, if there is to be one. */
    public List<Route> routes(ServedModels models) {
        if (!config.metrics()) {
            return List.of();
        }
        metrics.addRepository(models.control());
        return List.of(Route.get(
                "/metrics",
                "Figures of the server for Prometheus.",
                (ctx, request) -> HttpResponse.of(CompletableFuture.supplyAsync(
                        () -> HttpResponse.of(
                                Responses.headers(HttpStatus.OK, PROMETHEUS),
                                HttpData.wrap(metrics.text(models).getBytes(StandardCharsets.UTF_8))),
                        ctx.blockingTaskExecutor())),
                Route.Reply.ok(new Route.Body("text/plain", "Text"))));
    }

    /** Who is to be told how a request spends its time. */
    public static Terms.Times times(ServiceRequestContext ctx) {
        Times times = ctx.attr(TIMES);
        return times == null ? Terms.Times.UNTOLD : times;
    }

    @Override
    public HttpResponse serve(HttpService next, ServiceRequestContext ctx, HttpRequest request) throws Exception {
        Times times = new Times();
        ctx.setAttr(TIMES, times);
        String route = Rights.name(ctx);
        Span span = traces.begin(ctx, request.headers(), route);
        var unused = ctx.log().whenComplete().thenAccept(whole -> ended(ctx, whole, route, times, span));
        return next.serve(ctx, request);
    }

    /** Counts and logs refusals that are said again as the first was, without a trace. */
    public Repeats.@Nullable Counted repeats(ServiceRequestContext ctx, RequestLog whole) {
        if (Caller.of(ctx).isSelf()) {
            return null;
        }
        String method = ctx.method().name();
        String route = Rights.name(ctx);
        String caller = caller(ctx);
        int status = status(whole);
        long sent = whole.responseLength();
        return (received, nanos) -> {
            metrics.request(method, route, status, received, sent, nanos);
            if (log.wants(status)) {
                log.add(new RequestLine(
                        Instant.now().truncatedTo(ChronoUnit.MILLIS),
                        caller,
                        method,
                        route,
                        status,
                        received,
                        sent,
                        nanos / MILLI,
                        0,
                        0,
                        "-",
                        "-"));
            }
        };
    }

    private static String caller(ServiceRequestContext ctx) {
        Caller caller = Caller.of(ctx);
        return caller.isNobody() ? ctx.clientAddress().getHostAddress() : caller.name();
    }

    private void ended(ServiceRequestContext ctx, RequestLog whole, String route, Times times, Span span) {
        if (Caller.of(ctx).isSelf()) {
            return;
        }
        int status = status(whole);
        metrics.request(
                ctx.method().name(),
                route,
                status,
                whole.requestLength(),
                whole.responseLength(),
                whole.totalDurationNanos());
        boolean wanted = log.wants(status);
        if (!wanted && !span.isRecording()) {
            return;
        }
        String trace = span.getSpanContext().isValid() ? span.getSpanContext().getTraceId() : "-";
        RequestLine line = new RequestLine(
                Instant.ofEpochMilli(whole.requestStartTimeMillis()),
                caller(ctx),
                ctx.method().name(),
                route,
                status,
                whole.requestLength(),
                whole.responseLength(),
                whole.totalDurationNanos() / MILLI,
                times.waited() / MILLI,
                times.computed() / MILLI,
                trace,
                Errors.id(ctx));
        if (wanted) {
            log.add(line);
        }
        traces.end(span, whole, line, times);
    }

    /** That of HTTP; where gRPC says it in a trailer, its like. 499 if the caller went before there was any. */
    private static int status(RequestLog whole) {
        HttpHeaders trailers = whole.responseTrailers();
        String grpc = trailers.get("grpc-status", whole.responseHeaders().get("grpc-status", "0"));
        int http = whole.responseHeaders().status().code();
        return switch (grpc) {
            case "0" -> http == 0 ? GONE : http;
            case "1" -> GONE;
            case "3" -> 400;
            case "4" -> 504;
            case "5" -> 404;
            case "7" -> 403;
            case "8" -> 429;
            case "12" -> 501;
            case "14" -> 503;
            case "16" -> 401;
            default -> 500;
        };
    }

    /** Writes what of the log is not written yet. */
    @Override
    public void close() {
        log.close();
        traces.close();
        metrics.close();
    }
}
