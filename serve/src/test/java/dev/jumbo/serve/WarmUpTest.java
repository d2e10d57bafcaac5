package dev.jumbo.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.serve.access.Token;
import dev.jumbo.serve.schedule.SchedulingConfig;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server asks itself before it is ready, over connections of its own, and leaves no trace of that. */
@Timeout(60)
class WarmUpTest {
    private static final String SECRET = "0123456789abcdef";

    private static String metrics(TestServer server) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.server.uri() + "metrics"))
                .header("Authorization", "Bearer " + SECRET)
                .build();
        return new String(server.send(request).body(), StandardCharsets.UTF_8);
    }

    @Test
    void what_a_server_asks_itself_is_answered_and_not_counted() {
        ServerConfig config =
                ServerConfig.local(0).with(new SchedulingConfig(64, 0, 1000, 65_536, 0, 0, 10, 1024, 5, 0.1));
        try (TestServer server = new TestServer(config, Token.of(SECRET))) {
            assertThat(server.predictor.started.get()).isPositive();
            String figures = metrics(server);
            assertThat(figures)
                    .doesNotContain("route=\"/v2/models/{model}/versions/{version}/infer\"")
                    .doesNotContainPattern("(?m)^nv_inference_(count|exec_count|request_success)\\S* [1-9]")
                    .doesNotContain("warm-up");
        }
    }

    @Test
    void nobody_else_is_let_in_as_the_server_itself() {
        try (TestServer server = new TestServer(ServerConfig.local(0), Token.of(SECRET))) {
            HttpRequest request = HttpRequest.newBuilder(server.uri("/v2/models/light/infer"))
                    .header("Authorization", "Bearer (warm-up)")
                    .POST(HttpRequest.BodyPublishers.ofString(TestServer.INFER))
                    .build();
            assertThat(server.send(request).statusCode()).isEqualTo(401);
        }
    }
}
