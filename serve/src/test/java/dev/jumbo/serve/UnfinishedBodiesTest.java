package dev.jumbo.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestWriter;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import dev.jumbo.serve.schedule.SchedulingConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies that are announced and do not come. */
@Timeout(60)
class UnfinishedBodiesTest {
    private static final String HEAD =
            "POST /v2/models/light/infer HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ";

    private static Socket begin(TestServer server, int length, byte[] some) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.server.port());
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write((HEAD + length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(some);
        socket.getOutputStream().flush();
        return socket;
    }

    private static void assertAnswersSoon(TestServer server) {
        long start = System.nanoTime();
        server.assertHealthy();
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(5000);
    }

    @Test
    void sixty_five_bodies_of_one_byte_hold_no_place() throws Exception {
        try (TestServer server = new TestServer(TestServer.small(10_000, 1, 30))) {
            List<Socket> held = new ArrayList<>();
            for (int i = 0; i < 60; i++) { // of 64 connections
                held.add(begin(server, 1000, new byte[] {'{'}));
            }
            assertAnswersSoon(server);
            for (Socket socket : held) {
                socket.close();
            }
            assertAnswersSoon(server);
        }
    }

    @Test
    void sixty_five_streams_of_one_connection_hold_no_place() throws Exception {
        try (TestServer server = new TestServer(TestServer.small(10_000, 1, 30));
                ClientFactory factory = ClientFactory.builder().build()) {
            WebClient client = WebClient.builder("h2c://127.0.0.1:" + server.server.port())
                    .factory(factory)
                    .build();
            RequestHeaders head = RequestHeaders.of(
                    HttpMethod.POST, "/v2/models/light/infer", "content-type", MediaType.JSON.toString());
            List<HttpRequestWriter> held = new ArrayList<>();
            for (int i = 0; i < 65; i++) {
                HttpRequestWriter writer = HttpRequest.streaming(head);
                HttpResponse answer = client.execute(writer);
                answer.aggregate().exceptionally(error -> null);
                assertThat(writer.tryWrite(HttpData.ofAscii("{"))).isTrue();
                held.add(writer);
            }
            Thread.sleep(200);
            assertAnswersSoon(server);
            held.forEach(HttpRequestWriter::abort);
        }
    }

    @Test
    void a_body_that_comes_too_slowly_gets_408_and_the_end() throws Exception {
        try (TestServer server = new TestServer();
                Socket socket = begin(server, 1000, new byte[] {'{'})) {
            long start = System.nanoTime();
            String answer = head(socket);
            assertThat(answer).startsWith("HTTP/1.1 408").containsIgnoringCase("connection: close");
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isBetween(2000L, 12_000L);
            assertAnswersSoon(server);
        }
    }

    @Test
    void bodies_take_a_bounded_number_of_bytes_and_the_slowest_make_room() throws Exception {
        // 8 MB for all requests, 2 MB of these for bodies.
        SchedulingConfig scheduling = new SchedulingConfig(64, 0, 1000, 65_536, 8, 0, 10, 1024, 5, 0);
        ServerConfig config = ServerConfig.local(0).with(scheduling);
        try (TestServer server = new TestServer(config)) {
            byte[] most = new byte[900_000];
            Arrays.fill(most, (byte) ' ');
            List<Socket> held = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                held.add(begin(server, 1_000_000, most));
            }
            Thread.sleep(500);
            assertAnswersSoon(server);
            int given = 0;
            for (Socket socket : held) {
                socket.setSoTimeout(300);
                try {
                    given += head(socket).startsWith("HTTP/1.1 503") ? 1 : 0;
                } catch (SocketTimeoutException e) {
                    // still held
                }
                socket.close();
            }
            assertThat(given).isBetween(5, 8);
            assertAnswersSoon(server);
        }
    }

    private static String head(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        for (int next = in.read(); next >= 0 && head.indexOf("\r\n\r\n") < 0; next = in.read()) {
            head.append((char) next);
        }
        return head.toString();
    }
}
