package dev.jumbo.serve;

import static dev.jumbo.serve.TestServer.INFER;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
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

/** What a server on a network is sent by mistake or malice: each gets its status, and the server works on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadRequestTest {
    private TestServer server;

    @BeforeAll
    void start() {
        server = new TestServer(TestServer.small(1 << 20, 4, 1));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{                                       | expected JSON",
                "[]                                      | a JSON object",
                "{\"inputs\":{}}                         | a list as \"inputs\"",
                "{\"inputs\":[]}                         | \"image\" is missing",
                "{\"inputs\":[1]}                        | objects in \"inputs\"",
                "{\"x\":1}                               | unknown key \"x\"",
                "{\"id\":1}                              | a text as \"id\"",
                "{\"id\":\"a\",\"id\":\"b\"}             | the key \"id\" is given twice",
                "{\"parameters\":{\"sequence_id\":7}}    | can't honour the parameter \"sequence_id\"",
                "{\"parameters\":{\"priority\":-1}}      | a whole number of 0 or more as \"priority\"",
                "{\"parameters\":{\"timeout\":\"1\"}}    | a whole number of 0 or more as \"timeout\", received",
                "{\"parameters\":{\"binary_data_output\":1}} | true or false as \"binary_data_output\", received 1",
                "{\"parameters\":{\"mine\":null}}        | a text, a number, true or false as the parameter \"mine\"",
                "{\"parameters\":[]}                   | an object as \"parameters\"",
                "{\"model_name\":\"dark\"}             | expected the model_name \"light\"",
                "{\"model_version\":\"99\"}            | expected the model_version \"1\", which answers here",
                "{\"inputs\":[]} x                       | expected",
            })
    void refuses_other_json(String json, String reason) {
        server.assertError(server.infer(json), 400, reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1,1,2,2]      | [1,1,2,3]                     | expected 6 values",
                "[1,1,2,2]      | [1,4]                         | expected the shape [N, 1, 2, 2]",
                "[1,1,2,2]      | [4]                           | expected the shape [N, 1, 2, 2]",
                "[1,1,2,2]      | []                            | expected 1 values",
                "[1,1,2,2]      | [-1,1,2,2]                    | 0 or more",
                "[1,1,2,2]      | [-1,-1,2,2]                   | 0 or more",
                "[1,1,2,2]      | [0,1,2,2]                     | expected 0 values",
                "[1,1,2,2]      | [4294967296,4294967296,1,1]   | more than 2^63",
                "[1,1,2,2]      | [9223372036854775808]         | expected JSON",
                "[1,1,2,2]      | [1.5,1,2,2]                   | a whole number",
                "[1,1,2,2]      | [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2,2] | at most 16 dimensions",
                "\"FP32\"       | \"FP13\"                      | expected a datatype",
                "\"FP32\"       | 32                            | a text as \"datatype\"",
                "\"image\"      | \"imgae\"                     | did you mean \"image\"?",
                "[255,255,255,255] | [255,255,255]              | expected 4 values",
                "[255,255,255,255] | [255,[255,255],255]        | the same depth",
                "[255,255,255,255] | [255,255,255,null]         | expected numbers",
                "[255,255,255,255] | [255,255,255,\"1\"]        | expected numbers",
                "[255,255,255,255] | [255,255,255,{}]           | expected numbers",
                "[255,255,255,255] | [255,255,255,NaN]          | expected JSON",
                "[255,255,255,255] | [255,255,255,1e999]        | that a double holds",
                "[255,255,255,255] | [255,255,255,9007199254740994] | up to 2^53",
            })
    void refuses_tensors_that_do_not_fit(String part, String instead, String reason) {
        assertThat(INFER).contains(part);
        server.assertError(server.infer(INFER.replace(part, instead)), 400, reason);
    }

    /** The ranges are those of the types in NumPy: {@code numpy.iinfo} and {@code numpy.finfo}. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UINT8 | 300.5               | expected UINT8 (whole numbers from 0 to 255) at [0, 0, 0, 1], received 300.5",
                "UINT8 | -5                  | received -5",
                "UINT8 | 256                 | received 256",
                "INT8  | -129                | from -128 to 127) at [0, 0, 0, 1]",
                "INT16 | 32768               | from -32768 to 32767",
                "UINT16 | 65536              | from 0 to 65535",
                "INT32 | 1.5                 | expected INT32 (whole numbers from -2147483648 to 2147483647) at [0, 0, 0, 1]",
                "INT32 | 2147483648          | received 2147483648",
                "UINT32 | 4294967296         | from 0 to 4294967295",
                "INT64 | 9223372036854775808 | at [0, 0, 0, 1], received 9223372036854775808",
                "INT64 | 18446744073709551616 | expected whole numbers from -2^63 to 2^64 - 1",
                "UINT64 | 18446744073709551616 | expected whole numbers from -2^63 to 2^64 - 1",
                "UINT64 | -1                 | UINT64 (whole numbers from 0 to 18446744073709551615) at [0, 0, 0, 1]",
                "FP64  | 18446744073709551615 | up to 2^53",
                "INT64 | 9.3e18              | at [0, 0, 0, 1]",
                "BOOL  | 7                   | expected BOOL (true or false, 1 or 0) at [0, 0, 0, 1], received 7",
                "FP32  | 1e39                | expected FP32 (numbers up to 3.4e38) at [0, 0, 0, 1], received 1.0E39",
                "FP64  | 1e39                | numbers up to 3.4e38, received 1.0E39 at [0, 0, 0, 1]",
                "FP32  | true                | numbers like those before",
                "FP32  | \"1\"               | numbers like those before",
                "FP32  | null                | numbers up to 3.4e38, received null at [0, 0, 0, 1]",
                "BYTES | 1                   | expected BYTES (texts)",
                "FP16  | 65520               | FP16 (numbers up to 65504) at [0, 0, 0, 1]",
                "BF16  | 3.4e38              | BF16 (numbers up to 3.4e38) at [0, 0, 0, 1]",
                "FP8   | 1                   | input \"image\": expected a datatype",
            })
    void a_value_that_is_not_of_the_type_it_names_is_refused_with_its_place(String type, String value, String reason) {
        String request =
                INFER.replace("\"FP32\"", "\"" + type + "\"").replace("[255,255,255,255]", "[1," + value + ",1,1]");
        server.assertError(server.infer(request), 400, reason);
        String predict = "[1," + value + ",1,1]";
        if (type.equals("FP32")) {
            server.assertError(
                    server.post(
                            "/v2/models/light/predict", "application/json", predict.getBytes(StandardCharsets.UTF_8)),
                    400,
                    "expected numbers".substring(9));
        }
    }

    @Test
    void the_largest_values_of_the_types_are_taken_exactly() {
        for (String type : new String[] {"UINT8", "INT64", "FP64"}) {
            String request = INFER.replace("\"FP32\"", "\"" + type + "\"");
            assertThat(server.infer(request).statusCode()).isEqualTo(200);
        }
        assertThat(server.infer(INFER.replace("\"FP32\"", "\"BOOL\"")
                                .replace("[255,255,255,255]", "[true,false,true,true]"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void refuses_an_input_given_twice_and_an_unknown_output() {
        String input = INFER.substring(INFER.indexOf("[{") + 1, INFER.lastIndexOf(']'));
        server.assertError(server.infer("{\"inputs\":[" + input + "," + input + "]}"), 400, "given twice");
        server.assertError(
                server.infer(INFER.replace("]}]}", "]}],\"outputs\":[{\"name\":\"probability\"}]}")),
                400,
                "did you mean \"probabilities\"?");
    }

    @Test
    void refuses_deep_json_and_huge_numbers_in_bounded_time() {
        server.assertError(server.infer("[".repeat(500_000)), 400, "expected");
        server.assertError(server.infer(INFER.replace("[255,", "[".repeat(500_000) + "255,")), 400, "expected JSON");
        server.assertError(server.infer(INFER.replace("255,255,", "9".repeat(900_000) + ",")), 400, "expected JSON");
        server.assertError(
                server.infer(INFER.replace("255,255,", "0." + "1".repeat(900_000) + ",")), 400, "expected JSON");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v2/models/../../etc/passwd",
                "/v2/models/%2e%2e/%2e%2e/etc/passwd",
                "/v2/models/..%2f..%2fetc%2fpasswd",
                "/v2/models/..%5c..%5cetc",
                "/../v2",
            })
    void answers_400_for_paths_that_climb(String path) throws IOException {
        assertThat(server.raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("{\"error\":")
                .doesNotContain("root:");
        server.assertHealthy();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/v1/models", "/v2/models", "/v2/models/light/versions", "/v2/models/light/x"})
    void answers_404_in_json_for_other_paths(String path) {
        server.assertError(server.get(path), 404, "no such path");
    }

    @Test
    void answers_404_for_another_model_or_version_and_405_for_another_method() {
        server.assertError(server.get("/v2/models/dark"), 404, "the model here is \"light\"");
        server.assertError(server.get("/v2/models/light/versions/2"), 404, "the version here is \"1\"");
        server.assertError(server.get("/v2/models/light/infer"), 405, "method not allowed");
        server.assertError(server.post("/v2", "application/json", new byte[0]), 405, "method not allowed");
    }

    @Test
    void answers_400_for_something_that_is_no_image() {
        server.assertError(
                server.post("/v2/models/light/predict", "image/png", "not a png".getBytes(StandardCharsets.UTF_8)),
                400,
                "expected an image");
        server.assertError(
                server.post("/v2/models/light/predict", "application/json", "[1,2]".getBytes(StandardCharsets.UTF_8)),
                400,
                "expected 4 numbers");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1,2,2,1] | [[255,255],[255,255]]     | nested as the shape [1, 2, 2, 1], received lists of the lengths [2, 2]",
                "[1,1,2,2] | [[[[255,255,255,255]]]]   | received lists of the lengths [1, 1, 1, 4]",
                "[1,1,2,2] | [[[[255],[255,255,255]]]] | [1, 1, 2, different]",
                "[1,1,2,2] | [[255,255,255,255]]       | [1, 4]",
            })
    void data_that_is_nested_in_another_way_than_its_shape_is_refused(String shape, String data, String reason) {
        String request = INFER.replace("[1,1,2,2]", shape).replace("[255,255,255,255]", data);
        server.assertError(server.infer(request), 400, reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[255,255,255,255]", "[[[[255,255],[255,255]]]]"})
    void data_is_flat_or_nested_as_its_shape(String data) {
        assertThat(server.infer(INFER.replace("[255,255,255,255]", data)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_body_without_a_content_type_is_taken_for_what_it_begins_like() {
        byte[] numbers = " [0,0,0,102]".getBytes(StandardCharsets.UTF_8);
        for (String type : new String[] {"", "application/x-www-form-urlencoded", "application/octet-stream"}) {
            assertThat(predict(type, numbers).statusCode()).as(type).isEqualTo(200);
            assertThat(predict(type, TestServer.png(1, 2, 3, 5)).statusCode())
                    .as(type)
                    .isEqualTo(200);
            server.assertError(
                    predict(type, new byte[] {1, 2, 3}), 415, "expected the header Content-Type: application/json");
        }
    }

    @Test
    void a_content_type_that_is_neither_json_nor_an_image_is_refused_with_what_is_taken() {
        byte[] numbers = "[0,0,0,102]".getBytes(StandardCharsets.UTF_8);
        server.assertError(predict("text/csv", numbers), 415, "image/png, image/jpeg or audio/wav, received text/csv");
    }

    @Test
    void json_that_is_declared_in_another_charset_than_utf_8_is_refused() {
        byte[] numbers = "[0,0,0,102]".getBytes(StandardCharsets.UTF_8);
        assertThat(predict("application/json; charset=UTF-8", numbers).statusCode())
                .isEqualTo(200);
        for (String charset : new String[] {"utf-16", "iso-8859-1", "nonsense"}) {
            String type = "application/json; charset=" + charset;
            server.assertError(predict(type, numbers), 415, "expected JSON in UTF-8, received charset=" + charset);
            server.assertError(
                    server.post("/v2/models/light/infer", type, INFER.getBytes(StandardCharsets.UTF_8)), 415, "UTF-8");
        }
    }

    /** @param type empty: without the header */
    private HttpResponse<byte[]> predict(String type, byte[] body) {
        if (!type.isEmpty()) {
            return server.post("/v2/models/light/predict", type, body);
        }
        return server.send(HttpRequest.newBuilder(server.uri("/v2/models/light/predict"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    @Test
    void answers_408_when_the_body_does_not_arrive() throws IOException {
        String answer = server.raw("POST /v2/models/light/infer HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Length: 1000\r\n\r\n{\"inputs\":");
        assertThat(answer).startsWith("HTTP/1.1 408").contains("did not arrive in time");
        server.assertHealthy();
    }

    @Test
    void closes_a_connection_whose_headers_do_not_arrive() throws IOException {
        long start = System.nanoTime();
        try (Socket socket = new Socket("127.0.0.1", server.server.port())) {
            socket.setSoTimeout(19_000);
            socket.getOutputStream().write("GET /v2 HTTP/1.1\r\nHost: loc".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThat((System.nanoTime() - start) / 1e9).isBetween(1.0, 19.0);
        server.assertHealthy();
    }

    @Test
    void an_internal_error_sends_an_id_and_nothing_of_the_inside() {
        server.predictor.broken = true;
        var answer = server.infer(INFER);
        server.predictor.broken = false;
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(TestServer.json(answer).path("error").asText()).matches("internal error [0-9a-f]{16}");
        server.assertHealthy();
    }
}
