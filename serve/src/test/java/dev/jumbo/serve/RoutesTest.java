package dev.jumbo.serve;

import static dev.jumbo.serve.TestServer.INFER;
import static dev.jumbo.serve.TestServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
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
    void the_server_names_itself_and_its_one_extension() {
        var answer = json(server.get("/v2"));
        assertThat(answer.path("name").asText()).isEqualTo("jumbo");
        assertThat(answer.path("extensions").toString()).isEqualTo("[\"binary_tensor_data\"]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2/models/light", "/v2/models/light/versions/1"})
    void metadata_gives_names_types_and_shapes(String path) {
        assertThat(json(server.get(path)).toString())
                .isEqualTo("{\"name\":\"light\",\"versions\":[\"1\"],\"platform\":\"jumbo\","
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
