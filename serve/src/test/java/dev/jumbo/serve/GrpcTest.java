package dev.jumbo.serve;

import static dev.jumbo.serve.TestServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.jumbo.serve.access.Token;
import dev.jumbo.serve.grpc.proto.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.jumbo.serve.grpc.proto.InferParameter;
import dev.jumbo.serve.grpc.proto.InferTensorContents;
import dev.jumbo.serve.grpc.proto.ModelInferRequest;
import dev.jumbo.serve.grpc.proto.ModelInferResponse;
import dev.jumbo.serve.grpc.proto.ModelMetadataRequest;
import dev.jumbo.serve.grpc.proto.ModelReadyRequest;
import dev.jumbo.serve.grpc.proto.ModelStatisticsRequest;
import dev.jumbo.serve.grpc.proto.RepositoryIndexRequest;
import dev.jumbo.serve.grpc.proto.RepositoryModelLoadRequest;
import dev.jumbo.serve.grpc.proto.RepositoryModelUnloadRequest;
import dev.jumbo.serve.grpc.proto.ServerLiveRequest;
import dev.jumbo.serve.grpc.proto.ServerMetadataRequest;
import dev.jumbo.serve.grpc.proto.ServerReadyRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Inference by gRPC on the port of REST. Clients that are not ours ask it in src/test/python/grpc_conformance.py. */
class GrpcTest extends GrpcCalls {
    @Test
    void health_and_metadata_are_those_of_rest() {
        assertThat(stub().serverLive(ServerLiveRequest.getDefaultInstance()).getLive())
                .isTrue();
        assertThat(stub().serverReady(ServerReadyRequest.getDefaultInstance()).getReady())
                .isTrue();
        var ready = ModelReadyRequest.newBuilder().setName("light");
        assertThat(stub().modelReady(ready.build()).getReady()).isTrue();
        assertThat(stub().modelReady(ready.setVersion("1").build()).getReady()).isTrue();
        var of = stub().serverMetadata(ServerMetadataRequest.getDefaultInstance());
        assertThat(of.getName()).isEqualTo("jumbo");
        assertThat(of.getExtensionsList().toString().replace(" ", ""))
                .isEqualTo(json(server.get("/v2")).path("extensions").toString().replace("\"", ""));
        var model = stub().modelMetadata(
                        ModelMetadataRequest.newBuilder().setName("light").build());
        assertThat(model.getVersionsList()).containsExactly("1");
        assertThat(model.getInputs(0).getShapeList()).containsExactly(-1L, 1L, 2L, 2L);
        assertThat(model.getOutputs(0).getDatatype()).isEqualTo("FP32");
        assertThat(model.getPropertiesMap()).containsEntry("classes.probabilities", "[\"dark\",\"bright\"]");
    }

    /** One pixel row with digits that neither type holds exactly. */
    @Test
    void json_binary_typed_raw_and_predict_answer_the_same_bits() {
        float[] pixels = {1.1f, 254.9f, 33.3f, 0.7f};
        String data = "[1.1,254.9,33.3,0.7]";
        float expected = json(server.infer(TestServer.INFER.replace("[255,255,255,255]", data)))
                .at("/outputs/0/data/1")
                .floatValue();
        String head = "{\"inputs\":[{\"name\":\"image\",\"shape\":[1,1,2,2],\"datatype\":\"FP32\","
                + "\"parameters\":{\"binary_data_size\":16}}],\"parameters\":{\"binary_data_output\":true}}";
        HttpResponse<byte[]> binary = server.send(HttpRequest.newBuilder(server.uri("/v2/models/light/infer"))
                .header("Inference-Header-Content-Length", "" + head.length())
                .POST(HttpRequest.BodyPublishers.ofByteArrays(List.of(
                        head.getBytes(StandardCharsets.UTF_8), floats(pixels).toByteArray())))
                .build());
        float predicted = json(server.post(
                        "/v2/models/light/predict", "application/json", data.getBytes(StandardCharsets.UTF_8)))
                .at("/probabilities/bright")
                .floatValue();
        InferTensorContents typed = contents()
                .addAllFp32Contents(List.of(1.1f, 254.9f, 33.3f, 0.7f))
                .build();
        ModelInferResponse byContents = stub().modelInfer(request("FP32", typed).build());
        ModelInferResponse byRaw = stub().modelInfer(request("FP32", null)
                .addRawInputContents(floats(pixels))
                .build());
        byte[] tail = Arrays.copyOfRange(binary.body(), binary.body().length - 8, binary.body().length);
        assertThat(byRaw.getRawOutputContents(0).toByteArray()).isEqualTo(tail);
        assertThat(ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getFloat(4))
                .isEqualTo(expected);
        assertThat(byContents.getOutputs(0).getContents().getFp32Contents(1)).isEqualTo(expected);
        assertThat(byContents.getRawOutputContentsCount()).isZero();
        assertThat(predicted).isEqualTo(expected);
        assertThat(byContents.getId()).isEqualTo("q7");
        assertThat(byContents.getModelVersion()).isEqualTo("1");
        assertThat(byContents.getOutputs(0).getShapeList()).containsExactly(1L, 2L);
    }

