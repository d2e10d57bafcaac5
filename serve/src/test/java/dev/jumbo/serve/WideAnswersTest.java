package dev.jumbo.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.jumbo.data.Field;
import dev.jumbo.serve.access.Token;
import dev.jumbo.serve.grpc.proto.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.jumbo.serve.grpc.proto.ModelInferRequest;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.schedule.SchedulingConfig;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.Predictor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A model that makes much of little: what its answers take is known before they are computed, and refused if it is too much. */
@Timeout(60)
class WideAnswersTest {
    private static final int WIDTH = 100_000;

    /** Of answers of 16 bytes a value in binary, ten rows and a half fit; of 32 in digits five. */
    private static final int MEMORY_MB = 22;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Wide wide = new Wide();

    @SuppressWarnings("NullAway.Init") // before each test
    private ModelServer server;

    /** Answers a number with 100,000 copies of it. */
    private static final class Wide implements Predictor {
        final AtomicInteger started = new AtomicInteger();
        volatile CountDownLatch hold = new CountDownLatch(0);

        @Override
        public List<Field> rawInputs() {
            return List.of(Field.floats("x", Shape.of(1)));
        }

        @Override
        public List<Field> inputs() {
            return rawInputs();
        }

        @Override
        public List<Field> outputs() {
            return List.of(Field.floats("copies", Shape.of(WIDTH)));
        }

        @Override
        public float[] prepare(float[] raw) {
            return raw;
        }

        @Override
        public List<float[]> predict(List<?> inputs, int rows) {
            started.incrementAndGet();
            try {
                hold.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return List.of(new float[Math.multiplyExact(rows, WIDTH)]);
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void start() {
        ServerConfig config =
                ServerConfig.local(0).with(new SchedulingConfig(64, 0, 1000, 65_536, MEMORY_MB, 0, 10, 1024, 5, 0));
        server = ModelServer.start(config, Token.NONE, ServedModel.of("wide", "1", wide));
    }

    @AfterEach
    void stop() {
        wide.hold.countDown();
        server.close();
    }

    private HttpRequest request(int rows) {
        String ones = String.join(",", Collections.nCopies(rows, "1"));
        String body = "{\"parameters\":{\"binary_data_output\":true},\"inputs\":[{\"name\":\"x\",\"shape\":[" + rows
                + ",1],\"datatype\":\"FP32\",\"data\":[" + ones + "]}]}";
        return HttpRequest.newBuilder(URI.create(server.uri() + "v2/models/wide/infer"))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<byte[]> ask(int rows) throws IOException, InterruptedException {
        return client.send(request(rows), HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void an_answer_that_never_fits_is_refused_before_it_is_computed_and_a_smaller_one_is_given() throws Exception {
        for (int rows : new int[] {11, 1000, 16_384}) {
            HttpResponse<byte[]> refused = ask(rows);
            assertThat(refused.statusCode()).isEqualTo(413);
            assertThat(TestServer.json(refused).path("error").asText()).contains("memory for values", "divide it");
        }
        assertThat(wide.started.get()).isZero();
        assertThat(ask(10).statusCode()).isEqualTo(200);
        HttpRequest digits = HttpRequest.newBuilder(URI.create(server.uri() + "v2/models/wide/predict"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("[[1],[1],[1],[1],[1],[1]]"))
                .build();
        assertThat(client.send(digits, HttpResponse.BodyHandlers.ofByteArray()).statusCode())
                .isEqualTo(413);
        ModelInferRequest.Builder grpc = ModelInferRequest.newBuilder().setModelName("wide");
        grpc.addInputsBuilder().setName("x").setDatatype("FP32").addShape(11).addShape(1);
        grpc.addRawInputContents(com.google.protobuf.ByteString.copyFrom(ByteBuffer.allocate(44)));
        GRPCInferenceServiceBlockingStub stub = GrpcClients.newClient(
                "gproto+http://127.0.0.1:" + server.port(), GRPCInferenceServiceBlockingStub.class);
        Assertions.assertThatThrownBy(() -> stub.modelInfer(grpc.build()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
    }

    @Test
    void what_has_no_room_beside_others_is_told_to_come_again() throws Exception {
        wide.hold = new CountDownLatch(1);
        CompletableFuture<HttpResponse<byte[]>> first =
                client.sendAsync(request(6), HttpResponse.BodyHandlers.ofByteArray());
        while (wide.started.get() == 0) {
            Thread.sleep(1);
        }
        HttpResponse<byte[]> second = ask(6);
        assertThat(second.statusCode()).isEqualTo(503);
        assertThat(second.headers().firstValue("retry-after")).isPresent();
        wide.hold.countDown();
        assertThat(first.join().statusCode()).isEqualTo(200);
        assertThat(ask(6).statusCode()).isEqualTo(200);
    }
}
