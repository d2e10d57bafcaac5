package dev.jumbo.serve;

import static dev.jumbo.serve.TestServer.INFER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.serve.access.AccessConfig;
import dev.jumbo.serve.access.Allowance;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers that ask and do not read, and callers that ask for more than is theirs. */
@Timeout(60)
class SlowReaderTest {
    @Test
    void a_caller_that_asks_and_never_reads_is_cut_off_in_bounded_memory() throws Exception {
        try (TestServer server = new TestServer(TestServer.small(8 << 20, 1024, 2))) {
            server.assertHealthy();
            long before = TestServer.used();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            byte[] asked = "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    .repeat(1000)
                    .getBytes(StandardCharsets.US_ASCII);
            long sent = 0;
            boolean cutOff = false;
            try (Socket socket = new Socket("127.0.0.1", server.server.port())) {
                socket.setReceiveBufferSize(4096);
                Thread cut = new Thread(() -> close(socket, end));
                cut.start();
                while (System.nanoTime() < end) {
                    socket.getOutputStream().write(asked);
                    sent += asked.length;
                }
            } catch (SocketException e) {
                cutOff = System.nanoTime() < end;
            }
            assertThat(TestServer.used() - before)
                    .as("after %s bytes of requests", sent)
                    .isLessThan(48L << 20);
            assertThat(cutOff).as("by the server, not by the end of the test").isTrue();
            server.assertHealthy();
        }
    }

    @Test
    void a_thousand_requests_in_a_row_are_all_answered_to_who_reads() throws Exception {
        try (TestServer server = new TestServer();
                Socket socket = new Socket("127.0.0.1", server.server.port())) {
            socket.setSoTimeout(20_000);
            String asked = ("POST /v2/models/light/infer HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                            + INFER.length() + "\r\n\r\n" + INFER)
                    .repeat(1000);
            Thread asking = new Thread(() -> {
                try {
                    socket.getOutputStream()
                            .write((asked + "GET /last HTTP/1.1\r\nHost: localhost\r\n" + "Connection: close\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            asking.start();
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            asking.join();
            assertThat(answers.split("HTTP/1.1 200", -1)).hasSize(1001);
            assertThat(answers).contains("HTTP/1.1 404");
        }
    }

    @Test
    void beyond_its_quota_a_caller_gets_429_with_a_time_and_others_are_served() throws Exception {
        AccessConfig few = new AccessConfig(null, List.of(), List.of(), List.of(), 100, new Allowance(0, 4, 0));
        try (TestServer server = new TestServer(ServerConfig.local(0).with(few))) {
            String three =
                    INFER.replace("[1,1,2,2]", "[3,1,2,2]").replace("[255,255,255,255]", "[0,0,0,0,1,1,1,1,2,2,2,2]");
            assertThat(server.infer(three).statusCode()).isEqualTo(200);
            HttpResponse<byte[]> over = server.infer(three);
            assertThat(over.statusCode()).isEqualTo(429);
            assertThat(over.headers().firstValue("retry-after")).hasValue("1");
            assertThat(TestServer.json(over).path("error").asText()).contains("quota of 4 rows a second");
            assertThat(server.get("/v2/models/light").statusCode()).isEqualTo(200);
            TimeUnit.MILLISECONDS.sleep(1100);
            server.assertHealthy();
        }
    }

    private static void close(Socket socket, long end) {
        try {
            TimeUnit.NANOSECONDS.sleep(end - System.nanoTime());
            socket.close();
        } catch (InterruptedException | IOException e) {
            throw new AssertionError(e);
        }
    }
}
