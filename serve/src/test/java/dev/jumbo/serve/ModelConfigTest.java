package dev.jumbo.serve;

import static dev.jumbo.serve.TestServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.InvalidProtocolBufferException;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.jumbo.serve.grpc.proto.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.jumbo.serve.grpc.proto.ModelConfig;
import dev.jumbo.serve.grpc.proto.ModelConfigRequest;
import dev.jumbo.serve.schedule.SchedulingConfig;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The model configuration extension: what it says is what the server does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelConfigTest {
    private TestServer server;

    @BeforeAll
    void start() {
        SchedulingConfig scheduling = new SchedulingConfig(16, 2.5, 1000, 65_536, 0, 0, 10, 1024, 5, 0);
        server = new TestServer(TestServer.small(1 << 20, 7, 4).with(scheduling));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private ModelConfig call(String model, String version) {
        return GrpcClients.newClient(
                        "gproto+http://127.0.0.1:" + server.server.port(), GRPCInferenceServiceBlockingStub.class)
                .modelConfig(ModelConfigRequest.newBuilder()
                        .setName(model)
                        .setVersion(version)
                        .build())
                .getConfig();
    }

    @Test
    void it_says_what_the_model_takes_and_how_it_is_served() {
        JsonNode config = json(server.get("/v2/models/light/config"));
        assertThat(config.toString())
                .isEqualTo(
                        "{\"name\":\"light\",\"platform\":\"jumbo_checkpoint\",\"backend\":\"jumbo\","
                                + "\"max_batch_size\":16,"
                                + "\"input\":[{\"name\":\"image\",\"data_type\":\"TYPE_FP32\",\"dims\":[1,2,2],\"optional\":false}],"
                                + "\"output\":[{\"name\":\"probabilities\",\"data_type\":\"TYPE_FP32\",\"dims\":[2]}],"
                                + "\"instance_group\":[{\"name\":\"light_0\",\"kind\":\"KIND_CPU\",\"count\":1}],"
                                + "\"default_model_filename\":\"\","
                                + "\"model_transaction_policy\":{\"decoupled\":false},"
                                + "\"parameters\":{\"max_rows\":{\"string_value\":\"16384\"},\"version\":{\"string_value\":\"1\"}}}");
        assertThat(json(server.get("/v2/models/light/versions/1/config"))).isEqualTo(config);
    }

    @Test
    void grpc_says_the_same_and_the_message_is_read_by_its_numbers() throws InvalidProtocolBufferException {
        ModelConfig config = call("light", "");
        assertThat(config.getName()).isEqualTo("light");
        assertThat(config.getPlatform()).isEqualTo("jumbo_checkpoint");
        assertThat(config.getMaxBatchSize()).isEqualTo(16);
        assertThat(config.getInput(0).getDimsList()).containsExactly(1L, 2L, 2L);
        assertThat(config.getInput(0).getDataType().name()).isEqualTo("TYPE_FP32");
        assertThat(config.getOutput(0).getDimsList()).containsExactly(2L);
        assertThat(config.getInstanceGroup(0).getCount()).isEqualTo(1);
        assertThat(config.hasDynamicBatching())
                .as("its rows are not known to stay apart")
                .isFalse();
        assertThat(ModelConfig.parseFrom(config.toByteArray())).isEqualTo(config);
    }

    @Test
    void what_is_not_there_is_not_found() {
        server.assertError(server.get("/v2/models/dark/config"), 404, "no such model");
        server.assertError(server.get("/v2/models/light/versions/9/config"), 404, "no such version");
        assertThatThrownBy(() -> call("dark", ""))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
        assertThat(server.post("/v2/models/light/config", "application/json", new byte[0])
                        .statusCode())
                .isEqualTo(405);
    }
}
