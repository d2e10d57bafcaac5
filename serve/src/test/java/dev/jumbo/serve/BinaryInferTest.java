package dev.jumbo.serve;

import static dev.jumbo.serve.TestServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The binary tensor extension: JSON, then values as little-endian bytes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BinaryInferTest {
    private static final int[] PIXELS = {255, 0, 51, 102};
    private static final float BRIGHT = 0.4f;

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
    @CsvSource({"FP32,4", "FP64,8", "INT64,8", "INT32,4", "INT16,2", "UINT8,1", "UINT16,2", "UINT32,4"})
    void takes_every_numeric_type(String datatype, int width) {
        HttpResponse<byte[]> answer = send(header(datatype, "[1,1,2,2]", 4 * width, ""), pixels(datatype, width));
        assertThat(json(answer).at("/outputs/0/data/1").floatValue()).isEqualTo(BRIGHT);
    }

    @Test
    void sends_an_output_as_binary_where_the_output_asks_for_it() {
        HttpResponse<byte[]> answer = send(
                header(
                        "FP32",
                        "[1,1,2,2]",
                        16,
                        ",\"outputs\":[{\"name\":\"probabilities\"," + "\"parameters\":{\"binary_data\":true}}]"),
                pixels("FP32", 4));
        assertBinary(answer);
    }

    @Test
    void sends_all_outputs_as_binary_where_the_request_asks_for_it() {
        assertBinary(send(
                header("FP32", "[1,1,2,2]", 16, ",\"parameters\":{\"binary_data_output\":true}"), pixels("FP32", 4)));
    }

    @Test
    void an_output_that_says_no_goes_before_the_request() {
        HttpResponse<byte[]> answer = send(
                header(
                        "FP32",
                        "[1,1,2,2]",
                        16,
                        ",\"parameters\":{\"binary_data_output\":true},"
                                + "\"outputs\":[{\"name\":\"probabilities\",\"parameters\":{\"binary_data\":false}}]"),
                pixels("FP32", 4));
        assertThat(json(answer).at("/outputs/0/data/1").floatValue()).isEqualTo(BRIGHT);
    }

    @Test
    void refuses_values_that_are_no_numbers_and_truth_values_other_than_0_and_1() {
        byte[] nan = pixels("FP32", 4);
        ByteBuffer.wrap(nan).order(ByteOrder.LITTLE_ENDIAN).putFloat(8, Float.NaN);
        server.assertError(send(header("FP32", "[1,1,2,2]", 16, ""), nan), 400, "at [0, 0, 1, 0], received NaN");
        server.assertError(send(header("BOOL", "[1,1,2,2]", 4, ""), new byte[] {1, 0, 7, 1}), 400, "received 7");
    }

    @ParameterizedTest
    @CsvSource({"15", "17", "0", "9223372036854775807"})
    void refuses_a_wrong_binary_data_size(long size) {
        server.assertError(
                send(header("FP32", "[1,1,2,2]", size, ""), pixels("FP32", 4)), 400, "binary_data_size of 16");
    }

    @Test
    void refuses_negative_sizes_missing_bytes_and_bytes_to_spare() {
        server.assertError(send(header("FP32", "[1,1,2,2]", -1, ""), pixels("FP32", 4)), 400, "0 or more");
        server.assertError(send(header("FP32", "[1,1,2,2]", 16, ""), new byte[12]), 400, "expected 16 bytes");
        server.assertError(send(header("FP32", "[1,1,2,2]", 16, ""), new byte[20]), 400, "4 bytes more");
        server.assertError(
                send(header("FP32", "[4611686018427387904,4]", 16, ""), new byte[16]), 400, "more than 2^63");
    }

    @ParameterizedTest
    @CsvSource({"-1", "99999", "99999999999999999999", "ten", "0x10", "1e2"})
    void refuses_a_wrong_header_length(String length) {
        server.assertError(
                send(header("FP32", "[1,1,2,2]", 16, "").getBytes(StandardCharsets.UTF_8), length),
                400,
                "Inference-Header-Content-Length");
    }

    @Test
    void refuses_binary_data_without_the_header_and_data_beside_binary_data() {
        byte[] json = header("FP32", "[1,1,2,2]", 16, "").getBytes(StandardCharsets.UTF_8);
        server.assertError(
                server.post("/v2/models/light/infer", "application/octet-stream", json), 400, "after the JSON");
        String both = header("FP32", "[1,1,2,2]", 16, "").replace("\"datatype\"", "\"data\":[1,2,3,4],\"datatype\"");
        server.assertError(send(both, pixels("FP32", 4)), 400, "received both");
    }

    private void assertBinary(HttpResponse<byte[]> answer) {
        int jsonLength = Integer.parseInt(
                answer.headers().firstValue("Inference-Header-Content-Length").orElseThrow());
        assertThat(new String(answer.body(), 0, jsonLength, StandardCharsets.UTF_8))
                .contains("\"parameters\":{\"binary_data_size\":8}")
                .doesNotContain("\"data\"");
        ByteBuffer values = ByteBuffer.wrap(answer.body(), jsonLength, 8).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(answer.body()).hasSize(jsonLength + 8);
        assertThat(values.getFloat()).isEqualTo(1 - BRIGHT);
        assertThat(values.getFloat()).isEqualTo(BRIGHT);
    }

    private static String header(String datatype, String shape, long size, String more) {
        return "{\"inputs\":[{\"name\":\"image\",\"shape\":%s,\"datatype\":\"%s\",\"parameters\":{\"binary_data_size\":%d}}]%s}"
                .formatted(shape, datatype, size, more);
    }

    private static byte[] pixels(String datatype, int width) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * width).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(PIXELS).forEach(pixel -> {
            switch (datatype) {
                case "FP32" -> bytes.putFloat(pixel);
                case "FP64" -> bytes.putDouble(pixel);
                default -> {
                    for (int i = 0; i < width; i++) {
                        bytes.put((byte) (i == 0 ? pixel : 0));
                    }
                }
            }
        });
        return bytes.array();
    }

    private HttpResponse<byte[]> send(String json, byte[] binary) {
        var body = new ByteArrayOutputStream();
        body.writeBytes(json.getBytes(StandardCharsets.UTF_8));
        body.writeBytes(binary);
        return send(body.toByteArray(), "" + json.length());
    }

    private HttpResponse<byte[]> send(byte[] body, String jsonLength) {
        return server.send(HttpRequest.newBuilder(server.uri("/v2/models/light/infer"))
                .header("Content-Type", "application/octet-stream")
                .header("Inference-Header-Content-Length", jsonLength)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }
}
