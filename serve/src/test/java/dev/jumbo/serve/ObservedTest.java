package dev.jumbo.serve;

import static dev.jumbo.serve.TestServer.INFER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.serve.access.Token;
import dev.jumbo.serve.observe.LogFormat;
import dev.jumbo.serve.observe.ObserveConfig;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What a server tells about itself: figures against what was asked, lines of the log, traces. */
@Timeout(60)
class ObservedTest {
    private static final String SECRET = "0123456789abcdef";
    private static final String LIGHT = "{model=\"light\",version=\"1\"}";
    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-zA-Z0-9_]+(?:\\{.*})?) (\\S+)$");

    @Test
    void figures_of_a_model_are_what_was_asked_of_it_under_the_names_of_triton() {
        try (TestServer server = new TestServer()) {
            long start = System.nanoTime();
            String three =
                    INFER.replace("[1,1,2,2]", "[3,1,2,2]").replace("[255,255,255,255]", "[0,0,0,0,1,1,1,1,2,2,2,2]");
            for (int i = 0; i < 5; i++) {
                assertThat(server.infer(three).statusCode()).isEqualTo(200);
            }
            server.post("/v2/models/light/predict", "image/png", TestServer.png(1, 2, 3, 4));
            assertThat(server.infer(INFER.replace("FP32", "FP99")).statusCode()).isEqualTo(400);
            server.predictor.broken = true;
            assertThat(server.infer(INFER).statusCode()).isEqualTo(500);
            server.predictor.broken = false;
            double micros = (System.nanoTime() - start) / 1e3;
            Map<String, Double> figures = figures(server);
            assertThat(figures)
                    .containsEntry("nv_inference_request_success" + LIGHT, 6.0)
                    .containsEntry("nv_inference_count" + LIGHT, 16.0)
                    .containsEntry("nv_inference_exec_count" + LIGHT, 6.0)
                    .containsEntry("nv_inference_request_failure{model=\"light\",reason=\"OTHER\",version=\"1\"}", 0.0)
                    .containsEntry(
                            "nv_inference_request_failure{model=\"light\",reason=\"BACKEND\",version=\"1\"}", 1.0)
                    .containsEntry("jumbo_model_ready{engine=\"none\",model=\"light\",version=\"1\"}", 1.0);
            double all = Objects.requireNonNull(figures.get("nv_inference_request_duration_us" + LIGHT));
            double parts = Objects.requireNonNull(figures.get("nv_inference_queue_duration_us" + LIGHT))
                    + Objects.requireNonNull(figures.get("nv_inference_compute_infer_duration_us" + LIGHT));
            assertThat(parts).isPositive().isLessThan(all);
            assertThat(all).isLessThan(micros);
            assertThat(text(server)).contains("# TYPE nv_inference_count counter");
        }
    }

    @Test
    void figures_of_the_server_count_requests_bytes_and_refusals() {
        try (TestServer server = new TestServer()) {
            int asked = INFER.getBytes(StandardCharsets.UTF_8).length;
            int answered = server.infer(INFER).body().length;
            server.get("/v2/models/none");
            server.get("/no/such/path");
            server.get("/v2/models/light/infer");
            Map<String, Double> figures = figures(server);
            String infer = "method=\"POST\",route=\"/v2/models/{model}/infer\",status=\"200\"";
            assertThat(figures)
                    .containsEntry("jumbo_requests_total{" + infer + "}", 1.0)
                    .containsEntry(
                            "jumbo_requests_total{method=\"GET\",route=\"/v2/models/{model}\",status=\"404\"}", 1.0)
                    .containsEntry("jumbo_requests_total{method=\"GET\",route=\"-\",status=\"404\"}", 1.0)
                    .containsEntry("jumbo_refusals_total{reason=\"not_found\"}", 3.0)
                    .containsEntry("jumbo_received_bytes_total", (double) asked)
                    .containsEntry("jumbo_request_duration_seconds_count{route=\"/v2/models/{model}/infer\"}", 1.0)
                    .containsEntry("jumbo_connections", 1.0)
                    .containsEntry("jumbo_queue_requests", 0.0);
            assertThat(figures.get("jumbo_sent_bytes_total")).isGreaterThanOrEqualTo(answered);
            assertThat(figures.get("process_resident_memory_bytes")).isBetween(50e6, 20e9);
            assertThat(figures.keySet()).anyMatch(name -> name.startsWith("jvm_memory_used_bytes"));
        }
    }

    @Test
    void names_that_callers_make_up_are_no_labels() {
        try (TestServer server = new TestServer()) {
            server.infer(INFER);
            server.get("/v2/models/none");
            server.get("/none");
            server.get("/metrics");
            int before = figures(server).size();
            for (int i = 0; i < 300; i++) {
                server.get("/v2/models/made-up-" + i);
                server.get("/v2/models/light/versions/" + i + "7");
                server.get("/made/up/" + i);
            }
            // Routes that were asked for the first time have series of their own: a number of them for each, not for
            // each name.
            assertThat(figures(server).size() - before).isLessThan(60);
            assertThat(text(server)).doesNotContain("made-up").doesNotContain("/made/");
        }
    }

    @Test
    void the_request_log_has_a_line_for_each_request_and_nothing_that_was_secret_or_sent() throws Exception {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger("dev.jumbo.serve.requests");
        lines.start();
        log.addAppender(lines);
        log.setLevel(ch.qos.logback.classic.Level.INFO);
        log.setAdditive(false);
        ObserveConfig json = new ObserveConfig(LogFormat.JSON, 1, true);
        String error;
        try (TestServer server = new TestServer(ServerConfig.local(0).with(json), Token.of(SECRET))) {
            String trace = "0af7651916cd43dd8448eb211c80319c";
            assertThat(send(server, INFER, "00-" + trace + "-b7ad6b7169203331-01")
                            .statusCode())
                    .isEqualTo(200);
            server.predictor.broken = true;
            HttpResponse<byte[]> broken =
                    send(server, INFER, "00-00000000000000000000000000000000-b7ad6b7169203331-01");
            error = TestServer.json(broken).path("error").asText().replace("internal error ", "");
            server.predictor.broken = false;
            server.raw("GET /v2?secret=%0d%0aforged HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + "wrong-wrong-wrong-wrong\r\nConnection: close\r\n\r\n");
            server.raw("POST /v2/repository/index HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + SECRET
                    + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        } finally {
            log.detachAppender(lines);
        }
        assertThat(lines.list).hasSize(4);
        JsonNode first = json(lines, 0);
        assertThat(first.path("caller").asText()).isEqualTo("token");
        assertThat(first.path("method").asText()).isEqualTo("POST");
        assertThat(first.path("route").asText()).isEqualTo("/v2/models/{model}/infer");
        assertThat(first.path("status").asInt()).isEqualTo(200);
        assertThat(first.path("bytes_in").asInt()).isEqualTo(INFER.length());
        assertThat(first.path("bytes_out").asInt()).isGreaterThan(50);
        assertThat(first.path("trace").asText()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(first.path("ms").asDouble())
                .isGreaterThan(first.path("compute_ms").asDouble()
                        + first.path("queue_ms").asDouble());
        assertThat(first.path("compute_ms").asDouble()).isPositive();
        JsonNode second = json(lines, 1);
        assertThat(second.path("error").asText()).isEqualTo(error).matches("[0-9a-f]{16}");
        assertThat(second.path("trace").asText()).as("an invalid one").isEqualTo("-");
        JsonNode third = json(lines, 2);
        assertThat(third.path("status").asInt()).isEqualTo(401);
        assertThat(third.path("caller").asText()).isEqualTo("127.0.0.1");
        JsonNode fourth = json(lines, 3);
        assertThat(fourth.path("status").asInt()).as("a scope that it has not").isEqualTo(403);
        assertThat(fourth.path("caller").asText()).isEqualTo("token");
        for (ILoggingEvent line : lines.list) {
            assertThat(line.getFormattedMessage())
                    .doesNotContain(SECRET, "wrong-wrong", "255", "secret", "forged", "\n");
        }
    }

    @Test
    void a_share_of_good_requests_is_logged_and_every_failed_one() throws IOException {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger("dev.jumbo.serve.requests");
        lines.start();
        log.addAppender(lines);
        log.setLevel(ch.qos.logback.classic.Level.INFO);
        log.setAdditive(false);
        try (TestServer server =
                new TestServer(ServerConfig.local(0).with(new ObserveConfig(LogFormat.TEXT, 0, false)))) {
            server.infer(INFER);
            assertThat(server.get("/metrics").statusCode()).isEqualTo(404);
        } finally {
            log.detachAppender(lines);
        }
        assertThat(lines.list).hasSize(1);
        assertThat(lines.list.get(0).getFormattedMessage())
                .matches("time=\\S+ caller=127.0.0.1 method=GET route=- status=404 bytes_in=0 bytes_out=\\d+ ms=\\S+"
                        + " queue_ms=0.000 compute_ms=0.000 trace=- error=-");
    }

    @Test
    void a_scrape_takes_milliseconds() {
        try (TestServer server = new TestServer()) {
            server.get("/metrics");
            long start = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                server.get("/metrics");
            }
            assertThat((System.nanoTime() - start) / 1e9 / 10).isCloseTo(0, within(0.3));
        }
    }

    private static HttpResponse<byte[]> send(TestServer server, String body, String traceparent) {
        return server.send(HttpRequest.newBuilder(server.uri("/v2/models/light/infer"))
                .header("Authorization", "Bearer " + SECRET)
                .header("traceparent", traceparent)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private static JsonNode json(ListAppender<ILoggingEvent> lines, int index) throws IOException {
        return new ObjectMapper().readTree(lines.list.get(index).getFormattedMessage());
    }

    private static String text(TestServer server) {
        HttpResponse<byte[]> answer = server.get("/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    /** Samples by name and labels; what was answered before this is counted when its answer has been sent, a moment later. */
    private static Map<String, Double> figures(TestServer server) {
        try {
            TimeUnit.MILLISECONDS.sleep(200);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        Map<String, Double> figures = new HashMap<>();
        List<String> lines =
                text(server).lines().filter(line -> !line.startsWith("#")).toList();
        for (String line : lines) {
            Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            figures.put(sample.group(1), Double.parseDouble(sample.group(2).replace("+Inf", "Infinity")));
        }
        return figures;
    }
}
