package dev.jumbo.serve;

import static dev.jumbo.serve.TestServer.INFER;
import static dev.jumbo.serve.TestServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every route of the protocol, asked as a client asks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoutesTest {
    private TestServer server;

    @BeforeAll
    void start() {
        server = new TestServer();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v2/health/live",
                "/v2/health/ready",
                "/v2/models/light/ready",
                "/v2/models/light/versions/1/ready"
            })
    void health_is_200(String path) {
        assertThat(server.get(path).statusCode()).isEqualTo(200);
    }

    @Test
    void the_server_names_itself_and_its_extensions_with_a_slash_and_without() {
        for (String path : new String[] {"/v2", "/v2/"}) {
            var answer = json(server.get(path));
            assertThat(answer.path("name").asText()).isEqualTo("jumbo");
            assertThat(answer.path("version").asText()).isNotEmpty();
            assertThat(answer.path("extensions").toString())
                    .isEqualTo(
                            "[\"binary_tensor_data\",\"classification\",\"model_configuration\",\"model_repository\","
                                    + "\"model_repository(unload_dependents)\",\"parameters\",\"schedule_policy\",\"statistics\"]");
        }
    }

    /** The fields are those of the specification; {@code ready} of the server's readiness is ours beside its {@code live}. */
    @Test
    void health_is_said_in_the_fields_of_the_specification() {
        assertThat(json(server.get("/v2/health/live")).toString()).isEqualTo("{\"live\":true}");
        assertThat(json(server.get("/v2/health/ready")).toString()).isEqualTo("{\"live\":true,\"ready\":true}");
        assertThat(json(server.get("/v2/models/light/ready")).toString())
                .isEqualTo("{\"name\":\"light\",\"ready\":true}");
        assertThat(server.get("/v2/models/dark/ready").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2/models/light", "/v2/models/light/versions/1"})
    void metadata_gives_names_types_and_shapes(String path) {
        assertThat(json(server.get(path)).toString())
                .isEqualTo("{\"name\":\"light\",\"versions\":[\"1\"],\"platform\":\"jumbo_checkpoint\","
                        + "\"inputs\":[{\"name\":\"image\",\"datatype\":\"FP32\",\"shape\":[-1,1,2,2]}],"
                        + "\"outputs\":[{\"name\":\"probabilities\",\"datatype\":\"FP32\",\"shape\":[-1,2],"
                        + "\"parameters\":{\"classes\":[\"dark\",\"bright\"]}}]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2/models/light/infer", "/v2/models/light/versions/1/infer"})
    void infer_answers_in_json(String path) {
        String two = "{\"id\":\"q7\",\"inputs\":[{\"name\":\"image\",\"shape\":[2,1,2,2],\"datatype\":\"UINT8\","
                + "\"data\":[[[[255,255],[255,255]]],[[[0,51],[51,0]]]]}],\"outputs\":[{\"name\":\"probabilities\"}]}";
        var answer = json(server.post(path, "application/json", two.getBytes(StandardCharsets.UTF_8)));
        assertThat(answer.path("model_name").asText()).isEqualTo("light");
        assertThat(answer.path("model_version").asText()).isEqualTo("1");
        assertThat(answer.path("id").asText()).isEqualTo("q7");
        assertThat(answer.at("/outputs/0/shape").toString()).isEqualTo("[2,2]");
        assertThat(answer.at("/outputs/0/datatype").asText()).isEqualTo("FP32");
        assertThat(answer.at("/outputs/0/data").toString()).isEqualTo("[0.0,1.0,0.9,0.1]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2/models/light/predict", "/v2/models/light/versions/1/predict"})
    void predict_answers_for_a_png_with_the_saved_preprocessing(String path) {
        var answer = json(server.post(path, "image/png", TestServer.png(255, 255, 255, 51)));
        assertThat(answer.path("label").asText()).isEqualTo("bright");
        assertThat(answer.path("probability").floatValue()).isEqualTo(0.8f);
        assertThat(answer.at("/probabilities/bright").floatValue()).isEqualTo(0.8f);
        assertThat(answer.at("/probabilities/dark").floatValue()).isEqualTo(1 - 0.8f);
    }

    @Test
    void predict_answers_for_a_row_of_numbers() {
        var answer = json(server.post(
                "/v2/models/light/predict", "application/json", "[0,0,0,102]".getBytes(StandardCharsets.UTF_8)));
        assertThat(answer.path("label").asText()).isEqualTo("dark");
        assertThat(answer.path("probability").floatValue()).isEqualTo(0.9f);
    }

    @Test
    void predict_answers_a_list_for_a_list_of_rows() {
        var answer = json(server.post(
                "/v2/models/light/predict",
                "application/json",
                "[[[[0,0],[0,102]]],[[[255,255],[255,51]]]]".getBytes(StandardCharsets.UTF_8)));
        assertThat(answer).hasSize(2);
        assertThat(answer.at("/0/label").asText()).isEqualTo("dark");
        assertThat(answer.at("/1/probabilities/bright").floatValue()).isEqualTo(0.8f);
    }

    @Test
    void predict_and_infer_agree_to_the_last_bit() {
        float predict = json(server.post("/v2/models/light/predict", "image/png", TestServer.png(1, 2, 3, 5)))
                .at("/probabilities/bright")
                .floatValue();
        float infer = json(server.infer(INFER.replace("255,255,255,255", "1,2,3,5")))
                .at("/outputs/0/data/1")
                .floatValue();
        assertThat(predict).isEqualTo(infer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    | /v2/models/light/infer   | OPTIONS, POST",
                "PUT    | /v2/models/light/predict | OPTIONS, POST",
                "POST   | /v2                      | GET, HEAD, OPTIONS",
                "DELETE | /v2/models/light/        | GET, HEAD, OPTIONS",
                "PATCH  | /v2/health/ready         | GET, HEAD, OPTIONS",
            })
    void another_method_gets_405_with_those_that_are_allowed(String method, String path, String allow) {
        var answer = server.send(HttpRequest.newBuilder(server.uri(path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build());
        server.assertError(answer, 405, "method not allowed: expected one of " + allow + ", received " + method);
        assertThat(answer.headers().firstValue("allow")).hasValue(allow);
    }

    @Test
    void options_says_what_is_allowed_and_head_is_get_without_a_body() throws IOException {
        assertThat(server.raw("OPTIONS /v2/models/light HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 204")
                .contains("allow: GET, HEAD, OPTIONS");
        for (String path : new String[] {"/v2", "/v2/health/ready", "/v2/models/light", "/v2/models/light/ready/"}) {
            var head = server.send(HttpRequest.newBuilder(server.uri(path))
                    .method("HEAD", HttpRequest.BodyPublishers.noBody())
                    .build());
            var get = server.get(path);
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(head.headers().firstValue("content-length"))
                    .isEqualTo(get.headers().firstValue("content-length"));
        }
    }

    @Test
    void a_method_that_nobody_knows_is_refused_in_json() throws IOException {
        String answer = server.raw("PROPFIND /v2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 405").contains("{\"error\":", "allow: ");
        server.assertHealthy();
    }

    /** RFC 9112, 3.2.2: a server must accept the absolute form. */
    @Test
    void a_request_uri_in_absolute_form_is_answered() throws IOException {
        String host = "localhost:" + server.server.port();
        assertThat(server.raw("GET http://" + host + "/v2/models/light HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .contains("\"name\":\"light\"");
        assertThat(server.raw("GET http://" + host + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 404");
        for (String other : new String[] {"http://evil.example/v2", "ftp://" + host + "/v2", "http:///v2", "http://"}) {
            assertThat(server.raw("GET " + other + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                    .as(other)
                    .matches("(?s)HTTP/1.1 40[03].*\\{\"error\":.*");
        }
        server.assertHealthy();
    }

    @Test
    void explanations_are_501_in_the_form_of_every_error() {
        var answer =
                server.post("/v2/models/light/explain", "application/json", INFER.getBytes(StandardCharsets.UTF_8));
        server.assertError(answer, 501, "does not explain");
        server.assertError(
                server.post("/v2/models/dark/explain", "application/json", new byte[0]), 404, "no such model");
    }

    @Test
    void every_answer_carries_the_security_headers() {
        for (String path : new String[] {"/v2", "/v2/health/live", "/no/such/path", "/v2/models/other"}) {
            var headers = server.get(path).headers();
            assertThat(headers.firstValue("x-content-type-options")).hasValue("nosniff");
            assertThat(headers.firstValue("content-security-policy")).isPresent();
            assertThat(headers.firstValue("cache-control")).hasValue("no-store");
            assertThat(headers.firstValue("access-control-allow-origin")).isEmpty();
            assertThat(headers.firstValue("server")).isEmpty();
        }
    }

    @Test
    void answers_over_http2_too() throws Exception {
        HttpResponse<String> answer = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .build()
                .send(HttpRequest.newBuilder(server.uri("/v2")).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
    }
}
