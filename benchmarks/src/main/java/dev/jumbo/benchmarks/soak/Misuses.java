package dev.jumbo.benchmarks.soak;

import dev.jumbo.benchmarks.RawConnection;
import dev.jumbo.serve.grpc.proto.GRPCInferenceServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

/** Callers who do something wrong, one thing after the other, and go in the middle of it. */
final class Misuses implements Clients.Caller {
    private static final String GONE = "gone";
    private static final String APP = "Authorization: Bearer " + ServerProcess.APP;
    private static final String TYPE = "Content-Type: application/json";

    /** One kind: what is done, and what may come of it. A full server may always say 503. */
    private record Misuse(String name, Set<String> expected, Act act) {}

    private interface Act {
        /** @return what came of it: a status, or that the caller did not wait */
        String run() throws IOException, InterruptedException;
    }

    private final ServerProcess server;
    private final Outcomes outcomes;
    private final Question cnn;
    private final List<Misuse> all = new ArrayList<>();
    private final ManagedChannel channel;
    private final ManagedChannel stranger;
    private int next;

    Misuses(ServerProcess server, Outcomes outcomes, List<Question> questions) throws IOException {
        this.server = server;
        this.outcomes = outcomes;
        cnn = questions.get(0);
        channel = Clients.channel(server, ServerProcess.APP);
        stranger = Clients.channel(server, "wrong-0123456789abcdef");
        bodies();
        pictures();
        packed();
        broken();
        heads();
        grpc();
    }

    @Override
    public void ask() throws InterruptedException {
        Misuse misuse = all.get(next++ % all.size());
        String outcome;
        String detail = "";
        try {
            outcome = misuse.act.run();
        } catch (EOFException | SocketException e) {
            outcome = "closed";
            detail = e.toString();
        } catch (IOException e) {
            outcome = "error";
            detail = e.toString();
        }
        outcomes.add("misuse: " + misuse.name, outcome, misuse.expected, detail);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        stranger.shutdownNow();
    }

    private void add(String name, Set<String> expected, Act act) {
        all.add(new Misuse(name, expected, act));
    }

    private static Set<String> or503(String... statuses) {
        List<String> all = new ArrayList<>(List.of(statuses));
        all.add("503");
        return Set.copyOf(all);
    }

    // ---- what is wrong ----------------------------------------------------------------------------------------------

    private void bodies() {
        String json = new String(cnn.json(1), StandardCharsets.US_ASCII);
        infer("another shape", "400", json.replace("[1, 1, 28, 28]", "[1, 1, 28, 27]"));
        infer("a negative shape", "400", json.replace("[1, 1, 28, 28]", "[-1, 1, 28, 28]"));
        infer("a huge shape", "400", json.replace("[1, 1, 28, 28]", "[4611686018427387904, 4, 28, 28]"));
        infer("another datatype", "400", json.replace("FP32", "FP99"));
        infer("another input", "400", json.replace(cnn.input(), "no-such-input"));
        infer("unfinished json", "400", json.substring(0, json.length() / 2));
        infer("deep json", "400", "[".repeat(50_000));
        infer("a number beyond FP32", "400", json.replace("data\":[", "data\":[1e999,"));
        post("no such model", "404", "/v2/models/none/infer", cnn.json(1), TYPE);
        post("no such version", "404", "/v2/models/cnn/versions/999999/infer", cnn.json(1), TYPE);
        post(
                "wrong binary size",
                "400",
                cnn.path(),
                Arrays.copyOf(cnn.binary(1), 1500),
                "Content-Type: " + "application/octet-stream",
                "Inference-Header-Content-Length: " + cnn.front(1).length);
        add("too long a body", or503("413"), () -> {
            try (RawConnection connection = new RawConnection(server.port)) {
                connection.send(("POST " + cnn.path() + " HTTP/1.1\r\nHost: localhost\r\n" + APP
                                + "\r\nContent-Length: 900000000\r\n\r\n{")
                        .getBytes(StandardCharsets.US_ASCII));
                return "" + connection.answer().status();
            }
        });
    }

    private void pictures() throws IOException {
        for (String format : List.of("png", "jpg")) {
            String type = "Content-Type: image/" + (format.equals("jpg") ? "jpeg" : format);
            byte[] whole = Question.picture(format);
            post("half a " + format, "400", "/v2/models/cnn/predict", Arrays.copyOf(whole, whole.length / 2), type);
            byte[] damaged = whole.clone();
            for (int i = 30; i < damaged.length; i += 7) {
                damaged[i] ^= 0x55;
            }
            post("a damaged " + format, "400", "/v2/models/cnn/predict", damaged, type);
        }
        post("no picture", "400", "/v2/models/cnn/predict", new byte[5000], "Content-Type: image/png");
    }

    private void packed() throws IOException {
        byte[] bomb = gzip(new byte[64 << 20]);
        post("a gzip bomb", "413", cnn.path(), bomb, TYPE, "Content-Encoding: gzip");
        byte[] whole = gzip(cnn.json(20));
        post("half a gzip", "400", cnn.path(), Arrays.copyOf(whole, whole.length / 2), TYPE, "Content-Encoding: gzip");
        post("no gzip", "400", cnn.path(), cnn.json(1), TYPE, "Content-Encoding: gzip");
        post("another coding", "415", cnn.path(), cnn.json(1), TYPE, "Content-Encoding: br");
        post("a good gzip", "200", cnn.path(), whole, TYPE, "Content-Encoding: gzip");
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (GZIPOutputStream packing = new GZIPOutputStream(out)) {
            packing.write(bytes);
        }
        return out.toByteArray();
    }

