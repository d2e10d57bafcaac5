package dev.jumbo.serve;

import static dev.jumbo.serve.TestServer.INFER;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that stops under load, and connections that end. */
@Timeout(60)
class DrainTest {
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
    private static final String POST = "POST /v2/models/light/infer HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
            + INFER.length() + "\r\n\r\n" + INFER;

    /** One answer of HTTP/1. */
    private record Said(int status, String head) {
        boolean isLast() {
            return head.toLowerCase(Locale.ROOT).contains("connection: close");
        }
    }

    private static Said ask(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("the connection ended within an answer: \"" + head + "\"");
            }
            head.append((char) next);
        }
        Matcher length = LENGTH.matcher(head);
        int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
        if (socket.getInputStream().readNBytes(body).length < body) {
            throw new IOException("the connection ended within a body");
        }
        return new Said(Integer.parseInt(head.substring(9, 12)), head.toString());
    }

    private static Socket connect(TestServer server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    @Test
    void a_server_that_stops_under_load_answers_all_who_go_when_they_are_told_to() throws Exception {
        TestServer server = new TestServer();
        Map<Integer, AtomicInteger> statuses = new ConcurrentHashMap<>();
        Queue<String> errors = new ConcurrentLinkedQueue<>();
        AtomicInteger told = new AtomicInteger();
        List<Thread> clients = new ArrayList<>();
        for (int c = 0; c < 8; c++) {
            Thread client = new Thread(() -> {
                boolean refused = false;
                while (!refused) {
                    Socket socket;
                    try {
                        socket = connect(server);
                    } catch (ConnectException e) {
                        refused = true; // the server is gone: another one would be asked
                        continue;
                    } catch (IOException e) {
                        errors.add("connecting: " + e);
                        return;
                    }
                    try (socket) {
                        Said said = ask(socket, POST);
                        statuses.computeIfAbsent(said.status, s -> new AtomicInteger())
                                .incrementAndGet();
                        while (!said.isLast()) {
                            said = ask(socket, POST);
                            statuses.computeIfAbsent(said.status, s -> new AtomicInteger())
                                    .incrementAndGet();
                        }
                        told.incrementAndGet();
                        return; // goes to another server
                    } catch (IOException e) {
                        errors.add(e.toString());
                        return;
                    }
                }
            });
            clients.add(client);
            client.start();
        }
        Thread.sleep(700);
        long start = System.nanoTime();
        server.server.stop();
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        for (Thread client : clients) {
            client.join(20_000);
        }
        assertThat(errors).isEmpty();
        assertThat(statuses.keySet()).containsExactly(200);
        assertThat(told).hasValue(8);
        assertThat(took).isLessThan(8000);
    }

    @Test
    void a_connection_that_the_client_wants_closed_is_closed_at_once() throws Exception {
        try (TestServer server = new TestServer()) {
            for (String request : List.of(
                    POST.replace("Host:", "Connection: close\r\nHost:"), POST.replace("HTTP/1.1", "HTTP/1.0"))) {
                try (Socket socket = connect(server)) {
                    assertThat(ask(socket, request).status).isEqualTo(200);
                    long start = System.nanoTime();
                    assertThat(socket.getInputStream().read()).isEqualTo(-1);
                    assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
                            .isLessThan(1000);
                }
            }
            server.assertHealthy();
        }
    }

    @Test
    void a_request_within_the_grace_is_answered_and_ends_its_connection() throws Exception {
        TestServer server = new TestServer();
        try (Socket busy = connect(server);
                Socket open = connect(server)) {
            assertThat(ask(open, POST).isLast()).isFalse();
            var hold = new CountDownLatch(1);
            server.predictor.hold = hold;
            busy.getOutputStream().write(POST.getBytes(StandardCharsets.US_ASCII));
            busy.getOutputStream().flush();
            while (server.predictor.started.get() < 2) {
                Thread.sleep(2);
            }
            Thread stop = new Thread(server.server::stop);
            stop.start();
            Thread.sleep(200);
            String ready = "GET /v2/health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n";
            try (Socket late = connect(server)) {
                assertThat(ask(late, ready).status).isEqualTo(503);
            }
            hold.countDown();
            Said said = ask(open, POST);
            assertThat(said.status).isEqualTo(200);
            assertThat(said.isLast()).isTrue();
            Said first = ask(busy, "");
            assertThat(first.status).isEqualTo(200);
            assertThat(first.isLast()).isTrue();
            stop.join(10_000);
            assertThat(stop.isAlive()).isFalse();
        }
    }

    @Test
    void above_the_most_connections_answers_are_503_and_an_idle_one_makes_room() throws Exception {
        ServerConfig config = new ServerConfig("127.0.0.1", 0, null, 10_000, 16, 1, 30, 10, 8);
        try (TestServer server = new TestServer(config)) {
            List<Socket> open = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Socket socket = connect(server);
                assertThat(ask(socket, POST).status).isEqualTo(200);
                open.add(socket);
            }
            for (Socket socket : open) {
                assertThat(ask(socket, POST).status).isEqualTo(200); // none is idle
            }
            try (Socket probe = connect(server)) {
                Said live = ask(probe, "GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(live.status).as("health").isEqualTo(200);
                assertThat(live.head.toLowerCase(Locale.ROOT)).contains("connection: close");
            }
            try (Socket more = connect(server)) {
                Said said = ask(more, POST);
                assertThat(said.status).isEqualTo(503);
                assertThat(said.isLast()).isTrue();
                assertThat(said.head.toLowerCase(Locale.ROOT)).contains("retry-after");
                assertThat(more.getInputStream().read()).isEqualTo(-1);
            }
            Thread.sleep(1200); // now they are idle
            try (Socket more = connect(server)) {
                assertThat(ask(more, POST).status).isEqualTo(200);
            }
            assertThat(open.get(0).getInputStream().read())
                    .as("the one that was idle longest")
                    .isEqualTo(-1);
            assertThat(ask(open.get(7), POST).status)
                    .as("the one that was idle shortest")
                    .isEqualTo(200);
            for (Socket socket : open) {
                socket.close();
            }
        }
    }
}
