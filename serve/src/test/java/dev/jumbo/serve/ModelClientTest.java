package dev.jumbo.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.jumbo.client.Connection;
import dev.jumbo.client.ModelClient;
import dev.jumbo.client.NamedTensor;
import dev.jumbo.client.ServerException;
import dev.jumbo.serve.access.Token;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The Java client against a running server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelClientTest {
    private TestServer server;
    private ModelClient client;

    @BeforeAll
    void start() {
        server = new TestServer();
        client = ModelClient.of(Connection.to(server.uri("/")), "light");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void floats_longs_and_bytes_are_answered_alike() {
        List<NamedTensor> inputs = List.of(
                NamedTensor.floats("image", new float[] {255, 0, 51, 102}, 1, 1, 2, 2),
                NamedTensor.longs("image", new long[] {255, 0, 51, 102}, 1, 1, 2, 2),
                NamedTensor.bytes("image", new byte[] {-1, 0, 51, 102}, 1, 1, 2, 2));
        for (NamedTensor input : inputs) {
            Map<String, NamedTensor> outputs = client.infer(List.of(input));
            NamedTensor output = Objects.requireNonNull(outputs.get("probabilities"));
            assertThat(output.datatype()).isEqualTo("FP32");
            assertThat(output.shape()).containsExactly(1, 2);
            assertThat(output.floats()).containsExactly(0.6f, 0.4f);
        }
    }

    @Test
    void rows_pictures_and_several_of_them_are_predicted() {
        assertThat(client.predict("[0,0,0,102]")).contains("\"label\":\"dark\"");
        assertThat(client.predict("image/png", TestServer.png(255, 255, 255, 51)))
                .contains("\"label\":\"bright\"");
        assertThat(client.predictFiles(List.of(TestServer.png(255, 255, 255, 255), TestServer.png(0, 0, 0, 0))))
                .matches("\\[\\{\"label\":\"bright\".*\\{\"label\":\"dark\".*");
    }

    @Test
    void metadata_and_readiness_are_told_of_a_version_too() {
        assertThat(client.isReady()).isTrue();
        assertThat(client.metadata()).contains("\"name\":\"light\"");
        assertThat(ModelClient.of(Connection.to(server.uri("/")), "light", "1").isReady())
                .isTrue();
        assertThat(ModelClient.of(Connection.to(server.uri("/")), "dark").isReady())
                .isFalse();
    }

    @Test
    void many_requests_at_once_are_answered() {
        List<CompletableFuture<Map<String, NamedTensor>>> asked = IntStream.range(0, 40)
                .mapToObj(i ->
                        client.inferAsync(List.of(NamedTensor.floats("image", new float[] {i, i, i, i}, 1, 1, 2, 2))))
                .toList();
        for (int i = 0; i < asked.size(); i++) {
            NamedTensor output = Objects.requireNonNull(asked.get(i).join().get("probabilities"));
            float[] values = output.floats();
            assertThat(values[1]).isEqualTo(((float) i / 255 * 4) / 4, Offset.offset(1e-6f));
        }
    }

    @Test
    void what_the_server_says_is_wrong_is_the_message() {
        assertThatThrownBy(() -> client.infer(List.of(NamedTensor.floats("image", new float[4], 1, 4))))
                .isInstanceOfSatisfying(
                        ServerException.class, e -> assertThat(e.status()).isEqualTo(400))
                .hasMessageContaining("expected the shape [N, 1, 2, 2]");
        assertThatThrownBy(() -> client.predict("image/png", new byte[4]))
                .isInstanceOfSatisfying(
                        ServerException.class, e -> assertThat(e.status()).isEqualTo(400));
        assertThatThrownBy(() -> NamedTensor.floats("x", new float[3], 2, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected as many values as the shape [2, 2] has, received 3");
    }

    @Test
    void a_token_is_sent_and_never_shown() {
        try (TestServer closed = new TestServer(ServerConfig.local(0), Token.of("0123456789abcdef"))) {
            Connection connection = Connection.to(closed.uri("/"));
            assertThatThrownBy(() -> ModelClient.of(connection, "light").metadata())
                    .isInstanceOfSatisfying(
                            ServerException.class, e -> assertThat(e.status()).isEqualTo(401));
            Connection with = connection.withToken("0123456789abcdef");
            assertThat(ModelClient.of(with, "light").metadata()).contains("light");
            assertThat(with.toString()).doesNotContain("0123456789abcdef");
        }
    }

    @Test
    void a_request_without_an_answer_ends_when_its_time_is_up() {
        try (TestServer slow = new TestServer()) {
            slow.predictor.hold = new CountDownLatch(1);
            Connection impatient = Connection.to(slow.uri("/")).withTimeout(Duration.ofMillis(300));
            long start = System.nanoTime();
            assertThatThrownBy(() -> ModelClient.of(impatient, "light").predict("[0,0,0,102]"))
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining("no answer from");
            assertThat((System.nanoTime() - start) / 1e9).isLessThan(10);
            slow.predictor.hold.countDown();
        }
        assertThatThrownBy(() -> ModelClient.of(Connection.to(URI.create("http://127.0.0.1:1/")), "light")
                        .metadata())
                .isInstanceOf(ServerException.class);
    }

    /** A server that is full twice, then answers. */
    @Test
    void a_refusal_that_passes_is_asked_again_after_the_time_it_names_and_not_for_ever() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        var full = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        full.createContext("/", exchange -> {
            boolean refuses = asked.incrementAndGet() <= 2;
            byte[] body = (refuses ? "{\"error\":\"full\"}" : "{}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Retry-After", "0");
            exchange.sendResponseHeaders(refuses ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        full.start();
        try {
            Connection connection = Connection.to(
                    URI.create("http://127.0.0.1:" + full.getAddress().getPort() + "/"));
            assertThat(ModelClient.of(connection, "m").predict("[1]")).isEqualTo("{}");
            assertThat(asked).hasValue(3);
            asked.set(0);
            assertThatThrownBy(
                            () -> ModelClient.of(connection.withRetries(1), "m").predict("[1]"))
                    .isInstanceOfSatisfying(
                            ServerException.class, e -> assertThat(e.status()).isEqualTo(503))
                    .hasMessage("full");
            assertThat(asked).hasValue(2);
        } finally {
            full.stop(0);
        }
    }
}
