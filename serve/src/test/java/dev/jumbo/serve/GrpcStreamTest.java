package dev.jumbo.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos;
import dev.jumbo.serve.grpc.proto.GRPCInferenceServiceGrpc;
import dev.jumbo.serve.grpc.proto.GRPCInferenceServiceGrpc.GRPCInferenceServiceStub;
import dev.jumbo.serve.grpc.proto.ModelInferRequest;
import dev.jumbo.serve.grpc.proto.ModelStreamInferResponse;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Calls that stay open: {@code ModelStreamInfer}, and reflection in both its versions. */
class GrpcStreamTest extends GrpcCalls {
    @Test
    void a_stream_is_answered_in_order_and_goes_on_after_a_request_that_is_refused() throws InterruptedException {
        Heard<ModelStreamInferResponse> heard = new Heard<>();
        StreamObserver<ModelInferRequest> stream =
                client(GRPCInferenceServiceStub.class).modelStreamInfer(heard);
        for (int i = 0; i < 20; i++) {
            boolean bad = i % 5 == 4;
            stream.onNext(request("FP32", null)
                    .setId("r" + i)
                    .addRawInputContents(bad ? floats(1) : floats(255, 255, 255, 255))
                    .build());
        }
        stream.onCompleted();
        for (int i = 0; i < 20; i++) {
            var answer = (ModelStreamInferResponse) heard.next();
            assertThat(answer.getInferResponse().getId()).isEqualTo("r" + i);
            assertThat(answer.getErrorMessage()).contains(i % 5 == 4 ? "expected 16 bytes" : "");
            assertThat(answer.getErrorMessage().isEmpty()).isEqualTo(i % 5 != 4);
        }
        assertThat(heard.next()).isEqualTo("end");
    }

    /** Of 200 requests one is answered: the others are not read while the answer is not taken, and then the connection ends. */
    @Test
    void a_stream_whose_answers_are_not_taken_is_read_no_further_and_cut_off() throws Exception {
        byte[] message = request("FP32", null)
                .addRawInputContents(floats(255, 255, 255, 255))
                .build()
                .toByteArray();
        byte[] frames = new byte[200 * (5 + message.length)];
        ByteBuffer all = ByteBuffer.wrap(frames);
        while (all.hasRemaining()) {
            all.put((byte) 0).putInt(message.length).put(message);
        }
        int before = server.predictor.started.get();
        try (RawHttp2 client = new RawHttp2(server.server.port(), 4 /* INITIAL_WINDOW_SIZE */, 0)) {
            client.frame(
                    RawHttp2.HEADERS,
                    RawHttp2.END_HEADERS,
                    1,
                    RawHttp2.head(
                            ":method",
                            "POST",
                            ":scheme",
                            "http",
                            ":path",
                            "/inference.GRPCInferenceService/ModelStreamInfer",
                            ":authority",
                            "localhost",
                            "content-type",
                            "application/grpc"));
            client.frame(RawHttp2.DATA, 0, 1, frames);
            client.flush();
            client.timeout(10_000);
            long start = System.nanoTime();
            while (client.read() != null) {
                // the head of the answers, for which no window is needed
            }
            assertThat((System.nanoTime() - start) / 1e9).isBetween(1.5, 9.0);
        }
        assertThat(server.predictor.started.get() - before).isBetween(1, 3);
        server.assertHealthy();
    }