    private void infer(String name, String status, String json) {
        post(name, status, cnn.path(), json.getBytes(StandardCharsets.US_ASCII), TYPE);
    }

    private void post(String name, String status, String path, byte[] body, String... headers) {
        String[] more = Arrays.copyOf(headers, headers.length + 1);
        more[headers.length] = APP;
        byte[] request = RawConnection.request("POST", path, body, more);
        add(name, or503(status), () -> status(request));
    }

    private String status(byte[] request) throws IOException {
        try (RawConnection connection = new RawConnection(server.port)) {
            return "" + connection.ask(request).status();
        }
    }

    // ---- who goes ---------------------------------------------------------------------------------------------------

    private void broken() {
        byte[] whole = RawConnection.request("POST", cnn.path(), cnn.json(50), APP, TYPE);
        add("gone in the middle of a body", Set.of(GONE), () -> {
            try (RawConnection connection = new RawConnection(server.port)) {
                connection.send(Arrays.copyOf(whole, whole.length / 2));
                Thread.sleep(50);
            }
            return GONE;
        });
        add("reset in the middle of a body", Set.of(GONE), () -> {
            try (RawConnection connection = new RawConnection(server.port)) {
                connection.send(Arrays.copyOf(whole, whole.length / 2));
                Thread.sleep(50);
                connection.reset();
            }
            return GONE;
        });
        add("gone before the answer", Set.of(GONE), () -> {
            try (RawConnection connection = new RawConnection(server.port)) {
                connection.send(whole);
            }
            return GONE;
        });
        add("reset before the answer", Set.of(GONE), () -> {
            try (RawConnection connection = new RawConnection(server.port)) {
                connection.send(whole);
                connection.reset();
            }
            return GONE;
        });
        add("a body that does not come", or503("408"), () -> {
            try (RawConnection connection = new RawConnection(server.port)) {
                connection.send(Arrays.copyOf(whole, 400));
                return "" + connection.answer().status();
            }
        });
        add("asks and never reads", Set.of(GONE), () -> {
            byte[] ask = RawConnection.request("GET", "/openapi.json", new byte[0], APP);
            try (RawConnection connection = new RawConnection(server.port)) {
                for (int i = 0; i < 400; i++) {
                    connection.send(ask);
                }
                Thread.sleep(200);
            } catch (SocketException e) {
                return GONE; // it was cut off
            }
            return GONE;
        });
    }

    // ---- heads ------------------------------------------------------------------------------------------------------

    private void heads() {
        byte[] json = cnn.json(1);
        byte[] wrong = RawConnection.request("POST", cnn.path(), json, "Authorization: Bearer nobodys-secret", TYPE);
        add("a wrong token", or503("401", "429"), () -> status(wrong));
        byte[] none = RawConnection.request("POST", cnn.path(), json, TYPE);
        add("no token", or503("401"), () -> status(none));
        byte[] two = RawConnection.request("POST", cnn.path(), json, APP, APP, TYPE);
        add("two tokens", or503("400"), () -> status(two));
        byte[] hosts = RawConnection.request("POST", cnn.path(), json, APP, "Host: other", TYPE);
        add("two hosts", or503("400"), () -> status(hosts));
        byte[] origin = RawConnection.request("POST", cnn.path(), json, APP, "Origin: http://elsewhere.example", TYPE);
        add("another origin", or503("403"), () -> status(origin));
        byte[] unload = RawConnection.request("POST", "/v2/repository/models/cnn/unload", new byte[0], APP);
        add("no admin port", or503("403", "404"), () -> status(unload));
        byte[] method = RawConnection.request("PUT", cnn.path(), json, APP);
        add("another method", or503("405"), () -> status(method));
        byte[] longHead = RawConnection.request("POST", cnn.path(), json, APP, "X-Long: " + "x".repeat(100_000));
        add("a long head", or503("400", "431", "closed"), () -> status(longHead));
        add(
                "no http",
                or503("400", "closed"),
                () -> status("\u0016\u0003\u0001 garbage\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1)));
    }

    private void grpc() {
        add("grpc: another shape", Set.of("INVALID_ARGUMENT", "UNAVAILABLE"), () -> {
            var request = cnn.grpc(1).toBuilder();
            request.getInputsBuilder(0).setShape(1, 7);
            return code(() -> stub(channel).modelInfer(request.build()));
        });
        add(
                "grpc: no such model",
                Set.of("NOT_FOUND", "UNAVAILABLE"),
                () -> code(() -> stub(channel)
                        .modelInfer(cnn.grpc(1).toBuilder().setModelName("none").build())));
        add(
                "grpc: no time",
                Set.of("DEADLINE_EXCEEDED", "UNAVAILABLE", "OK"),
                () -> code(() -> stub(channel)
                        .withDeadlineAfter(1, TimeUnit.MILLISECONDS)
                        .modelInfer(cnn.grpc(50))));
        add(
                "grpc: a wrong token",
                Set.of("UNAUTHENTICATED", "RESOURCE_EXHAUSTED", "UNAVAILABLE"),
                () -> code(() -> stub(stranger).modelInfer(cnn.grpc(1))));
        add("grpc: cancelled", Set.of(GONE), () -> {
            var future = GRPCInferenceServiceGrpc.newFutureStub(channel).modelInfer(cnn.grpc(100));
            Thread.sleep(1);
            future.cancel(true);
            return GONE;
        });
    }

    private static GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub stub(ManagedChannel of) {
        return GRPCInferenceServiceGrpc.newBlockingStub(of).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private static String code(Runnable call) {
        try {
            call.run();
            return "OK";
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode().name();
        }
    }
}
