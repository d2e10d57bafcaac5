package dev.jumbo.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import dev.jumbo.serve.access.Token;
import dev.jumbo.serve.model.ServedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is answered: tokens, hosts, origins, addresses. */
class GuardTest {
    private static final String SECRET = "0123456789abcdef";
    private static final List<String> ROUTES = List.of(
            "GET /v2",
            "GET /v2/models/light",
            "GET /v2/models/light/ready",
            "GET /v2/models/light/versions/1",
            "GET /v2/models/light/versions/1/ready",
            "POST /v2/models/light/infer",
            "POST /v2/models/light/versions/1/infer",
            "POST /v2/models/light/predict",
            "POST /v2/models/light/versions/1/predict",
            "GET /no/such/route",
            "GET /v2/models/other");

    @Test
    void every_route_but_health_asks_for_the_token() throws IOException {
        try (TestServer server = new TestServer(ServerConfig.local(0), Token.of(SECRET))) {
            for (String route : ROUTES) {
                assertThat(status(server, route, "")).as(route).isEqualTo(401);
                for (String wrong : List.of(
                        "Bearer 0123456789abcdeF",
                        "Bearer 0123456789abcde",
                        "Bearer 0123456789abcdef0",
                        "Bearer ",
                        "Bearer",
                        SECRET,
                        "Basic " + SECRET)) {
                    assertThat(status(server, route, "Authorization: " + wrong + "\r\n"))
                            .as(route + " with " + wrong)
                            .isEqualTo(401);
                }
                assertThat(status(server, route, "Authorization: Bearer " + SECRET + "\r\n"))
                        .as(route)
                        .isNotEqualTo(401);
            }
            assertThat(status(server, "GET /v2", "Authorization: Bearer " + SECRET + "\r\n"))
                    .isEqualTo(200);
            for (String open : List.of("GET /v2/health/live", "GET /v2/health/ready")) {
                assertThat(status(server, open, "")).as(open).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8080",
                "127.0.0.1.evil.example",
                "localhost.evil.example",
                "10.0.0.1",
                "[::2]:80"
            })
    void a_loopback_server_answers_no_other_host_name(String host) throws IOException {
        try (TestServer server = new TestServer()) {
            assertThat(server.raw(request("GET /v2", host, ""))).startsWith("HTTP/1.1 403");
            assertThat(server.raw(request("GET /v2/health/live", host, ""))).startsWith("HTTP/1.1 403");
            server.assertHealthy();
        }
    }

    @Test
    void a_loopback_server_answers_its_own_names() throws IOException {
        try (TestServer server = new TestServer()) {
            for (String host : List.of("localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:8080", "[::1]:8080")) {
                assertThat(server.raw(request("GET /v2", host, ""))).as(host).startsWith("HTTP/1.1 200");
            }
        }
    }

    @Test
    void pages_of_other_origins_are_refused() throws IOException {
        try (TestServer server = new TestServer()) {
            for (String origin : List.of("http://evil.example", "null", "https://localhost", "http://localhost:1")) {
                assertThat(server.raw(request("GET /v2", "localhost", "Origin: " + origin + "\r\n")))
                        .as(origin)
                        .startsWith("HTTP/1.1 403");
            }
            assertThat(server.raw(request("GET /v2", "localhost", "Origin: http://localhost\r\n")))
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void refuses_to_start_on_another_address_without_a_token() {
        ServerConfig open = new ServerConfig("0.0.0.0", 0, null, 1000, 1, 1, 1, 1, 8);
        ServedModel model = TestServer.model(new BrightnessPredictor());
        assertThatThrownBy(() -> ModelServer.start(open, Token.NONE, model))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a token to serve on 0.0.0.0")
                .hasMessageContaining(Token.VARIABLE);
        try (ModelServer server = ModelServer.start(open, Token.of(SECRET), model)) {
            assertThat(server.port()).isPositive();
        }
    }

    @Test
    void a_port_in_use_is_one_clear_line() {
        try (TestServer server = new TestServer()) {
            ServerConfig same = ServerConfig.local(server.server.port());
            assertThatThrownBy(() -> ModelServer.start(same, Token.NONE, TestServer.model(new BrightnessPredictor())))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("the port is in use")
                    .hasMessageContaining("serve.port");
            // And before models are loaded, of either port.
            assertThatThrownBy(() -> ModelServer.requireFree(same))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("the port is in use")
                    .hasMessageContaining("serve.port");
        }
        ModelServer.requireFree(ServerConfig.local(0));
        try (TestServer server = new TestServer()) {
            ServerConfig stopped = ServerConfig.local(server.server.port());
            server.close();
            ModelServer.requireFree(stopped); // Connections that linger from before keep nobody off.
        }
    }

    @Test
    void the_token_comes_from_the_environment_or_a_file_and_is_never_printed(@TempDir Path directory)
            throws IOException {
        Path file = Files.writeString(directory.resolve("token"), SECRET + "\n");
        ServerConfig config = new ServerConfig("127.0.0.1", 0, file.toString(), 1000, 1, 1, 1, 1, 8);
        assertThat(Token.find(config.tokenFile(), Map.of()).accepts("Bearer " + SECRET))
                .isTrue();
        assertThat(Token.find(config.tokenFile(), Map.of(Token.VARIABLE, "fedcba9876543210"))
                        .accepts("bearer fedcba9876543210"))
                .isTrue();
        assertThat(Token.find(null, Map.of())).isSameAs(Token.NONE);
        assertThat(Token.of(SECRET).toString()).doesNotContain(SECRET);
        assertThatThrownBy(() -> Token.of("short")).isInstanceOf(InputException.class);
        Files.delete(file);
        assertThatThrownBy(() -> Token.find(config.tokenFile(), Map.of())).isInstanceOf(InputException.class);
    }

    private static int status(TestServer server, String route, String headers) throws IOException {
        String body = route.startsWith("POST") ? "Content-Length: 0\r\n" : "";
        String answer = server.raw(request(route, "localhost", headers + body));
        return Integer.parseInt(answer.substring(9, 12));
    }

    private static String request(String route, String host, String headers) {
        return route + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n" + headers + "\r\n";
    }
}