    @Test
    void every_type_comes_in_its_own_field() {
        List<Integer> ints = List.of(255, 0, 51, 102);
        List<Long> longs = List.of(255L, 0L, 51L, 102L);
        for (String type : new String[] {"INT16", "INT32"}) {
            assertBright(request(type, contents().addAllIntContents(ints).build()));
        }
        for (String type : new String[] {"UINT8", "UINT16", "UINT32"}) {
            assertBright(request(type, contents().addAllUintContents(ints).build()));
        }
        assertBright(request("INT64", contents().addAllInt64Contents(longs).build()));
        assertBright(request("UINT64", contents().addAllUint64Contents(longs).build()));
        assertBright(request(
                "FP64",
                contents().addAllFp64Contents(List.of(255.0, 0.0, 51.0, 102.0)).build()));
        ByteBuffer half = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        half.putShort((short) 0x5bf8)
                .putShort((short) 0)
                .putShort((short) 0x5260)
                .putShort((short) 0x5660);
        ModelInferResponse raw = stub().modelInfer(request("FP16", null)
                .addRawInputContents(ByteString.copyFrom(half.array()))
                .build());
        assertThat(raw.getRawOutputContents(0)
                        .asReadOnlyByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getFloat(4))
                .isEqualTo(0.4f);
        InferTensorContents truths =
                contents().addAllBoolContents(List.of(true, false, true, true)).build();
        assertThat(stub().modelInfer(request("BOOL", truths).build()).getOutputsCount())
                .isEqualTo(1);
    }

    private void assertBright(ModelInferRequest.Builder request) {
        assertThat(stub().modelInfer(request.build())
                        .getOutputs(0)
                        .getContents()
                        .getFp32Contents(1))
                .isEqualTo(0.4f);
    }

    @Test
    void classes_are_bytes_typed_and_raw() {
        ModelInferRequest.Builder request = request(
                "FP32",
                contents().addAllFp32Contents(List.of(255f, 255f, 255f, 255f)).build());
        request.addOutputsBuilder()
                .setName("probabilities")
                .putParameters(
                        "classification",
                        InferParameter.newBuilder().setInt64Param(1).build());
        var output = stub().modelInfer(request.build()).getOutputs(0);
        assertThat(output.getDatatype()).isEqualTo("BYTES");
        assertThat(output.getContents().getBytesContents(0).toStringUtf8()).isEqualTo("1.0:1:bright");
        request.putParameters(
                "binary_data_output",
                InferParameter.newBuilder().setBoolParam(true).build());
        assertThat(stub().modelInfer(request.build()).getRawOutputContents(0).toStringUtf8())
                .isEqualTo("\f\0\0\0" + "1.0:1:bright");
    }

    @Test
    void what_is_wrong_has_the_code_and_the_text_of_rest() {
        InferTensorContents four =
                contents().addAllFp32Contents(List.of(1f, 2f, 3f, 4f)).build();
        assertRefused(
                () -> stub().modelReady(
                                ModelReadyRequest.newBuilder().setName("dark").build()),
                Status.Code.NOT_FOUND,
                "no such model");
        assertRefused(
                () -> stub().modelInfer(
                                request("FP32", four).setModelVersion("2").build()),
                Status.Code.NOT_FOUND,
                "no such version");
        assertRefused(
                () -> stub().modelInfer(request("FP32", null).build()),
                Status.Code.INVALID_ARGUMENT,
                "expected 4 values");
        assertRefused(
                () -> stub().modelInfer(request("INT32", four).build()),
                Status.Code.INVALID_ARGUMENT,
                "expected int_contents for INT32, received fp32_contents");
        assertRefused(
                () -> stub().modelInfer(request("FP16", four).build()),
                Status.Code.INVALID_ARGUMENT,
                "raw_input_contents");
        assertRefused(
                () -> stub().modelInfer(request("FP32", four)
                        .addRawInputContents(floats(1, 2, 3, 4))
                        .build()),
                Status.Code.INVALID_ARGUMENT,
                "received both");
        assertRefused(
                () -> stub().modelInfer(request("FP32", null)
                        .addRawInputContents(floats(1, 2, 3))
                        .build()),
                Status.Code.INVALID_ARGUMENT,
                "expected 16 bytes");
        assertRefused(
                () -> stub().modelInfer(request("FP32", null)
                        .addRawInputContents(floats(1, 2, 3, 4))
                        .addRawInputContents(floats(1))
                        .build()),
                Status.Code.INVALID_ARGUMENT,
                "received 2");
        assertRefused(
                () -> stub().modelInfer(request(
                                "UINT8",
                                contents()
                                        .addAllUintContents(List.of(1, 2, 256, 4))
                                        .build())
                        .build()),
                Status.Code.INVALID_ARGUMENT,
                "at [0, 0, 1, 0], received 256");
        assertRefused(
                () -> stub().modelInfer(request("FP32", four)
                        .putParameters(
                                "sequence_id",
                                InferParameter.newBuilder().setInt64Param(3).build())
                        .build()),
                Status.Code.INVALID_ARGUMENT,
                "can't honour the parameter \"sequence_id\"");
        ModelInferRequest.Builder negative = request("FP32", four);
        negative.getInputsBuilder(0).setShape(0, -1);
        assertRefused(() -> stub().modelInfer(negative.build()), Status.Code.INVALID_ARGUMENT, "0 or more");
        negative.getInputsBuilder(0).setShape(0, Long.MAX_VALUE);
        assertRefused(() -> stub().modelInfer(negative.build()), Status.Code.INVALID_ARGUMENT, "more than 2^63");
        server.assertHealthy();
    }