    /** The server gives a request 2 s; a stream may be silent for longer. */
    @Test
    void streams_whose_callers_say_nothing_for_a_while_go_on() throws Exception {
        Heard<ServerReflectionResponse> told = new Heard<>();
        StreamObserver<ServerReflectionRequest> asking =
                client(ServerReflectionGrpc.ServerReflectionStub.class).serverReflectionInfo(told);
        Heard<ModelStreamInferResponse> heard = new Heard<>();
        StreamObserver<ModelInferRequest> stream =
                client(GRPCInferenceServiceStub.class).modelStreamInfer(heard);
        ModelInferRequest request = request("FP32", null)
                .addRawInputContents(floats(255, 255, 255, 255))
                .build();
        for (int i = 0; i < 2; i++) {
            asking.onNext(
                    ServerReflectionRequest.newBuilder().setListServices("").build());
            assertThat(told.next()).isInstanceOf(ServerReflectionResponse.class);
            stream.onNext(request);
            assertThat(heard.next()).isInstanceOf(ModelStreamInferResponse.class);
            TimeUnit.MILLISECONDS.sleep(i == 0 ? 2600 : 0);
        }
        asking.onCompleted();
        stream.onCompleted();
        assertThat(told.next()).isEqualTo("end");
        assertThat(heard.next()).isEqualTo("end");
    }

    @Test
    void reflection_lists_the_services_and_answers_each_question_once() throws Exception {
        Heard<ServerReflectionResponse> heard = new Heard<>();
        StreamObserver<ServerReflectionRequest> stream =
                client(ServerReflectionGrpc.ServerReflectionStub.class).serverReflectionInfo(heard);
        stream.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        var answer = (ServerReflectionResponse) heard.next();
        for (String file : new String[] {"grpc/health/v1/health.proto", "open_inference.proto"}) {
            stream.onNext(
                    ServerReflectionRequest.newBuilder().setFileByFilename(file).build());
            var described = DescriptorProtos.FileDescriptorProto.parseFrom(((ServerReflectionResponse) heard.next())
                    .getFileDescriptorResponse()
                    .getFileDescriptorProto(0));
            assertThat(described.getName()).isEqualTo(file);
        }
        stream.onCompleted();
        assertThat(heard.next()).isEqualTo("end");
        assertThat(answer.getListServicesResponse().getServiceList())
                .extracting(service -> service.getName())
                .contains(GRPCInferenceServiceGrpc.SERVICE_NAME, HealthGrpc.SERVICE_NAME);
    }

    /** As grpcurl before 1.8.8 and other clients of before 2023 ask: the same services, and the file of each. */
    @Test
    void reflection_is_answered_in_its_old_version_too() throws Exception {
        var heard = new Heard<io.grpc.reflection.v1alpha.ServerReflectionResponse>();
        var stream = client(io.grpc.reflection.v1alpha.ServerReflectionGrpc.ServerReflectionStub.class)
                .serverReflectionInfo(heard);
        stream.onNext(io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder()
                .setListServices("")
                .build());
        var listed = (io.grpc.reflection.v1alpha.ServerReflectionResponse) heard.next();
        assertThat(listed.getListServicesResponse().getServiceList())
                .extracting(service -> service.getName())
                .containsExactlyInAnyOrder(
                        GRPCInferenceServiceGrpc.SERVICE_NAME,
                        HealthGrpc.SERVICE_NAME,
                        "grpc.reflection.v1.ServerReflection",
                        "grpc.reflection.v1alpha.ServerReflection");
        for (var service : listed.getListServicesResponse().getServiceList()) {
            stream.onNext(io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder()
                    .setFileContainingSymbol(service.getName())
                    .build());
            var file = (io.grpc.reflection.v1alpha.ServerReflectionResponse) heard.next();
            var described = DescriptorProtos.FileDescriptorProto.parseFrom(
                    file.getFileDescriptorResponse().getFileDescriptorProto(0));
            String name = service.getName().substring(service.getName().lastIndexOf('.') + 1);
            assertThat(described.getServiceList())
                    .extracting(DescriptorProtos.ServiceDescriptorProto::getName)
                    .contains(name);
            assertThat(service.getName()).startsWith(described.getPackage());
        }
        stream.onNext(io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("no.such.Thing")
                .build());
        assertThat(((io.grpc.reflection.v1alpha.ServerReflectionResponse) heard.next())
                        .getErrorResponse()
                        .getErrorCode())
                .isEqualTo(Status.Code.NOT_FOUND.value());
        stream.onCompleted();
        assertThat(heard.next()).isEqualTo("end");
    }
}
