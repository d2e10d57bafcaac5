package dev.jumbo.benchmarks.soak;

import com.google.protobuf.ByteString;
import dev.jumbo.benchmarks.RawConnection;
import dev.jumbo.serve.grpc.proto.GRPCInferenceServiceGrpc;
import dev.jumbo.serve.grpc.proto.ModelInferRequest;
import dev.jumbo.serve.grpc.proto.ModelInferResponse;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Callers who do everything right, each on a thread: HTTP/1.1, HTTP/2 without TLS, gRPC; JSON, binary tensors, pictures, one and many rows. */
final class Clients {
    /** A full server may say so; it is counted by itself. */
    private static final Set<String> GOOD = Set.of("200", "503");

    private static final Set<String> GRPC_GOOD = Set.of("OK", "UNAVAILABLE");
    private static final String[] TOKEN = {"Authorization: Bearer " + ServerProcess.APP};

    private final ServerProcess server;
    private final Outcomes outcomes;
    private final List<Question> questions;
    private final byte[] png = Question.picture("png");
    private final byte[] jpeg = Question.picture("jpg");

    Clients(ServerProcess server, Outcomes outcomes, List<Question> questions) throws IOException {
        this.server = server;
        this.outcomes = outcomes;
        this.questions = questions;
    }

    /** A caller that asks once, and is asked to again and again. */
    interface Caller extends AutoCloseable {
        void ask() throws Exception;

        @Override
        default void close() {}
    }

    /** All of them, each to be used by one thread. */
    List<Caller> all() {
        return List.of(new Http1(0), new Http1(1), new Http1(2), new Http2(), new Grpc(0), new Grpc(1), new Bulk());
    }

    private void check(String kind, RawConnection.Answer answer, @Nullable Question question, int rows) {
        String wrong =
                answer.status() == 200 && question != null ? question.wrong(behindJson(answer.body()), rows) : null;
        outcomes.add(kind, wrong == null ? "" + answer.status() : "wrong", GOOD, wrong == null ? answer.text() : wrong);
    }

    /** The tensors of a binary answer: what follows on the JSON. */
    private static ByteBuffer behindJson(byte[] body) {
        int depth = 0;
        for (int i = 0; i < body.length; i++) {
            depth += body[i] == '{' ? 1 : body[i] == '}' ? -1 : 0;
            if (depth == 0) {
                return ByteBuffer.wrap(body, i + 1, body.length - i - 1).slice();
            }
        }
        return ByteBuffer.allocate(0);
    }

    private byte[] json(Question question, int rows) {
        return post(question.path(), question.json(rows), "application/json");
    }

    private byte[] binary(Question question, int rows) {
        return post(
                question.path(),
                question.binary(rows),
                "application/octet-stream",
                "Inference-Header-Content-Length: " + question.front(rows).length);
    }

    private static byte[] post(String path, byte[] body, String type, String... more) {
        String[] headers = new String[2 + more.length];
        headers[0] = TOKEN[0];
        headers[1] = "Content-Type: " + type;
        System.arraycopy(more, 0, headers, 2, more.length);
        return RawConnection.request("POST", path, body, headers);
    }

    /** One model in turn: JSON, binary, and pictures of the first. A connection lives for a hundred requests. */
    private final class Http1 implements Caller {
        private final Question question;
        private final byte[] json;
        private final byte[] binary;
        private @Nullable RawConnection connection;
        private int count;

        Http1(int model) {
            question = questions.get(model);
            json = json(question, 1);
            binary = binary(question, 4);
        }

        @Override
        public void ask() throws IOException {
            RawConnection own = connection;
            if (own == null || count++ % 100 == 0) {
                close();
                own = new RawConnection(server.port);
                connection = own;
            }
            try {
                ask(own);
            } catch (IOException e) {
                close(); // an answer that comes after all would be taken for the next one's
                connection = null;
                throw e;
            }
        }

        private void ask(RawConnection own) throws IOException {
            check("http/1.1 json", own.ask(json), null, 1);
            check("http/1.1 binary", own.ask(binary), question, 4);
            if (question.model().equals("cnn")) {
                byte[] picture = count % 2 == 0 ? png : jpeg;
                String type = count % 2 == 0 ? "image/png" : "image/jpeg";
                check("http/1.1 " + type, own.ask(post("/v2/models/cnn/predict", picture, type)), null, 1);
            }
        }

        @Override
        public void close() {
            try {
                if (connection != null) {
                    connection.close();
                }
            } catch (IOException e) {
                outcomes.add("http/1.1 json", "close", Set.of(), e.toString());
            }
        }
    }

    /** Many at once on one connection of HTTP/2. */
    private final class Http2 implements Caller {
        private static final int AT_ONCE = 8;

        private final HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .connectTimeout(Duration.ofSeconds(10))
                .build();

        @Override
        public void ask() throws IOException, InterruptedException {
            URI live = URI.create("http://127.0.0.1:" + server.port + "/v2/health/live");
            // The first of a connection asks for the upgrade, which a body would be in the way of.
            client.send(HttpRequest.newBuilder(live).build(), HttpResponse.BodyHandlers.discarding());
            List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                Question question = questions.get(i % questions.size());
                answers.add(client.sendAsync(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port + question.path()))
                                .timeout(Duration.ofSeconds(30))
                                .header("Authorization", "Bearer " + ServerProcess.APP)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(question.json(1)))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray()));
            }
            for (var answer : answers) {
                HttpResponse<byte[]> said = answer.join();
                outcomes.add(
                        said.version() == HttpClient.Version.HTTP_2 ? "http/2 json" : "http/2 refused",
                        "" + said.statusCode(),
                        GOOD,
                        new String(said.body(), StandardCharsets.UTF_8));
            }
        }
    }

    /** A channel of grpc-java. */
    private final class Grpc implements Caller {
        private final Question question;
        private final ModelInferRequest request;
        private final ManagedChannel channel;
        private final GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub stub;

        Grpc(int model) {
            question = questions.get(model);
            request = question.grpc(2);
            channel = channel(server, ServerProcess.APP);
            stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
        }

        @Override
        public void ask() {
            String outcome = "OK";
            String detail = "";
            try {
                ModelInferResponse answer =
                        stub.withDeadlineAfter(30, TimeUnit.SECONDS).modelInfer(request);
                ByteString values = answer.getRawOutputContents(0);
                String wrong = question.wrong(values.asReadOnlyByteBuffer(), 2);
                if (wrong != null) {
                    outcome = "wrong";
                    detail = wrong;
                }
            } catch (StatusRuntimeException e) {
                outcome = e.getStatus().getCode().name();
                detail = String.valueOf(e.getMessage());
            }
            outcomes.add("grpc", outcome, GRPC_GOOD, detail);
        }

        @Override
        public void close() {
            channel.shutdownNow();
        }
    }

    static ManagedChannel channel(ServerProcess server, String token) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        return ManagedChannelBuilder.forAddress("127.0.0.1", server.port)
                .usePlaintext()
                .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
                .build();
    }

    /** Long requests, a new connection for each. */
    private final class Bulk implements Caller {
        private final Question cnn = questions.get(0);
        private final byte[] binary = binary(cnn, 1000);
        private final byte[] json = json(cnn, 200);

        @Override
        public void ask() throws IOException, InterruptedException {
            try (RawConnection connection = new RawConnection(server.port)) {
                check("3 MB binary", connection.ask(binary), cnn, 1000);
                check("1 MB json", connection.ask(json), null, 200);
            }
            Thread.sleep(1000);
        }
    }
}
