package dev.jumbo.serve;

import static dev.jumbo.serve.TestServer.INFER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import dev.jumbo.serve.access.AccessConfig;
import dev.jumbo.serve.access.Allowance;
import dev.jumbo.serve.access.Token;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Heads of requests that say two things, nothing, or what only an attacker says, byte by byte. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class HeadersTest {
    private static final String SECRET = "0123456789abcdef";
    private TestServer server;

    @BeforeAll
    void start() {
        server = new TestServer(ServerConfig.local(0), Token.of(SECRET));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Host: localhost~Host: localhost~ | 400 | expected one host",
                "Host: localhost~Host: evil.example~ | 400 | expected one host",
                "Host: evil.example~Host: localhost~ | 400 | expected one host",
                "'' | 400 | expected the header Host",
                "Host:~ | 400 | expected the header Host",
                "Host: localhost~Host:~ | 400 | expected",
                "Host: evil.example~ | 403 | expected a Host of",
                "Host: localhost:99999999~ | 200 | jumbo",
                "Host: localhost~X-Forwarded-Host: evil.example~ | 200 | jumbo",
                "Host: localhost~Cookie: token=x; a=b~ | 200 | jumbo",
                "Host: localhost~Origin: https://localhost~X-Forwarded-Proto: https~ | 403 | other origins",
                "Host: localhost~Origin: http://localhost:80~ | 200 | jumbo",
                "Host: localhost~Origin: http://localhost~Origin: http://localhost~ | 403 | other origins",
                "Host: localhost~Origin:~ | 403 | other origins",
            })
    void hosts_and_origins(String headers, int status, String text) throws IOException {
        assertThat(get("/v2", headers + "Authorization: Bearer " + SECRET + "~"))
                .startsWith("HTTP/1.1 " + status)
                .contains(text)
                .doesNotContain("access-control");
    }

    @Test
    void two_authorizations_are_refused_whichever_is_right() throws IOException {
        for (String second : List.of("Bearer " + SECRET, "Bearer wrongwrongwrongwrong", "Basic x")) {
            for (String order : List.of(
                    "Authorization: Bearer " + SECRET + "~authorization: " + second + "~",
                    "authorization: " + second + "~Authorization: Bearer " + SECRET + "~")) {
                assertThat(get("/v2", "Host: localhost~" + order))
                        .startsWith("HTTP/1.1 400")
                        .contains("expected one header Authorization")
                        .doesNotContain(SECRET);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://localhost/v2 | localhost | 200",
                "HTTP://LOCALHOST/v2 | localhost | 200",
                "http://localhost:8080/v2?a=b | localhost:8080 | 200",
                "http://127.0.0.1/v2 | localhost | 400",
                "http://localhost:1/v2 | localhost:2 | 200",
                "http://localhost:8080/v2 | localhost | 200",
                "//v2 | localhost | 404",
                "//localhost/v2 | localhost | 404",
                "/v2//health/live | localhost | 404",
                "/v2/models/light;a=b | localhost | 404",
                "/v2;a=b/models/light | localhost | 404",
                "/v2/models/light?a=//;b | localhost | 200",
                "http://evil.example/v2 | localhost | 400",
                "http://evil.example/v2 | evil.example | 403",
                "http://localhost@evil.example/v2 | localhost | 400",
                "http://localhost\\@evil/v2 | localhost | 400",
                "ftp://localhost/v2 | localhost | 400",
                "http:///v2 | localhost | 400",
                "http://localhost/v2/../v2 | localhost | 400",
                "/v2?absolute-form-authority=evil | localhost | 400",
                "* | localhost | 400",
            })
    void a_target_in_full_names_the_same_host(String target, String host, int status) throws IOException {
        assertThat(get(target, "Host: " + host + "~Authorization: Bearer " + SECRET + "~"))
                .startsWith("HTTP/1.1 " + status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Length: 4~Transfer-Encoding: chunked~~0~~",
                "Transfer-Encoding: chunked~Content-Length: 4~~0~~",
                "Content-Length: 4~Content-Length: 5~~abcde",
                "Content-Length: 4, 5~~abcde",
                "Content-Length: +4~~abcd",
                "Content-Length: -1~~abcd",
                "Content-Length: 0x4~~abcd",
                "Content-Length: 99999999999999999999~~abcd",
                "Transfer-Encoding: xchunked~~0~~",
                "Transfer-Encoding: chunked~Transfer-Encoding: identity~~0~~",
                "Transfer-Encoding : chunked~~0~~",
                "Transfer-Encoding: chunked~~-1~~",
                "Transfer-Encoding: chunked~~ffffffffffffffff~~",
            })
    void a_body_of_two_lengths_gets_one_answer_and_the_connection_ends(String rest) throws IOException {
        String smuggled = "GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (Socket socket = new Socket("127.0.0.1", server.server.port())) {
            socket.setSoTimeout(10_000);
            String request =
                    "POST /v2/models/light/infer HTTP/1.1~Host: localhost~Authorization: Bearer " + SECRET + "~" + rest;
            socket.getOutputStream()
                    .write((request.replace("~", "\r\n") + smuggled).getBytes(StandardCharsets.ISO_8859_1));
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answers).startsWith("HTTP/1.1 400");
            assertThat(answers.split("HTTP/1.1 ", -1)).as(answers).hasSize(2);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | HTTP/1.1 | Transfer-Encoding: gzip, chunked~~0~~ | 501",
                "POST | HTTP/1.1 | Transfer-Encoding: gzip~Transfer-Encoding: chunked~~0~~ | 501",
                "POST | HTTP/1.1 | jumbo-framing: coding~Content-Length: 0~~ | 400",
                "POST | HTTP/2.0 | Content-Length: 0~~ | 505",
            })
    void what_could_end_elsewhere_for_another_reader_ends_the_connection(
            String method, String version, String rest, int status) throws IOException {
        String asked = method + " /v2/models/light/infer " + version + "~Host: localhost~Authorization: Bearer "
                + SECRET + "~" + rest;
        String smuggled = "GET /v2/health/live HTTP/1.1~Host: localhost~Connection: close~~";
        try (Socket socket = new Socket("127.0.0.1", server.server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write((asked + smuggled).replace("~", "\r\n").getBytes(StandardCharsets.US_ASCII));
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answers).startsWith("HTTP/1.1 " + status);
            assertThat(answers.split("HTTP/1.1 ", -1)).as(answers).hasSize(status == 400 ? 3 : 2);
        }
    }

    @Test
    void headers_by_which_a_body_is_read_say_one_thing() throws IOException {
        String head = "POST /v2/models/light/infer HTTP/1.1~Host: localhost~Authorization: Bearer " + SECRET
                + "~Content-Length: " + INFER.length() + "~";
        String length = "Inference-Header-Content-Length: " + INFER.length() + "~";
        for (String two : List.of(
                length + "Inference-Header-Content-Length: 3~",
                "Content-Type: image/png~Content-Type: application/json~")) {
            assertThat(server.raw((head + two + "~").replace("~", "\r\n") + INFER))
                    .startsWith("HTTP/1.1 400")
                    .contains("expected one header");
        }
        assertThat(server.raw((head + length + length + "~").replace("~", "\r\n") + INFER))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void who_has_no_token_is_refused_before_the_body_is_looked_at() throws IOException {
        String head = "POST /v2/models/light/infer HTTP/1.1~Host: localhost~";
        for (String rest : List.of("Content-Encoding: br~Content-Length: 2~~ab", "Content-Length: 8000000~~")) {
            assertThat(server.raw((head + rest).replace("~", "\r\n"))).startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void long_heads_are_refused() throws IOException {
        assertThat(get("/v2", "Host: localhost~X: " + "a".repeat(20_000) + "~")).startsWith("HTTP/1.1 431");
        assertThat(get("/v2?" + "a".repeat(20_000), "Host: localhost~")).startsWith("HTTP/1.1 414");
        assertThat(get("/v2", "Host: localhost~" + "X: a~".repeat(20_000))).startsWith("HTTP/1.1 431");
    }

    @Test
    void proxies_are_believed_where_they_are_named_and_only_they() throws IOException {
        AccessConfig access = new AccessConfig(
                null,
                List.of("models.example.com"),
                List.of("https://console.example.com"),
                List.of("127.0.0.0/8"),
                100,
                Allowance.NONE);
        try (TestServer behind = new TestServer(ServerConfig.local(0).with(access))) {
            for (String good : List.of(
                    "Host: models.example.com~",
                    "Host: models.example.com~Origin: https://models.example.com~X-Forwarded-Proto: https~",
                    "Host: x~X-Forwarded-Host: models.example.com~X-Forwarded-Proto: https~Origin:"
                            + " https://models.example.com~",
                    "Host: localhost~Origin: https://console.example.com~",
                    "Host: localhost~Origin: https://console.example.com:443~")) {
                assertThat(behind.raw(request("/v2", good))).as(good).startsWith("HTTP/1.1 200");
            }
            for (String bad : List.of(
                    "Host: evil.example~",
                    "Host: localhost~X-Forwarded-Host: evil.example~",
                    "Host: localhost~Origin: https://evil.example~",
                    "Host: localhost~Origin: http://console.example.com~",
                    "Host: models.example.com~Origin: http://models.example.com~X-Forwarded-Proto: https~")) {
                assertThat(behind.raw(request("/v2", bad))).as(bad).startsWith("HTTP/1.1 403");
            }
        }
        assertThatThrownBy(() ->
                        new AccessConfig(null, List.of(), List.of("console.example.com"), List.of(), 1, Allowance.NONE))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected an origin such as");
    }

    @Test
    void three_hundred_wrong_tokens_a_second_end_in_429_with_a_time_and_right_ones_are_served() throws IOException {
        try (TestServer limited = new TestServer(ServerConfig.local(0), Token.of(SECRET))) {
            assertThat(limited.raw(request("/v2", "Host: localhost~Authorization: Bearer " + SECRET + "~")))
                    .startsWith("HTTP/1.1 200");
            String last = "";
            for (int i = 0; i < 313; i++) {
                last = limited.raw(
                        request("/v2", "Host: localhost~Authorization: Bearer wrong-wrong-wrong-" + i + "~"));
            }
            assertThat(last).startsWith("HTTP/1.1 429").containsPattern("retry-after: [1-9]");
            assertThat(limited.raw(request("/v2", "Host: localhost~Authorization: Bearer " + SECRET + "~")))
                    .as("it was right from there before")
                    .startsWith("HTTP/1.1 200");
            assertThat(limited.raw(request("/v2/health/ready", "Host: localhost~")))
                    .startsWith("HTTP/1.1 200");
        }
    }

    private String get(String target, String headers) throws IOException {
        return server.raw(request(target, headers));
    }

    private static String request(String target, String headers) {
        return ("GET " + target + " HTTP/1.1~" + headers + "Connection: close~~").replace("~", "\r\n");
    }

    @Test
    void the_server_is_healthy_behind_all_this() throws IOException {
        String post = "POST /v2/models/light/infer HTTP/1.1~Host: localhost~Authorization: Bearer " + SECRET
                + "~Content-Length: " + INFER.length() + "~~";
        assertThat(server.raw(post.replace("~", "\r\n") + INFER)).startsWith("HTTP/1.1 200");
    }
}
