package dev.jumbo.serve;

import static dev.jumbo.serve.TestServer.INFER;
import static dev.jumbo.serve.TestServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.jumbo.serve.access.Token;
import dev.jumbo.serve.access.TokenScope;
import dev.jumbo.serve.access.TokensFile;
import dev.jumbo.serve.grpc.proto.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.jumbo.serve.grpc.proto.InferBatchStatistics;
import dev.jumbo.serve.grpc.proto.ModelStatistics;
import dev.jumbo.serve.grpc.proto.ModelStatisticsRequest;
import dev.jumbo.serve.grpc.proto.StatisticDuration;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The statistics extension against what was asked, and against the clock. */
@Timeout(60)
class StatisticsTest {
    private static final List<String> PARTS = List.of("queue", "compute_input", "compute_infer", "compute_output");
    private static final long HELD_MILLIS = 150;

    private static String rows(int rows) {
        String values = "255,".repeat(4 * rows);
        return "{\"inputs\":[{\"name\":\"image\",\"shape\":[" + rows + ",1,2,2],\"datatype\":\"FP32\",\"data\":["
                + values.substring(0, values.length() - 1) + "]}]}";
    }

    private static JsonNode statistics(TestServer server) {
        return json(server.get("/v2/models/light/stats")).at("/model_stats/0");
    }

