package dev.jumbo.serve;

import static dev.jumbo.serve.TestServer.INFER;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Too many requests, slow models, callers that go, and the end. */
@Timeout(60)
class LoadTest {
    @Test
    void a_full_queue_answers_503_with_retry_after_and_then_works_on() throws Exception {
        try (TestServer server = new TestServer(TestServer.small(10_000, 2, 30))) {
            CountDownLatch hold = hold(server);
            List<CompletableFuture<HttpResponse<byte[]>>> taken = new ArrayList<>();
            for (int i = 0; i < 3; i++) { // one computes, two wait
                taken.add(inferAsync(server));
            }
            until(() -> server.predictor.started.get() == 1);
            // The three may still be on their way: ask until the places are gone.
            HttpResponse<byte[]> refused = null;
            for (int i = 0; i < 100 && (refused == null || refused.statusCode() != 503); i++) {
                CompletableFuture<HttpResponse<byte[]>> next = inferAsync(server);
                try {
                    refused = next.get(200, TimeUnit.MILLISECONDS);
                } catch (Exception e) {
                    taken.add(next);
                }
            }
            Objects.requireNonNull(refused);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
            assertThat(TestServer.json(refused).path("error").asText()).contains("full");
            assertThat(server.get("/v2/health/ready").statusCode()).isEqualTo(200);
            hold.countDown();
            assertThat(taken.stream().filter(f -> f.join().statusCode() == 200)).hasSize(3);
            server.assertHealthy();
        }
    }

    @Test
    void a_prediction_that_takes_too_long_is_503_and_the_waiting_are_not_computed_in_vain() {
        try (TestServer server = new TestServer(TestServer.small(10_000, 4, 0.5))) {
            CountDownLatch hold = hold(server);
            List<CompletableFuture<HttpResponse<byte[]>>> asked = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                asked.add(inferAsync(server));
            }
            for (CompletableFuture<HttpResponse<byte[]>> answer : asked) {
                assertThat(answer.join().statusCode()).isEqualTo(503);
                assertThat(TestServer.json(answer.join()).path("error").asText())
                        .contains("in time");
            }
            hold.countDown();
            server.assertHealthy();
            assertThat(server.predictor.started).hasValue(2); // the one that was held, and the check of health
        }
    }

    @Test
    void stopping_loses_nothing_that_is_in_flight() throws Exception {
        TestServer server = new TestServer(TestServer.small(10_000, 16, 30));
        CountDownLatch hold = hold(server);
        List<CompletableFuture<HttpResponse<byte[]>>> asked = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            asked.add(inferAsync(server));
        }
        until(() -> server.predictor.started.get() == 1);
        Thread.sleep(300); // the others have arrived
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(server.server::stop);
        Thread.sleep(300);
        assertThat(stopped).isNotDone();
        CompletableFuture<HttpResponse<byte[]>> within = inferAsync(server);
        Thread.sleep(300);
        hold.countDown();
        assertThat(within.get(10, TimeUnit.SECONDS).statusCode())
                .as("asked within the grace")
                .isEqualTo(200);
        for (CompletableFuture<HttpResponse<byte[]>> answer : asked) {
            assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
        stopped.get(10, TimeUnit.SECONDS);
        assertThat(server.predictor.finished).hasValue(9);
        CompletableFuture<HttpResponse<byte[]>> late = inferAsync(server);
        assertThat(late).failsWithin(Duration.ofSeconds(10));
    }

    @Test
    void a_stopping_server_says_that_it_is_not_ready() throws Exception {
        TestServer server = new TestServer(TestServer.small(10_000, 16, 30));
        CountDownLatch hold = hold(server);
        CompletableFuture<HttpResponse<byte[]>> asked = inferAsync(server);
        until(() -> server.predictor.started.get() == 1);
        // A connection that is open before the stop: new ones are not taken any more.
        try (var socket = new Socket("127.0.0.1", server.server.port())) {
            socket.setSoTimeout(10_000);
            String request = "GET /v2/health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200");
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(server.server::stop);
            Thread.sleep(300);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            hold.countDown();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .contains("HTTP/1.1 503");
            assertThat(asked.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            stopped.get(10, TimeUnit.SECONDS);
        }
    }

    private static CountDownLatch hold(TestServer server) {
        CountDownLatch hold = new CountDownLatch(1);
        server.predictor.hold = hold;
        return hold;
    }

    private static CompletableFuture<HttpResponse<byte[]>> inferAsync(TestServer server) {
        return server.client.sendAsync(
                HttpRequest.newBuilder(server.uri("/v2/models/light/infer"))
                        .POST(HttpRequest.BodyPublishers.ofString(INFER))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not happen within 20 s");
            }
            Thread.sleep(5);
        }
    }
}
