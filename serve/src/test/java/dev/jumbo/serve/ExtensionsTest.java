package dev.jumbo.serve;

import static dev.jumbo.serve.TestServer.INFER;
import static dev.jumbo.serve.TestServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes beyond tensors in JSON: small and unsigned types, classification, bodies of bytes alone, several pictures at once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExtensionsTest {
    private TestServer server;

    @BeforeAll
    void start() {
        server = new TestServer();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** 255, 0, 51 and 102 as {@code numpy.float16} and {@code torch.bfloat16} have them. */
    @ParameterizedTest
    @CsvSource({"FP16,5bf8 0000 5260 5660", "BF16,437f 0000 424c 42cc"})
    void sixteen_bit_floats_are_taken_as_binary_data(String type, String words) {
        ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        for (String word : words.split(" ")) {
            bytes.putShort((short) Integer.parseInt(word, 16));
        }
        assertThat(bright(binary(type, bytes.array()))).isEqualTo(0.4f);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FP16", "BF16", "UINT64", "FP32", "FP64", "INT64"})
    void every_numeric_type_is_taken_in_json(String type) {
        String request = INFER.replace("FP32", type).replace("[255,255,255,255]", "[255,0,51,102]");
        assertThat(bright(server.infer(request))).isEqualTo(0.4f);
    }

    /** As numpy: {@code float(numpy.float16(0.1))}, and of float32 likewise. */
    @Test
    void a_number_of_a_type_is_the_same_one_in_json_and_as_binary_data() {
        String json = INFER.replace("[255,255,255,255]", "[0.1,0,0,0]");
        float half = bright(binary("FP16", new byte[] {0x66, 0x2e, 0, 0, 0, 0, 0, 0}));
        assertThat(bright(server.infer(json.replace("FP32", "FP16")))).isEqualTo(half);
        ByteBuffer floats =
                ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putFloat(0.1f);
        assertThat(bright(server.infer(json))).isEqualTo(bright(binary("FP32", floats.array())));
    }

    @Test
    void sixty_four_bits_without_a_sign_are_taken_up_to_the_last() {
        byte[] most = {-1, -1, -1, -1, -1, -1, -1, -1};
        byte[] body = new byte[32];
        System.arraycopy(most, 0, body, 0, 8);
        float answered = bright(binary("UINT64", body));
        assertThat(answered).isEqualTo(0x1p64f / 255 / 4);
        String json = INFER.replace("FP32", "UINT64").replace("[255,255,255,255]", "[18446744073709551615,0,0,0]");
        assertThat(bright(server.infer(json))).isEqualTo(answered);
    }

    @Test
    void classes_are_answered_as_texts_with_value_index_and_name_the_largest_first() {
        String request = INFER.replace("[255,255,255,255]", "[255,255,255,51]")
                .replace(
                        "}]}",
                        "}],\"outputs\":[{\"name\":\"probabilities\",\"parameters\":{\"classification\":COUNT}}]}");
        var both = json(server.infer(request.replace("COUNT", "2"))).at("/outputs/0");
        assertThat(both.toString())
                .isEqualTo("{\"name\":\"probabilities\",\"datatype\":\"BYTES\",\"shape\":[1,2],"
                        + "\"data\":[\"0.8:1:bright\",\"0.19999999:0:dark\"]}");
        assertThat(json(server.infer(request.replace("COUNT", "1")))
                        .at("/outputs/0/data")
                        .toString())
                .isEqualTo("[\"0.8:1:bright\"]");
        assertThat(json(server.infer(request.replace("COUNT", "9")))
                        .at("/outputs/0/shape")
                        .toString())
                .isEqualTo("[1,2]");
        server.assertError(server.infer(request.replace("COUNT", "-1")), 400, "\"classification\"");
        server.assertError(server.infer(request.replace("COUNT", "99999999999")), 400, "\"classification\"");
    }

    @Test
    void texts_are_sent_as_binary_data_with_their_lengths() {
        String request = INFER.replace(
                "}]}",
                "}],\"parameters\":{\"binary_data_output\":true},"
                        + "\"outputs\":[{\"name\":\"probabilities\",\"parameters\":{\"classification\":2}}]}");
        HttpResponse<byte[]> answer = server.infer(request);
        int length = Integer.parseInt(
                answer.headers().firstValue("Inference-Header-Content-Length").orElseThrow());
        ByteBuffer texts = ByteBuffer.wrap(answer.body(), length, answer.body().length - length)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (String expected : new String[] {"1.0:1:bright", "0.0:0:dark"}) {
            byte[] text = new byte[texts.getInt()];
            texts.get(text);
            assertThat(new String(text, StandardCharsets.UTF_8)).isEqualTo(expected);
        }
        assertThat(texts.hasRemaining()).isFalse();
    }

    @Test
    void a_body_of_bytes_alone_is_one_example_and_is_answered_in_bytes() {
        byte[] pixels = new byte[16];
        ByteBuffer.wrap(pixels)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(255)
                .putFloat(0)
                .putFloat(51)
                .putFloat(102);
        HttpResponse<byte[]> answer = send("0", pixels);
        int length = Integer.parseInt(
                answer.headers().firstValue("Inference-Header-Content-Length").orElseThrow());
        assertThat(ByteBuffer.wrap(answer.body(), length, 8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getFloat(length + 4))
                .isEqualTo(0.4f);
        server.assertError(send("0", new byte[12]), 400, "expected 16 bytes of one example, received 12");
        server.assertError(send("0", new byte[0]), 400, "expected 16 bytes of one example, received 0");
    }

    @Test
    void parameters_that_nobody_knows_are_ignored_and_those_that_say_nothing_are_too() {
        String request = INFER.replace(
                "\"datatype\"",
                "\"parameters\":{\"mine\":1.5,\"yours\":\"x\",\"big\":123456789012345678901},\"datatype\"");
        request = request.replace(
                "]}]}",
                "]}],\"model_name\":\"light\",\"model_version\":\"1\",\"parameters\":{\"sequence_id\":0,\"sequence_start\":false,\"priority\":1,"
                        + "\"timeout\":20000000,\"triton_enable_empty_final_response\":false,\"a\":true}}");
        assertThat(bright(server.infer(request))).isEqualTo(1f);
        String shared = INFER.replace("\"datatype\"", "\"parameters\":{\"shared_memory_region\":\"r\"},\"datatype\"");
        server.assertError(server.infer(shared), 400, "can't honour the parameter \"shared_memory_region\"");
    }

    // ---- several pictures ------------------------------------------------------------------------------------------

    @Test
    void a_form_with_several_files_is_answered_with_a_list_in_their_order() {
        byte[] body = form(TestServer.png(255, 255, 255, 255), TestServer.png(0, 0, 0, 102));
        var answer = json(server.post("/v2/models/light/predict", "multipart/form-data; boundary=xyz", body));
        assertThat(answer).hasSize(2);
        assertThat(answer.at("/0/label").asText()).isEqualTo("bright");
        assertThat(answer.at("/1/probabilities/bright").floatValue()).isEqualTo(0.1f);
    }

    @Test
    void a_form_that_is_none_or_holds_no_picture_is_refused_with_the_place() {
        String type = "multipart/form-data; boundary=xyz";
        byte[] bad = form(TestServer.png(1, 2, 3, 4), "no picture".getBytes(StandardCharsets.UTF_8));
        server.assertError(server.post("/v2/models/light/predict", type, bad), 400, "file 1: expected an image");
        for (String body :
                new String[] {"", "--xyz", "--xyz--\r\n", "nothing", "--xyz\r\n\r\n", "--xyz\r\n--xyz\r\n"}) {
            HttpResponse<byte[]> answer =
                    server.post("/v2/models/light/predict", type, body.getBytes(StandardCharsets.UTF_8));
            server.assertError(answer, 400, "");
        }
        server.assertError(server.post("/v2/models/light/predict", "multipart/form-data", bad), 400, "a boundary");
    }

    @Test
    void pictures_are_taken_in_base64_too_one_or_a_list() {
        String one = "\"" + Base64.getEncoder().encodeToString(TestServer.png(255, 255, 255, 51)) + "\"";
        String named = "{\"image\":" + one + "}";
        assertThat(predict(one).at("/label").asText()).isEqualTo("bright");
        assertThat(predict(named).at("/probability").floatValue()).isEqualTo(0.8f);
        assertThat(predict("[" + one + "," + named + "]")).hasSize(2);
        for (String bad :
                new String[] {"{\"picture\":" + one + "}", "{\"image\":1}", "[\"a b\"]", "{}", "[" + one + ",1]"}) {
            server.assertError(
                    server.post("/v2/models/light/predict", "application/json", bad.getBytes(StandardCharsets.UTF_8)),
                    400,
                    "expected");
        }
    }

    private JsonNode predict(String body) {
        return json(server.post("/v2/models/light/predict", "application/json", body.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] form(byte[]... files) {
        var body = new ByteArrayOutputStream();
        for (byte[] file : files) {
            body.writeBytes(("--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n"
                            + "Content-Type: image/png\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            body.writeBytes(file);
            body.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        body.writeBytes("--xyz--\r\n".getBytes(StandardCharsets.US_ASCII));
        return body.toByteArray();
    }

    private static float bright(HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        return json(answer).at("/outputs/0/data/1").floatValue();
    }

    private HttpResponse<byte[]> binary(String type, byte[] values) {
        String head = ("{\"inputs\":[{\"name\":\"image\",\"shape\":[1,1,2,2],\"datatype\":\"%s\","
                        + "\"parameters\":{\"binary_data_size\":%d}}]}")
                .formatted(type, values.length);
        var body = new ByteArrayOutputStream();
        body.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        body.writeBytes(values);
        return send("" + head.length(), body.toByteArray());
    }

    private HttpResponse<byte[]> send(String jsonLength, byte[] body) {
        return server.send(HttpRequest.newBuilder(server.uri("/v2/models/light/infer"))
                .header("Content-Type", "application/octet-stream")
                .header("Inference-Header-Content-Length", jsonLength)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }
}