    private static CompletableFuture<HttpResponse<byte[]>> later(TestServer server, String body) {
        return server.client.sendAsync(
                HttpRequest.newBuilder(server.uri("/v2/models/light/infer"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static void begun(TestServer server) throws InterruptedException {
        int before = server.predictor.finished.get();
        while (server.predictor.started.get() == before) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    @Test
    void a_version_that_nobody_asked_is_there_with_zeros() {
        try (TestServer server = new TestServer()) {
            JsonNode none = statistics(server);
            assertThat(none.path("name").asText() + none.path("version").asText())
                    .isEqualTo("light1");
            assertThat(none.path("last_inference").asLong(-1)).isZero();
            assertThat(none.at("/inference_stats/success/count").asLong(-1)).isZero();
            assertThat(none.path("batch_stats")).isEmpty();
        }
    }

    /** Held for 150 ms in the model, one after the other: the second waits as long as the first is computed. */
    @Test
    void each_part_has_the_time_that_was_spent_in_it() throws Exception {
        try (TestServer server = new TestServer()) {
            server.predictor.hold = new CountDownLatch(1);
            long start = System.nanoTime();
            CompletableFuture<HttpResponse<byte[]>> first = later(server, rows(3));
            begun(server);
            CompletableFuture<HttpResponse<byte[]>> second = later(server, rows(2));
            while (!new String(server.get("/metrics").body(), StandardCharsets.UTF_8)
                    .contains("\njumbo_queue_requests 1.0\n")) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            TimeUnit.MILLISECONDS.sleep(HELD_MILLIS);
            server.predictor.hold.countDown();
            assertThat(first.join().statusCode()).isEqualTo(200);
            assertThat(second.join().statusCode()).isEqualTo(200);
            long wall = System.nanoTime() - start;
            JsonNode all = statistics(server);
            assertThat(all.path("inference_count").asLong()).isEqualTo(5);
            assertThat(all.path("execution_count").asLong()).isEqualTo(2);
            assertThat(all.path("last_inference").asLong()).isBetween(1_600_000_000_000L, System.currentTimeMillis());
            JsonNode stats = all.path("inference_stats");
            long sum = 0;
            for (String part : PARTS) {
                assertThat(stats.at("/" + part + "/count").asLong()).as(part).isEqualTo(2);
                assertThat(stats.at("/" + part + "/ns").asLong()).as(part).isPositive();
                sum += stats.at("/" + part + "/ns").asLong();
            }
            long held = TimeUnit.MILLISECONDS.toNanos(HELD_MILLIS);
            assertThat(stats.at("/compute_infer/ns").asLong()).isBetween(held, wall);
            assertThat(stats.at("/queue/ns").asLong()).isBetween(held * 8 / 10, wall);
            assertThat(stats.at("/compute_input/ns").asLong()).isLessThan(wall);
            assertThat(stats.at("/compute_output/ns").asLong()).isLessThan(wall);
            assertThat(stats.at("/success/ns").asLong()).isBetween(sum, 2 * wall);
            assertThat(stats.at("/fail/count").asLong()).isZero();
            for (String cache : List.of("cache_hit", "cache_miss")) {
                assertThat(stats.path(cache).toString()).isEqualTo("{\"count\":0,\"ns\":0}");
            }
            List<Integer> sizes = new ArrayList<>();
            long inferred = 0;
            for (JsonNode size : all.path("batch_stats")) {
                sizes.add(size.path("batch_size").asInt());
                assertThat(size.at("/compute_infer/count").asLong()).isEqualTo(1);
                assertThat(size.at("/compute_input/count").asLong()).isEqualTo(1);
                inferred += size.at("/compute_infer/ns").asLong();
            }
            assertThat(sizes).containsExactly(2, 3);
            // Each batch had one request, so that both sums are of the same times, rounded to a microsecond's part.
            assertThat(inferred)
                    .isBetween(
                            stats.at("/compute_infer/ns").asLong() - 1000,
                            stats.at("/compute_infer/ns").asLong() + 1000);
        }
    }

    @Test
    void failures_are_counted_with_their_time_and_are_no_part_of_the_others() throws Exception {
        try (TestServer server = new TestServer()) {
            server.assertHealthy();
            JsonNode before = statistics(server).path("inference_stats");
            server.predictor.broken = true;
            server.predictor.hold = new CountDownLatch(1);
            CompletableFuture<HttpResponse<byte[]>> broken = later(server, INFER);
            begun(server);
            TimeUnit.MILLISECONDS.sleep(HELD_MILLIS);
            server.predictor.hold.countDown();
            assertThat(broken.join().statusCode()).isEqualTo(500);
            assertThat(server.infer(INFER.replace("FP32", "FP99")).statusCode()).isEqualTo(400);
            JsonNode after = statistics(server).path("inference_stats");
            assertThat(after.at("/fail/count").asLong())
                    .as("a caller's mistake is no failure of the model")
                    .isEqualTo(1);
            assertThat(after.at("/fail/ns").asLong())
                    .isBetween(TimeUnit.MILLISECONDS.toNanos(HELD_MILLIS / 2), TimeUnit.SECONDS.toNanos(20));
            for (String part : List.of("success", "queue", "compute_input", "compute_infer", "compute_output")) {
                assertThat(after.path(part)).as(part).isEqualTo(before.path(part));
            }
        }
    }

    @Test
    void a_request_that_is_divided_is_one_success_with_the_time_of_all_its_batches() {
        try (TestServer server = new TestServer()) {
            assertThat(server.infer(rows(200)).statusCode()).isEqualTo(200);
            JsonNode all = statistics(server);
            JsonNode stats = all.path("inference_stats");
            assertThat(all.path("inference_count").asLong()).isEqualTo(200);
            assertThat(all.path("execution_count").asLong()).isEqualTo(4);
            assertThat(stats.at("/success/count").asLong()).isEqualTo(1);
            assertThat(stats.at("/compute_infer/count").asLong()).isEqualTo(1);
            long parts = PARTS.stream()
                    .mapToLong(part -> stats.at("/" + part + "/ns").asLong())
                    .sum();
            assertThat(parts).isLessThanOrEqualTo(stats.at("/success/ns").asLong());
            assertThat(all.at("/batch_stats/0/batch_size").asInt()).isEqualTo(8);
            assertThat(all.at("/batch_stats/1/batch_size").asInt()).isEqualTo(64);
            assertThat(all.at("/batch_stats/1/compute_infer/count").asInt()).isEqualTo(3);
        }
    }

    /** {@code count} is requests in {@code inference_stats}, and executions in {@code batch_stats}, as the extension has it. */
    @Test
    void requests_are_counted_once_however_many_batches_they_take_and_share() throws Exception {
        try (TestServer server = new TestServer()) {
            server.predictor.hold = new CountDownLatch(1);
            List<CompletableFuture<HttpResponse<byte[]>>> asked = new ArrayList<>(List.of(later(server, rows(1))));
            begun(server);
            for (int i = 0; i < 5; i++) {
                asked.add(later(server, rows(2)));
            }
            asked.add(later(server, rows(150)));
            TimeUnit.MILLISECONDS.sleep(HELD_MILLIS);
            server.predictor.hold.countDown();
            asked.forEach(answer ->
                    assertThat(answer.join().statusCode()).as("answered").isEqualTo(200));
            assertThat(server.infer("[]").statusCode()).isEqualTo(400);
            JsonNode all = statistics(server);
            for (String part : List.of("success", "queue", "compute_input", "compute_infer", "compute_output")) {
                assertThat(all.at("/inference_stats/" + part + "/count").asLong())
                        .as(part)
                        .isEqualTo(asked.size());
            }
            assertThat(all.at("/inference_stats/fail/count").asLong()).isZero();
            assertThat(all.path("inference_count").asLong()).isEqualTo(1 + 5 * 2 + 150);
            long executions = 0;
            long rows = 0;
            for (JsonNode size : all.path("batch_stats")) {
                executions += size.at("/compute_infer/count").asLong();
                rows += size.at("/compute_infer/count").asLong()
                        * size.path("batch_size").asLong();
            }
            assertThat(executions).isEqualTo(all.path("execution_count").asLong());
            assertThat(rows).isEqualTo(all.path("inference_count").asLong());
        }
    }

    @Test
    void who_goes_is_canceled_what_is_late_is_rejected_and_what_breaks_is_the_backends() throws Exception {
        try (TestServer server = new TestServer()) {
            server.predictor.hold = new CountDownLatch(1);
            CompletableFuture<HttpResponse<byte[]>> held = later(server, INFER);
            begun(server);
            HttpRequest late = HttpRequest.newBuilder(server.uri("/v2/models/light/infer"))
                    .header("timeout", "100000")
                    .POST(HttpRequest.BodyPublishers.ofString(INFER))
                    .build();
            assertThat(server.send(late).statusCode()).isEqualTo(503);
            try (Socket gone = new Socket("127.0.0.1", server.server.port())) {
                gone.getOutputStream()
                        .write(("POST /v2/models/light/infer HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                                        + INFER.length() + "\r\n\r\n" + INFER)
                                .getBytes(StandardCharsets.US_ASCII));
                TimeUnit.MILLISECONDS.sleep(300);
            }
            TimeUnit.MILLISECONDS.sleep(300);
            server.predictor.hold.countDown();
            assertThat(held.join().statusCode()).isEqualTo(200);
            server.predictor.broken = true;
            assertThat(server.infer(INFER).statusCode()).isEqualTo(500);
            assertThat(server.infer("{").statusCode()).isEqualTo(400);
            String metrics = new String(server.get("/metrics").body(), StandardCharsets.UTF_8);
            for (String reason : List.of("REJECTED", "CANCELED", "BACKEND")) {
                assertThat(metrics)
                        .contains("nv_inference_request_failure{model=\"light\",reason=\"" + reason
                                + "\",version=\"1\"} 1");
            }
            assertThat(metrics)
                    .contains("nv_inference_request_failure{model=\"light\",reason=\"OTHER\",version=\"1\"} 0");
        }
    }

    @Test
    void both_protocols_and_the_metrics_say_the_same() {
        try (TestServer server = new TestServer()) {
            for (int i = 1; i < 4; i++) {
                assertThat(server.infer(rows(i)).statusCode()).isEqualTo(200);
            }
            server.infer("{");
            GRPCInferenceServiceBlockingStub stub = GrpcClients.newClient(
                    "gproto+http://127.0.0.1:" + server.server.port(), GRPCInferenceServiceBlockingStub.class);
            ModelStatistics grpc = stub.modelStatistics(
                            ModelStatisticsRequest.newBuilder().setName("light").build())
                    .getModelStats(0);
            JsonNode rest = statistics(server);
            JsonNode stats = rest.path("inference_stats");
            assertSame(grpc.getInferenceStats().getSuccess(), stats.path("success"));
            assertSame(grpc.getInferenceStats().getFail(), stats.path("fail"));
            assertSame(grpc.getInferenceStats().getQueue(), stats.path("queue"));
            assertSame(grpc.getInferenceStats().getComputeInput(), stats.path("compute_input"));
            assertSame(grpc.getInferenceStats().getComputeInfer(), stats.path("compute_infer"));
            assertSame(grpc.getInferenceStats().getComputeOutput(), stats.path("compute_output"));
            assertThat(grpc.getBatchStatsList())
                    .extracting(InferBatchStatistics::getBatchSize)
                    .containsExactly(1L, 2L, 3L);
            String metrics = new String(server.get("/metrics").body(), StandardCharsets.UTF_8);
            for (String part : List.of("compute_input", "compute_infer", "compute_output", "queue")) {
                String name = "nv_inference_" + part + "_duration_us{model=\"light\",version=\"1\"} ";
                int at = metrics.indexOf(name);
                assertThat(at).as(name).isPositive();
                String number = metrics.substring(at + name.length(), metrics.indexOf('\n', at));
                assertThat(Math.round(Double.parseDouble(number) * 1000))
                        .isEqualTo(stats.at("/" + part + "/ns").asLong());
            }
        }
    }

    private static void assertSame(StatisticDuration duration, JsonNode rest) {
        assertThat(duration.getCount()).isEqualTo(rest.path("count").asLong());
        assertThat(duration.getNs()).isEqualTo(rest.path("ns").asLong());
    }

    @Test
    void a_token_for_another_model_sees_nothing_of_this_one(@TempDir Path directory) throws IOException {
        String mine = TokensFile.secret();
        Path tokens = Files.write(
                directory.resolve("tokens"),
                List.of(TokensFile.line("other", Set.of(TokenScope.METRICS), List.of("dark"), mine)));
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
        try (TestServer server = new TestServer(ServerConfig.local(0).with(TestServer.access(tokens)), Token.NONE)) {
            HttpResponse<byte[]> all = server.send(HttpRequest.newBuilder(server.uri("/v2/models/stats"))
                    .header("Authorization", "Bearer " + mine)
                    .build());
            assertThat(json(all).path("model_stats")).isEmpty();
            HttpResponse<byte[]> one = server.send(HttpRequest.newBuilder(server.uri("/v2/models/light/stats"))
                    .header("Authorization", "Bearer " + mine)
                    .build());
            assertThat(one.statusCode()).isEqualTo(403);
        }
    }
}
