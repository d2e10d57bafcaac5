package dev.jumbo.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.jumbo.data.image.Images;
import dev.jumbo.onnx.format.ElementType;
import dev.jumbo.onnx.format.OnnxGraph;
import dev.jumbo.onnx.format.OnnxModel;
import dev.jumbo.onnx.format.OnnxNode;
import dev.jumbo.onnx.format.OnnxPort;
import dev.jumbo.onnx.run.OnnxPredictor;
import dev.jumbo.serve.access.Token;
import dev.jumbo.serve.grpc.proto.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.jumbo.serve.grpc.proto.InferTensorContents;
import dev.jumbo.serve.grpc.proto.ModelConfig;
import dev.jumbo.serve.grpc.proto.ModelConfigRequest;
import dev.jumbo.serve.grpc.proto.ModelInferRequest;
import dev.jumbo.serve.grpc.proto.ModelInferResponse;
import dev.jumbo.serve.grpc.proto.ModelMetadataRequest;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.tensor.Shape;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A model of another tool that takes pictures of any size, over the wire. It answers with each value's negative part cut off. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FreeSizesTest {
    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @SuppressWarnings("NullAway.Init") // before all
    private OnnxPredictor predictor;

    @SuppressWarnings("NullAway.Init") // before all
    private ModelServer server;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        List<OnnxPort> in = List.of(new OnnxPort("image", ElementType.FLOAT, List.of("n", 3L, "h", "w")));
        List<OnnxPort> out = List.of(new OnnxPort("y", ElementType.FLOAT, List.of("n", 3L, "h", "w")));
        OnnxNode relu = new OnnxNode("node", "Relu", List.of("image"), List.of("y"), List.of());
        new OnnxModel(17, "test", new OnnxGraph("g", in, out, List.of(), List.of(relu)), Map.of())
                .write(directory.resolve("model.onnx"));
        predictor = OnnxPredictor.open(directory);
        server = ModelServer.start(ServerConfig.local(0), Token.NONE, ServedModel.of("any", "1", predictor));
    }

    @AfterAll
    void stop() {
        server.close();
        predictor.close();
    }

    private HttpRequest request(String path, String type, byte[] body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v2/models/any" + path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private JsonNode json(byte[] body) {
        try {
            return mapper.readTree(body);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private JsonNode get(String path) {
        return json(send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .build())
                .body());
    }

    private static byte[] infer(String shape, long values, float first) {
        StringBuilder data = new StringBuilder();
        for (int i = 0; i < values; i++) {
            data.append(i == 0 ? "" : ",").append(first + i);
        }
        return ("{\"inputs\":[{\"name\":\"image\",\"datatype\":\"FP32\",\"shape\":" + shape + ",\"data\":[" + data
                        + "]}]}")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private void assertRefused(byte[] body, String text) {
        HttpResponse<byte[]> answer = send(request("/infer", "application/json", body));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer.body()).path("error").asText()).contains(text).doesNotContain("Exception");
    }

    @Test
    void what_it_is_and_what_computes_is_told_truly() {
        JsonNode metadata = get("/v2/models/any");
        assertThat(metadata.path("platform").asText()).isEqualTo("onnxruntime_onnx");
        assertThat(metadata.at("/inputs/0/shape").toString()).isEqualTo("[-1,3,-1,-1]");
        assertThat(metadata.at("/outputs/0/shape").toString()).isEqualTo("[-1,3,-1,-1]");
        assertThat(metadata.at("/properties/engine").asText()).startsWith("onnxruntime");
        JsonNode config = get("/v2/models/any/config");
        assertThat(config.path("platform").asText()).isEqualTo("onnxruntime_onnx");
        assertThat(config.path("backend").asText()).isEqualTo("onnxruntime");
        assertThat(config.at("/input/0/dims").toString()).isEqualTo("[3,-1,-1]");
        assertThat(config.path("default_model_filename").asText()).isEqualTo("model.onnx");
        assertThat(config.has("dynamic_batching")).isFalse();
        GRPCInferenceServiceBlockingStub stub = GrpcClients.newClient(
                "gproto+http://127.0.0.1:" + server.port(), GRPCInferenceServiceBlockingStub.class);
        ModelConfig same = stub.modelConfig(
                        ModelConfigRequest.newBuilder().setName("any").build())
                .getConfig();
        assertThat(same.getInput(0).getDimsList()).containsExactly(3L, -1L, -1L);
        assertThat(same.getParametersOrThrow("engine").getStringValue()).startsWith("onnxruntime");
        var described = stub.modelMetadata(
                ModelMetadataRequest.newBuilder().setName("any").build());
        assertThat(described.getPlatform()).isEqualTo("onnxruntime_onnx");
        assertThat(described.getPropertiesOrThrow("engine")).startsWith("onnxruntime");
    }

    @Test
    void any_size_is_answered_in_its_own_shape_by_both_protocols() {
        JsonNode output = json(send(request("/infer", "application/json", infer("[2,3,1,2]", 12, -5)))
                        .body())
                .at("/outputs/0");
        assertThat(output.path("shape").toString()).isEqualTo("[2,3,1,2]");
        assertThat(output.path("data").toString()).isEqualTo("[0.0,0.0,0.0,0.0,0.0,0.0,1.0,2.0,3.0,4.0,5.0,6.0]");
        ModelInferRequest.Builder message = ModelInferRequest.newBuilder().setModelName("any");
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        for (int i = 0; i < 3 * 7 * 5; i++) {
            contents.addFp32Contents(i - 50);
        }
        message.addInputsBuilder()
                .setName("image")
                .setDatatype("FP32")
                .addAllShape(List.of(1L, 3L, 7L, 5L))
                .setContents(contents);
        ModelInferResponse answer = GrpcClients.newClient(
                        "gproto+http://127.0.0.1:" + server.port(), GRPCInferenceServiceBlockingStub.class)
                .modelInfer(message.build());
        assertThat(answer.getOutputs(0).getShapeList()).containsExactly(1L, 3L, 7L, 5L);
        assertThat(answer.getOutputs(0).getContents().getFp32Contents(104)).isEqualTo(54);
    }

    /** Sixty requests at once, of six sizes: each gets its own values back, and no batch has rows of two of them. */
    @Test
    void requests_of_different_sizes_do_not_meet() {
        List<CompletableFuture<HttpResponse<byte[]>>> asked = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int width = 1 + i % 6;
            asked.add(client.sendAsync(
                    request("/infer", "application/json", infer("[1,3,2," + width + "]", 6L * width, i)),
                    HttpResponse.BodyHandlers.ofByteArray()));
        }
        for (int i = 0; i < 60; i++) {
            JsonNode output = json(asked.get(i).join().body()).at("/outputs/0");
            int width = 1 + i % 6;
            assertThat(output.path("shape").toString()).isEqualTo("[1,3,2," + width + "]");
            assertThat(output.at("/data/0").asDouble()).isEqualTo(i);
            assertThat(output.at("/data/" + (6 * width - 1)).asDouble()).isEqualTo(i + 6 * width - 1);
        }
        JsonNode sizes = get("/v2/models/any/stats").at("/model_stats/0/batch_stats");
        for (JsonNode size : sizes) {
            assertThat(size.path("batch_size").asInt()).isLessThanOrEqualTo(2); // of the request of two rows
        }
    }

    @Test
    void a_picture_is_taken_in_its_own_size() {
        Shape shape = Shape.of(3, 2, 4);
        float[] values = new float[24];
        for (int i = 0; i < 24; i++) {
            values[i] = 10 * i;
        }
        byte[] png = Images.png(values, shape);
        JsonNode answer = json(send(request("/predict", "image/png", png)).body());
        List<Float> received = new ArrayList<>();
        collect(answer.elements().next(), received);
        assertThat(received).hasSize(24);
        for (int i = 0; i < 24; i++) {
            assertThat(received.get(i)).isEqualTo(10f * i);
        }
        HttpResponse<byte[]> numbers = send(
                request("/predict", "application/json", "[1,2,3]".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(numbers.statusCode()).isEqualTo(400);
        assertThat(json(numbers.body()).path("error").asText()).contains("an infer request, which says the sizes");
    }

    private static void collect(JsonNode node, List<Float> into) {
        if (node.isNumber()) {
            into.add(node.floatValue());
        }
        node.forEach(each -> collect(each, into));
    }

    @Test
    void sizes_that_do_not_fit_or_are_too_large_are_refused_before_anything_is_made_of_them() {
        assertRefused(infer("[1,4,2,2]", 16, 0), "expected the shape [N, 3, any, any]");
        assertRefused(infer("[1,3,4]", 12, 0), "expected the shape [N, 3, any, any]");
        assertRefused(infer("[1,3,0,4]", 0, 0), "with sizes of 1 or more");
        assertRefused(infer("[0,3,4,4]", 0, 0), "");
        assertRefused(infer("[1,3,2,2]", 11, 0), "12 values");
        assertRefused(infer("[1,3,1099511627776,1099511627776]", 1, 0), "");
        assertRefused(infer("[1,3,0,9223372036854775807]", 0, 0), "");
        assertRefused(infer("[3,4,4]", 48, 0), "expected the shape");
        byte[] raw = new byte[48];
        HttpResponse<byte[]> answer =
                send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v2/models/any/infer"))
                        .header("Inference-Header-Content-Length", "0")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(raw))
                        .build());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer.body()).path("error").asText()).contains("do not follow from a number of bytes");
    }

    @Test
    void the_limit_of_pixels_bounds_what_a_caller_may_choose() {
        ServerConfig small = dev.jumbo.config.Components.of(ServerConfig.local(0))
                .with("limits", new dev.jumbo.serve.limits.Limits(100, 50))
                .record();
        try (ModelServer limited = ModelServer.start(small, Token.NONE, ServedModel.of("any", "1", predictor))) {
            URI uri = URI.create("http://127.0.0.1:" + limited.port() + "/v2/models/any/infer");
            String[][] cases = {
                {"[1,3,10,10]", "300", "200", ""},
                {"[1,3,10,11]", "330", "400", "whose product is at most 100 in a row, received 110"},
                {"[4,3,10,10]", "1200", "200", ""},
                {"[5,3,10,10]", "1500", "400", "at most 400 in all rows together, received 500"},
            };
            for (String[] each : cases) {
                HttpResponse<byte[]> answer = send(HttpRequest.newBuilder(uri)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(infer(each[0], Long.parseLong(each[1]), 0)))
                        .header("Content-Type", "application/json")
                        .build());
                assertThat(answer.statusCode()).as(each[0]).isEqualTo(Integer.parseInt(each[2]));
                assertThat(json(answer.body()).path("error").asText()).contains(each[3]);
            }
        }
    }
}
