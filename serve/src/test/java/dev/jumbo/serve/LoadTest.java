package dev.jumbo.serve;

import static dev.jumbo.serve.TestServer.INFER;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    void
            a_connection_that_asks_a_full_server_again_and_again_is_refused_and_counted_each_time_and_answered_once_there_is_room()
                    throws Exception {
        try (TestServer server = new TestServer(TestServer.small(10_000, 1, 30));
                var socket = new Socket("127.0.0.1", server.server.port())) {
            socket.setSoTimeout(20_000);
            CountDownLatch hold = hold(server);
            CompletableFuture<HttpResponse<byte[]>> computed = inferAsync(server);
            until(() -> server.predictor.started.get() == 1);
            List<CompletableFuture<HttpResponse<byte[]>>> taken = List.of(computed, inferAsync(server));
            Thread.sleep(200); // the other one waits
            var in = new BufferedInputStream(socket.getInputStream());
            byte[] ask =
                    ("POST /v2/models/light/infer HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                                    + INFER.length() + "\r\n\r\n" + INFER)
                            .getBytes(StandardCharsets.US_ASCII);
            int asked = 0;
            int again = 0;
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(6); // later the model is said to be stuck
            while (asked < 20 || (again == 0 && System.nanoTime() < end)) {
                asked++;
                socket.getOutputStream().write(ask);
                String answer = answer(in);
                assertThat(answer).startsWith("HTTP/1.1 503").contains("retry-after: 1", "the server is full");
                again += answer.contains("\r\ndate: ") ? 0 : 1;
            }
            assertThat(again).as("refused without a look").isPositive();
            socket.getOutputStream()
                    .write("GET /v2/health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(answer(in)).startsWith("HTTP/1.1 200");
            String metrics = new String(server.get("/metrics").body(), StandardCharsets.UTF_8);
            assertThat(metrics)
                    .containsPattern("jumbo_requests_total\\{method=\"POST\",route=\"[^\"]*infer\",status=\"503\"} "
                            + asked + "(\\.0)?\n");
            hold.countDown();
            for (CompletableFuture<HttpResponse<byte[]>> each : taken) {
                assertThat(each.join().statusCode()).isEqualTo(200);
            }
            Thread.sleep(10);
            socket.getOutputStream().write(ask);
            assertThat(answer(in)).startsWith("HTTP/1.1 200");
        }
    }

    /** An answer of HTTP/1.1 with a length. */
    private static String answer(InputStream in) throws IOException {
        var text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).as("the connection goes on behind %s", text).isNotNegative();
            text.append((char) next);
        }
        Matcher length = Pattern.compile("(?i)content-length: (\\d+)").matcher(text);
        int bytes = length.find() ? Integer.parseInt(length.group(1)) : 0;
        return text + new String(in.readNBytes(bytes), StandardCharsets.UTF_8);
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
