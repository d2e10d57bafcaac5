package dev.jumbo.serve;

import static dev.jumbo.serve.TestServer.INFER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.serve.access.Token;
import dev.jumbo.serve.grpc.proto.GRPCInferenceServiceGrpc;
import dev.jumbo.serve.grpc.proto.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.jumbo.serve.grpc.proto.InferTensorContents;
import dev.jumbo.serve.grpc.proto.ModelInferRequest;
import dev.jumbo.serve.schedule.SchedulingConfig;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that stop under the load of callers who go when a GOAWAY or {@code Connection: close} tells them to. */
@Timeout(60)
class Http2DrainTest {
    private static final ModelInferRequest WHITE = ModelInferRequest.newBuilder()
            .setModelName("light")
            .addInputs(ModelInferRequest.InferInputTensor.newBuilder()
                    .setName("image")
                    .setDatatype("FP32")
                    .addAllShape(List.of(1L, 1L, 2L, 2L))
                    .setContents(InferTensorContents.newBuilder().addAllFp32Contents(List.of(255f, 255f, 255f, 255f))))
            .build();

    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> clients = new ArrayList<>();

    private interface Client {
        void run() throws Exception;
    }

    private void begin(int count, Client client) {
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(() -> {
                try {
                    client.run();
                } catch (Exception e) {
                    errors.add(e + " " + e.getCause());
                }
            });
            clients.add(thread);
            thread.start();
        }
    }

    private void join() throws InterruptedException {
        for (Thread client : clients) {
            client.join(20_000);
            assertThat(client.isAlive()).isFalse();
        }
    }

    private static ServerConfig config(int port) {
        SchedulingConfig defaults = SchedulingConfig.standard();
        return ServerConfig.local(port)
                .with(new SchedulingConfig(
                        defaults.maxBatchSize(),
                        defaults.maxDelayMs(),
                        defaults.ageingMs(),
                        defaults.maxQueueRows(),
                        defaults.memoryMb(),
                        defaults.decoders(),
                        defaults.stuckSeconds(),
                        defaults.minBodyRate(),
                        0.5,
                        0));
    }

    @Test
    void streams_that_a_goaway_says_were_taken_are_answered_and_none_is_reset() throws Exception {
        TestServer server = new TestServer(config(0));
        AtomicInteger told = new AtomicInteger();
        AtomicInteger others = new AtomicInteger();
        begin(4, () -> {
            try (FrameClient client = new FrameClient(server.server.port(), "/v2/models/light/infer", INFER)) {
                client.ask(8);
                answered.addAndGet(client.answered);
                others.addAndGet(client.others);
                told.addAndGet(client.told ? 1 : 0);
            }
        });
        Thread.sleep(700);
        long start = System.nanoTime();
        server.server.stop();
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        join();
        assertThat(errors).isEmpty();
        assertThat(told).hasValue(4);
        assertThat(others).as("answers but 200").hasValue(0);
        assertThat(answered.get()).isGreaterThan(20);
        assertThat(took).isLessThan(8000);
    }

    @Test
    void calls_of_grpc_are_answered_until_no_connection_is_to_be_had() throws Exception {
        TestServer server = new TestServer(config(0));
        ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.server.port())
                .usePlaintext()
                .build();
        GRPCInferenceServiceBlockingStub stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
        AtomicInteger refused = new AtomicInteger();
        begin(8, () -> {
            while (true) {
                try {
                    stub.withDeadlineAfter(10, TimeUnit.SECONDS).modelInfer(WHITE);
                    answered.incrementAndGet();
                } catch (StatusRuntimeException e) {
                    if (e.getStatus().getCode() != Status.Code.UNAVAILABLE
                            || !String.valueOf(e.getCause()).contains("Connection refused")) {
                        errors.add(e.getStatus() + " " + e.getCause());
                    }
                    refused.incrementAndGet();
                    return; // the server is gone: another one would be asked
                }
            }
        });
        Thread.sleep(700);
        server.server.stop();
        join();
        channel.shutdownNow();
        assertThat(errors).isEmpty();
        assertThat(refused).hasValue(8);
        assertThat(answered.get()).isGreaterThan(20);
    }

    @Test
    void two_servers_that_are_restarted_in_turn_lose_nothing_for_callers_who_know_both() throws Exception {
        int[] ports = {freePort(), freePort()};
        ModelServer[] servers = {start(ports[0]), start(ports[1])};
        BothServers both = new BothServers(ports);
        NameResolverRegistry.getDefaultRegistry().register(both);
        ManagedChannel channel = ManagedChannelBuilder.forTarget("both:///")
                .defaultLoadBalancingPolicy("round_robin")
                .usePlaintext()
                .build();
        GRPCInferenceServiceBlockingStub stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
        begin(4, () -> {
            while (!over.get()) {
                // Waits where one server is gone and the other one tells it to go: of a call that was sent nothing is
                // repeated.
                stub.withWaitForReady().withDeadlineAfter(10, TimeUnit.SECONDS).modelInfer(WHITE);
                answered.incrementAndGet();
            }
        });
        begin(4, () -> {
            for (int at = 0; !over.get(); at++) {
                askUntilTold(ports[at % 2]);
            }
        });
        Thread.sleep(500);
        for (int turn = 0; turn < 2; turn++) {
            servers[turn].stop();
            servers[turn] = start(ports[turn]);
            Thread.sleep(200);
        }
        over.set(true);
        join();
        channel.shutdownNow();
        NameResolverRegistry.getDefaultRegistry().deregister(both);
        for (ModelServer server : servers) {
            server.close();
        }
        assertThat(errors).isEmpty();
        assertThat(answered.get()).isGreaterThan(40);
    }

    private static ModelServer start(int port) {
        return ModelServer.start(config(port), Token.NONE, TestServer.model(new BrightnessPredictor()));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** One connection of HTTP/1.1, used until an answer says that it is the last; a server that is not there is left out. */
    private void askUntilTold(int port) throws IOException {
        Socket socket;
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
        } catch (IOException e) {
            if (!"Connection refused".equals(e.getMessage())) {
                throw e;
            }
            return;
        }
        byte[] request = ("POST /v2/models/light/infer HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + INFER.length()
                        + "\r\n\r\n" + INFER)
                .getBytes(StandardCharsets.US_ASCII);
        try (socket) {
            socket.setSoTimeout(10_000);
            boolean last = false;
            for (int i = 0; !last && !over.get() && i < 200; i++) {
                socket.getOutputStream().write(request);
                String head = head(socket.getInputStream());
                if (!head.startsWith("http/1.1 200")) {
                    throw new IOException(head);
                }
                int length = Integer.parseInt(head.replaceAll("(?s).*content-length: (\\d+).*", "$1"));
                if (socket.getInputStream().readNBytes(length).length < length) {
                    throw new IOException("the connection ended within an answer");
                }
                answered.incrementAndGet();
                last = head.contains("connection: close");
            }
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection ended, and there was no answer: \"" + head + "\"");
            }
            head.append((char) next);
        }
        return head.toString().toLowerCase(Locale.ROOT);
    }
}
