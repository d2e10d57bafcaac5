package dev.jumbo.serve;

import static dev.jumbo.serve.TestServer.INFER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.sun.net.httpserver.HttpServer;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.grpc.proto.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.jumbo.serve.grpc.proto.ModelMetadataRequest;
import dev.jumbo.serve.observe.ObserveConfig;
import dev.jumbo.serve.observe.TracesConfig;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Spans as a collector receives them, read by the classes of OpenTelemetry's published schema. */
@Timeout(60)
class TracesTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";

    /** A collector that keeps what it is sent. */
    private static final class Collector implements AutoCloseable {
        private final HttpServer http;
        final List<ResourceSpans> received = new CopyOnWriteArrayList<>();
        final List<String> paths = new CopyOnWriteArrayList<>();

        Collector(int status) throws IOException {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
            http.createContext("/", exchange -> {
                paths.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                        + exchange.getRequestHeaders().getFirst("Content-Type"));
                boolean packed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
                byte[] body = packed
                        ? new GZIPInputStream(exchange.getRequestBody()).readAllBytes()
                        : exchange.getRequestBody().readAllBytes();
                if (status == 200) {
                    received.addAll(ExportTraceServiceRequest.parseFrom(body).getResourceSpansList());
                }
                exchange.sendResponseHeaders(status, -1);
                exchange.close();
            });
            http.start();
        }

        String endpoint() {
            return "http://127.0.0.1:" + http.getAddress().getPort();
        }

        List<Span> spans() {
            return received.stream()
                    .flatMap(each -> each.getScopeSpansList().stream())
                    .flatMap(each -> each.getSpansList().stream())
                    .toList();
        }

        @Override
        public void close() {
            http.stop(0);
        }
    }

    private static ServerConfig tracing(TracesConfig traces) {
        return ServerConfig.local(0).with(ObserveConfig.DEFAULT.with(traces));
    }

    private static Map<String, String> attributes(List<KeyValue> all) {
        return all.stream()
                .collect(Collectors.toMap(
                        KeyValue::getKey,
                        each -> each.getValue().hasIntValue()
                                ? "" + each.getValue().getIntValue()
                                : each.getValue().getStringValue()));
    }

    private static Span named(Map<String, Span> spans, String name) {
        return Objects.requireNonNull(spans.get(name), name);
    }

    private static String hex(com.google.protobuf.ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    private static void traced(TestServer server, String path, String flags) {
        server.send(HttpRequest.newBuilder(server.uri(path))
                .header("Content-Type", "application/json")
                .header("traceparent", "00-" + TRACE + "-" + CALLER + "-" + flags)
                .POST(HttpRequest.BodyPublishers.ofString(INFER))
                .build());
    }

    @Test
    void a_collector_gets_the_request_its_waiting_and_its_computation_under_the_callers_trace() throws Exception {
        try (Collector collector = new Collector(200)) {
            long before = System.currentTimeMillis() * 1_000_000;
            try (TestServer server = new TestServer(tracing(TracesConfig.to(collector.endpoint())))) {
                traced(server, "/v2/models/light/infer?secret=q", "01");
            } // what waits is sent when the server stops
            assertThat(collector.paths)
                    .allMatch(each -> each.equals("POST /v1/traces application/x-protobuf"))
                    .isNotEmpty();
            Map<String, String> resource =
                    attributes(collector.received.get(0).getResource().getAttributesList());
            assertThat(resource)
                    .containsEntry("service.name", "jumbo")
                    .containsKeys("service.version", "telemetry.sdk.version");
            Map<String, Span> spans = collector.spans().stream().collect(Collectors.toMap(Span::getName, each -> each));
            assertThat(spans).containsOnlyKeys("POST /v2/models/{model}/infer", "queue", "compute");
            Span request = named(spans, "POST /v2/models/{model}/infer");
            assertThat(hex(request.getTraceId())).isEqualTo(TRACE);
            assertThat(hex(request.getParentSpanId())).isEqualTo(CALLER);
            assertThat(request.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
            assertThat(request.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
            assertThat(attributes(request.getAttributesList()))
                    .containsEntry("http.request.method", "POST")
                    .containsEntry("http.route", "/v2/models/{model}/infer")
                    .containsEntry("http.response.status_code", "200")
                    .containsEntry("url.path", "/v2/models/light/infer")
                    .containsEntry("url.scheme", "http")
                    .containsEntry("network.protocol.version", "1.1")
                    .containsEntry("client.address", "127.0.0.1")
                    .containsEntry("jumbo.model", "light")
                    .containsEntry("jumbo.version", "1")
                    .doesNotContainKey("error.type");
            for (String name : new String[] {"queue", "compute"}) {
                Span part = named(spans, name);
                assertThat(part.getParentSpanId()).isEqualTo(request.getSpanId());
                assertThat(part.getTraceId()).isEqualTo(request.getTraceId());
                assertThat(part.getStartTimeUnixNano())
                        .isLessThanOrEqualTo(part.getEndTimeUnixNano())
                        .isGreaterThan(before - 1_000_000_000);
                assertThat(attributes(part.getAttributesList())).containsEntry("jumbo.model", "light");
            }
            assertThat(named(spans, "queue").getEndTimeUnixNano())
                    .isEqualTo(named(spans, "compute").getStartTimeUnixNano());
            for (ResourceSpans each : collector.received) {
                assertThat(each.toString()).as("no payload, no query").doesNotContain("255,255", "secret", "datatype");
            }
        }
    }

    @Test
    void failures_calls_and_unknown_paths_are_told_by_the_conventions() throws Exception {
        try (Collector collector = new Collector(200)) {
            try (TestServer server = new TestServer(tracing(TracesConfig.to(collector.endpoint())))) {
                server.predictor.broken = true;
                server.infer(INFER);
                server.predictor.broken = false;
                server.get("/made/up/" + "x".repeat(500));
                GRPCInferenceServiceBlockingStub stub = GrpcClients.newClient(
                        "gproto+http://127.0.0.1:" + server.server.port(), GRPCInferenceServiceBlockingStub.class);
                assertThatThrownBy(() -> stub.modelMetadata(ModelMetadataRequest.newBuilder()
                                .setName("dark")
                                .build()))
                        .isInstanceOf(StatusRuntimeException.class);
            }
            Map<String, Span> spans = collector.spans().stream().collect(Collectors.toMap(Span::getName, each -> each));
            Span broken = named(spans, "POST /v2/models/{model}/infer");
            assertThat(broken.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
            assertThat(broken.getStatus().getMessage()).matches("error [0-9a-f]{16}");
            assertThat(attributes(broken.getAttributesList()))
                    .containsEntry("error.type", "500")
                    .containsEntry("http.response.status_code", "500");
            Span unknown = named(spans, "GET");
            assertThat(attributes(unknown.getAttributesList())).doesNotContainKey("http.route");
            assertThat(attributes(unknown.getAttributesList()).get("url.path")).hasSizeLessThanOrEqualTo(256);
            Span call = named(spans, "inference.GRPCInferenceService/ModelMetadata");
            assertThat(attributes(call.getAttributesList()))
                    .containsEntry("rpc.system.name", "grpc")
                    .containsEntry("rpc.method", "inference.GRPCInferenceService/ModelMetadata")
                    .containsEntry("rpc.response.status_code", "NOT_FOUND");
            assertThat(call.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
        }
    }

    @Test
    void a_caller_that_does_not_trace_is_not_traced_and_a_share_of_the_others_is() throws Exception {
        try (Collector collector = new Collector(200)) {
            TracesConfig none = new TracesConfig(collector.endpoint() + "/v1/traces", 0, "shop", 16);
            try (TestServer server = new TestServer(tracing(none))) {
                traced(server, "/v2/models/light/infer", "00");
                server.infer(INFER);
                traced(server, "/v2/models/light/infer", "01");
            }
            assertThat(collector.spans()).extracting(Span::getName).hasSize(3).contains("compute");
            assertThat(attributes(collector.received.get(0).getResource().getAttributesList()))
                    .containsEntry("service.name", "shop");
        }
    }

    /** One that refuses connections, one that answers with an error, and one that never answers. */
    @ParameterizedTest
    @ValueSource(strings = {"nobody", "failing", "silent"})
    void a_dead_collector_harms_nobody_and_is_told_of_once(String kind) throws Exception {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger("dev.jumbo.serve.observe.LostSpans");
        lines.start();
        log.addAppender(lines);
        List<String> others = new CopyOnWriteArrayList<>();
        Handler handler = handler(others);
        java.util.logging.Logger.getLogger("").addHandler(handler);
        try (Collector failing = new Collector(503);
                ServerSocket silent = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            String endpoint = kind.equals("failing") ? failing.endpoint() : "http://127.0.0.1:" + silent.getLocalPort();
            if (kind.equals("nobody")) {
                silent.close();
            }
            long stopping;
            try (TestServer server = new TestServer(tracing(new TracesConfig(endpoint, 1, "jumbo", 64)))) {
                long start = System.nanoTime();
                for (int i = 0; i < 200; i++) {
                    assertThat(server.infer(INFER).statusCode()).isEqualTo(200);
                }
                assertThat((System.nanoTime() - start) / 1e9).isLessThan(30);
                TimeUnit.MILLISECONDS.sleep(kind.equals("silent") ? 100 : 1300);
                server.assertHealthy();
                stopping = System.nanoTime();
            }
            assertThat((System.nanoTime() - stopping) / 1e9).isLessThan(12);
            assertThat(lines.list).hasSizeLessThanOrEqualTo(1);
            if (!kind.equals("silent")) {
                assertThat(lines.list)
                        .singleElement()
                        .satisfies(line -> assertThat(line.getFormattedMessage())
                                .contains("spans were lost: the collector at 127.0.0.1:"));
            }
        } finally {
            log.detachAppender(lines);
            java.util.logging.Logger.getLogger("").removeHandler(handler);
        }
        assertThat(others).as("lines that OpenTelemetry writes itself").isEmpty();
    }

    private static Handler handler(List<String> lines) {
        return new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line.getLoggerName() + ": " + line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "collector:4318",
                "ftp://collector",
                "http://",
                "http://a b",
                "http://user:secret@collector:4318",
                "http://c/?k=secret"
            })
    void an_address_that_is_none_is_refused_without_what_may_be_secret(String endpoint) {
        assertThatThrownBy(() -> TracesConfig.to(endpoint))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("serve.observe.traces.endpoint: expected an address as http://collector:4318")
                .hasMessageNotContaining("user:secret");
    }
}