    @Test
    void a_message_beyond_the_limit_is_refused_packed_or_not() {
        ByteString large = ByteString.copyFrom(new byte[2 << 20]);
        ModelInferRequest request =
                request("FP32", null).addRawInputContents(large).build();
        assertRefused(() -> stub().modelInfer(request), Status.Code.RESOURCE_EXHAUSTED, "");
        assertRefused(() -> stub().withCompression("gzip").modelInfer(request), Status.Code.RESOURCE_EXHAUSTED, "");
        server.assertHealthy();
    }

    @Test
    void an_internal_error_sends_an_id_and_nothing_of_the_inside() {
        server.predictor.broken = true;
        ModelInferRequest request =
                request("FP32", null).addRawInputContents(floats(1, 2, 3, 4)).build();
        assertThatThrownBy(() -> stub().modelInfer(request)).isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
            assertThat(e.getStatus().getDescription()).matches("internal error [0-9a-f]{16}");
            assertThat(String.valueOf(e.getTrailers())).doesNotContain("secret", "dev.jumbo");
        });
        server.predictor.broken = false;
        server.assertHealthy();
    }

    @Test
    void a_call_whose_deadline_passes_gets_that_and_the_server_goes_on() {
        try (TestServer patient = new TestServer()) { // 30 s for a request: what ends this one is its own deadline
            patient.predictor.hold = new CountDownLatch(1);
            ModelInferRequest request = request("FP32", null)
                    .addRawInputContents(floats(1, 2, 3, 4))
                    .build();
            long start = System.nanoTime();
            assertRefused(
                    () -> client(GRPCInferenceServiceBlockingStub.class, patient)
                            .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                            .modelInfer(request),
                    Status.Code.DEADLINE_EXCEEDED,
                    "");
            assertThat((System.nanoTime() - start) / 1e9).isLessThan(15);
            patient.predictor.hold.countDown();
            patient.assertHealthy();
        }
    }

    @Test
    void without_the_token_a_call_is_unauthenticated() {
        try (TestServer closed = new TestServer(ServerConfig.local(0), Token.of("0123456789abcdef"))) {
            assertRefused(
                    () -> client(GRPCInferenceServiceBlockingStub.class, closed)
                            .serverMetadata(ServerMetadataRequest.getDefaultInstance()),
                    Status.Code.UNAUTHENTICATED,
                    "Authorization");
        }
    }

    @Test
    void the_repository_is_listed_and_a_server_of_one_model_says_why_it_loads_none() {
        var index = stub().repositoryIndex(
                        RepositoryIndexRequest.newBuilder().setReady(true).build());
        assertThat(index.getModelsList())
                .singleElement()
                .satisfies(each -> assertThat(each.getName() + each.getVersion() + each.getState())
                        .isEqualTo("light1READY"));
        var load = RepositoryModelLoadRequest.newBuilder().setModelName("light").build();
        assertRefused(() -> stub().repositoryModelLoad(load), Status.Code.INVALID_ARGUMENT, "a repository of models");
        var unload =
                RepositoryModelUnloadRequest.newBuilder().setModelName("dark").build();
        assertRefused(() -> stub().repositoryModelUnload(unload), Status.Code.NOT_FOUND, "no such model");
        assertRefused(
                () -> stub().repositoryIndex(RepositoryIndexRequest.newBuilder()
                        .setRepositoryName("x")
                        .build()),
                Status.Code.INVALID_ARGUMENT,
                "one repository");
    }

    @Test
    void statistics_are_counted_alike_by_both_protocols() {
        server.assertHealthy();
        var all = stub().modelStatistics(ModelStatisticsRequest.getDefaultInstance())
                .getModelStats(0);
        assertThat(all.getName() + all.getVersion()).isEqualTo("light1");
        assertThat(all.getInferenceCount()).isPositive();
        assertThat(all.getInferenceStats().getSuccess().getNs()).isPositive();
        for (String path : new String[] {"", "/light", "/light/versions/1"}) {
            var rest = json(server.get("/v2/models" + path + "/stats")).at("/model_stats/0");
            assertThat(rest.path("inference_count").asLong()).isGreaterThanOrEqualTo(all.getInferenceCount());
            assertThat(rest.at("/inference_stats/success/count").asLong()).isPositive();
        }
        server.assertError(server.get("/v2/models/dark/stats"), 404, "no such model");
    }
}
