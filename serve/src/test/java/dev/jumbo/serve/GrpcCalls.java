package dev.jumbo.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.jumbo.serve.grpc.proto.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.jumbo.serve.grpc.proto.InferTensorContents;
import dev.jumbo.serve.grpc.proto.ModelInferRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** A server, and the clients and requests to ask it by gRPC. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GrpcCalls {
    TestServer server;

    ClientFactory factory;

    @BeforeAll
    void start() {
        server = new TestServer(TestServer.small(1 << 20, 4, 2));
        factory = ClientFactory.builder().build();
    }

    @AfterAll
    void stop() {
        factory.close();
        server.close();
    }

    <T> T client(Class<T> type) {
        return client(type, server);
    }

    <T> T client(Class<T> type, TestServer of) {
        return GrpcClients.builder("gproto+http://127.0.0.1:" + of.server.port())
                .factory(factory)
                .responseTimeoutMillis(20_000)
                .build(type);
    }

    GRPCInferenceServiceBlockingStub stub() {
        return client(GRPCInferenceServiceBlockingStub.class);
    }

    static ModelInferRequest.Builder request(String type, @Nullable InferTensorContents contents) {
        ModelInferRequest.Builder request =
                ModelInferRequest.newBuilder().setModelName("light").setId("q7");
        var input =
                request.addInputsBuilder().setName("image").setDatatype(type).addAllShape(List.of(1L, 1L, 2L, 2L));
        if (contents != null) {
            input.setContents(contents);
        }
        return request;
    }

    static InferTensorContents.Builder contents() {
        return InferTensorContents.newBuilder();
    }

    static ByteString floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return ByteString.copyFrom(bytes.array());
    }

    static HealthCheckRequest health(String service) {
        return HealthCheckRequest.newBuilder().setService(service).build();
    }

    static void assertRefused(ThrowingCallable call, Status.Code code, String text) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
            assertThat(e.getStatus().getCode())
                    .as(String.valueOf(e.getStatus()))
                    .isEqualTo(code);
            assertThat(String.valueOf(e.getStatus().getDescription()))
                    .contains(text)
                    .doesNotContain("dev.jumbo", "Exception");
        });
    }

    /** Keeps what a stream says. */
    static final class Heard<T> implements StreamObserver<T> {
        final BlockingQueue<Object> all = new LinkedBlockingQueue<>();

        @Override
        public void onNext(T value) {
            all.add(value);
        }

        @Override
        public void onError(Throwable error) {
            all.add(error);
        }

        @Override
        public void onCompleted() {
            all.add("end");
        }

        Object next() throws InterruptedException {
            Object next = all.poll(10, TimeUnit.SECONDS);
            assertThat(next).as("nothing was said in 10 s").isNotNull();
            return next;
        }
    }
}
