package dev.jumbo.serve;

import static dev.jumbo.serve.RawHttp2.DATA;
import static dev.jumbo.serve.RawHttp2.END_HEADERS;
import static dev.jumbo.serve.RawHttp2.HEADERS;
import static dev.jumbo.serve.RawHttp2.head;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import dev.jumbo.serve.grpc.proto.ModelInferRequest;
import dev.jumbo.serve.schedule.SchedulingConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of gRPC that lie about their length, unpack to more, or are many objects in few bytes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class HostileMessagesTest {
    private static final String INFER = "/inference.GRPCInferenceService/ModelInfer";
    private static final String STREAM = "/inference.GRPCInferenceService/ModelStreamInfer";
    private static final int INVALID_ARGUMENT = 3;
    private static final int RESOURCE_EXHAUSTED = 8;

    private TestServer server;
    private WebClient client;
    private long before;
    private long start;

    @BeforeAll
    void start() {
        // 32 MB for all requests, 8 MB of these for bodies.
        SchedulingConfig scheduling = new SchedulingConfig(64, 0, 1000, 65_536, 32, 0, 10, 1024, 5, 0);
        server = new TestServer(ServerConfig.local(0).with(scheduling));
        client = WebClient.builder("h2c://127.0.0.1:" + server.server.port())
                .maxResponseLength(0)
                .build();
        server.assertHealthy();
        before = TestServer.used();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @BeforeEach
    void measure() {
        start = System.nanoTime();
    }

    @AfterEach
    void the_server_is_well() {
        server.assertHealthy();
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(15_000);
        assertThat(TestServer.used() - before).isLessThan(100L << 20);
    }

    private static byte[] framed(int packed, long length, byte[] message) {
        return ByteBuffer.allocate(5 + message.length)
                .put((byte) packed)
                .putInt((int) length)
                .put(message)
                .array();
    }

    private static byte[] framed(byte[] message) {
        return framed(0, message.length, message);
    }

    private CompletableFuture<AggregatedHttpResponse> ask(String path, byte[] body, String encoding) {
        RequestHeadersBuilder headers = RequestHeaders.builder(HttpMethod.POST, path)
                .add("content-type", "application/grpc")
                .add("te", "trailers");
        if (!encoding.isEmpty()) {
            headers.add("grpc-encoding", encoding);
        }
        return client.execute(headers.build(), HttpData.wrap(body)).aggregate();
    }

    private static int status(AggregatedHttpResponse answer) {
        String text = answer.trailers().get("grpc-status", answer.headers().get("grpc-status", "-1"));
        String message = answer.trailers().get("grpc-message", answer.headers().get("grpc-message", ""));
        assertThat(message)
                .doesNotContain("Exception", "dev.jumbo", "java.", "com.google", "com.linecorp", "internal error");
        return Integer.parseInt(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {INFER, STREAM})
    void lengths_that_lie_are_refused(String path) {
        byte[] message =
                ModelInferRequest.newBuilder().setModelName("light").build().toByteArray();
        assertThat(status(ask(path, framed(0, 0xFFFFFFFFL, message), "").join()))
                .as("of 4 GB")
                .isEqualTo(RESOURCE_EXHAUSTED);
        assertThat(status(ask(path, framed(0, 8 << 20 | 1, message), "").join()))
                .as("of more than a body may have")
                .isEqualTo(RESOURCE_EXHAUSTED);
        assertThat(status(ask(path, framed(0, message.length + 1, message), "").join()))
                .as("one byte short: no message, of which a stream may have none")
                .isIn(INVALID_ARGUMENT, path.equals(STREAM) ? 0 : INVALID_ARGUMENT);
        assertThat(status(ask(path, framed(1, message.length, message), "").join()))
                .as("packed, by nothing")
                .isEqualTo(INVALID_ARGUMENT);
        assertThat(status(ask(path, framed(1, message.length, message), "gzip").join()))
                .as("packed, and is not")
                .isEqualTo(INVALID_ARGUMENT);
        assertThat(status(ask(path, framed(7, message.length, message), "").join()))
                .as("flags that nobody knows")
                .isEqualTo(INVALID_ARGUMENT);
    }

    @Test
    void fifty_bombs_at_once_are_refused_in_bounded_memory() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(new byte[] {0x3A, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x20}); // raw contents of 64 MB
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                gzip.write(zeros);
            }
        }
        byte[] bomb = framed(1, packed.size(), packed.toByteArray());
        assertThat(bomb.length).isLessThan(70_000);
        List<CompletableFuture<AggregatedHttpResponse>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(ask(INFER, bomb, "gzip"));
        }
        for (CompletableFuture<AggregatedHttpResponse> answer : answers) {
            assertThat(status(answer.join())).isEqualTo(RESOURCE_EXHAUSTED);
        }
    }

    /** Two bytes for each tensor, which would be an object of a hundred. */
    @Test
    void a_message_of_millions_of_empty_tensors_is_refused_before_they_are_made() {
        for (int tag : new int[] {0x2A, 0x32}) { // inputs, outputs
            byte[] message = new byte[4 << 20];
            for (int i = 0; i < message.length; i += 2) {
                message[i] = (byte) tag;
            }
            AggregatedHttpResponse answer = ask(INFER, framed(message), "").join();
            assertThat(status(answer)).isEqualTo(INVALID_ARGUMENT);
            assertThat(answer.trailers().get("grpc-message", answer.headers().get("grpc-message", "")))
                    .contains("at most 1024 inputs and outputs");
        }
    }

    /** Fields that no message here has, each another one: four bytes, and an object with lists for each. */
    @Test
    void fields_that_nobody_knows_take_no_memory() {
        var message = new ByteArrayOutputStream();
        for (int field = 2000; field < 200_000; field++) {
            for (int rest = field << 3; ; rest >>>= 7) {
                if (rest < 128) {
                    message.write(rest);
                    break;
                }
                message.write(rest & 127 | 128);
            }
            message.write(1);
        }
        List<CompletableFuture<AggregatedHttpResponse>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            answers.add(ask(INFER, framed(message.toByteArray()), ""));
        }
        answers.forEach(answer -> assertThat(status(answer.join())).isEqualTo(5)); // no such model
        AggregatedHttpResponse health = ask("/grpc.health.v1.Health/Check", framed(message.toByteArray()), "")
                .join();
        assertThat(status(health)).isEqualTo(INVALID_ARGUMENT);
    }

    /** 200 streams of one connection, each with most of a message of 1 MB: nothing is answered for them, and others are. */
    @Test
    void messages_that_do_not_end_take_a_bounded_number_of_bytes() throws IOException {
        try (RawHttp2 held = new RawHttp2(server.server.port())) {
            byte[] some = new byte[16_000];
            byte[] begin = framed(0, 1 << 20, new byte[0]);
            for (int stream = 1; stream < 400; stream += 2) {
                held.frame(
                        HEADERS,
                        END_HEADERS,
                        stream,
                        head(
                                ":method",
                                "POST",
                                ":scheme",
                                "http",
                                ":path",
                                STREAM,
                                ":authority",
                                "localhost",
                                "content-type",
                                "application/grpc",
                                "te",
                                "trailers"));
                held.frame(DATA, 0, stream, begin);
            }
            try {
                for (int part = 0; part < 60; part++) {
                    for (int stream = 1; stream < 400; stream += 2) {
                        held.frame(DATA, 0, stream, some);
                    }
                }
                held.flush();
            } catch (SocketException e) {
                // Streams that are given up are reset for each frame that still comes, and who makes the server do so a
                // thousand times is cut off.
            }
            Thread.sleep(1500);
            long taken = TestServer.used() - before;
            for (int look = 0; look < 10 && taken >= 160L << 20; look++) {
                Thread.sleep(1000); // a busy machine has not read all of it yet
                taken = TestServer.used() - before;
            }
            assertThat(taken).isLessThan(160L << 20);
            server.assertHealthy();
            ByteString raw = ByteString.copyFrom(new byte[] {-1, -1, -1, -1});
            ModelInferRequest good = ModelInferRequest.newBuilder()
                    .setModelName("light")
                    .addInputs(ModelInferRequest.InferInputTensor.newBuilder()
                            .setName("image")
                            .setDatatype("UINT8")
                            .addAllShape(List.of(1L, 1L, 2L, 2L)))
                    .addRawInputContents(raw)
                    .build();
            assertThat(status(ask(INFER, framed(good.toByteArray()), "").join()))
                    .isZero();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
