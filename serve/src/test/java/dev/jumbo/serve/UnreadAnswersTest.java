package dev.jumbo.serve;

import static dev.jumbo.serve.RawHttp2.DATA;
import static dev.jumbo.serve.RawHttp2.END_HEADERS;
import static dev.jumbo.serve.RawHttp2.END_STREAM;
import static dev.jumbo.serve.RawHttp2.HEADERS;
import static dev.jumbo.serve.RawHttp2.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.serve.schedule.SchedulingConfig;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers that do not take their answers: of HTTP/2 without a window, of HTTP/1.1 without reading. Time and bytes are bounded. */
@Timeout(60)
class UnreadAnswersTest {
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final String PATH = "/v2/models/light/infer";

    /** Answers wait for 1 s and a second for each 64 KB; all of them are 1 MB at most. */
    private static ServerConfig config() {
        ServerConfig small = TestServer.small(8 << 20, 64, 1);
        return small.with(new SchedulingConfig(64, 0, 1000, 65_536, 4, 0, 10, 1 << 16, 5, 0));
    }

    private static byte[] rows(int rows) {
        String values = "7,".repeat(4 * rows);
        return ("{\"inputs\":[{\"name\":\"image\",\"shape\":[" + rows + ",1,2,2],\"datatype\":\"FP32\",\"data\":["
                        + values.substring(0, values.length() - 1) + "]}]}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static void ask(RawHttp2 client, int stream, byte[] body) throws IOException {
        client.frame(
                HEADERS,
                END_HEADERS,
                stream,
                RawHttp2.head(":method", "POST", ":scheme", "http", ":path", PATH, ":authority", "localhost"));
        client.frame(DATA, END_STREAM, stream, body);
        client.flush();
    }

    /** Milliseconds until the connection has ended. */
    private static long untilTheEnd(RawHttp2 client, int millis) throws IOException {
        long start = System.nanoTime();
        client.timeout(millis);
        try {
            while (client.read() != null) {
                // heads of the answers, which need no window
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection goes on", e);
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    /** Whether the head of an answer comes, for which no window is needed. */
    private static boolean isAnswered(RawHttp2 client) throws IOException {
        RawHttp2.Frame frame = client.read();
        while (frame != null && frame.type() != HEADERS) {
            frame = client.read();
        }
        return frame != null;
    }

    @Test
    void answers_for_which_a_client_gives_no_window_end_the_connection_after_a_time() throws IOException {
        try (TestServer server = new TestServer(config());
                RawHttp2 client = new RawHttp2(server.server.port(), INITIAL_WINDOW_SIZE, 0)) {
            ask(client, 1, rows(1));
            assertThat(untilTheEnd(client, 10_000)).isBetween(700L, 4000L);
            server.assertHealthy();
        }
    }

    @Test
    void a_client_that_opens_its_window_late_has_its_answer() throws Exception {
        try (TestServer server = new TestServer(config());
                RawHttp2 client = new RawHttp2(server.server.port(), INITIAL_WINDOW_SIZE, 0)) {
            ask(client, 1, rows(1900));
            TimeUnit.MILLISECONDS.sleep(700);
            byte[] million = ByteBuffer.allocate(4).putInt(1_000_000).array();
            client.frame(WINDOW_UPDATE, 0, 0, million);
            client.frame(WINDOW_UPDATE, 0, 1, million);
            client.flush();
            int received = 0;
            boolean ended = false;
            RawHttp2.Frame frame = client.read();
            while (frame != null && !ended) {
                received += frame.type() == DATA ? frame.payload().length : 0;
                ended = frame.type() == DATA && (frame.flags() & END_STREAM) != 0;
                frame = ended ? null : client.read();
            }
            assertThat(ended).as("the end of the answer").isTrue();
            assertThat(received).isGreaterThan(8 * 1900);
        }
    }

    @Test
    void answers_that_nobody_takes_are_bounded_in_all() throws Exception {
        for (boolean multiplexed : new boolean[] {true, false}) {
            try (TestServer server = new TestServer(config())) {
                server.assertHealthy();
                long before = TestServer.used();
                long start = System.nanoTime();
                if (multiplexed) {
                    try (RawHttp2 client = new RawHttp2(server.server.port(), INITIAL_WINDOW_SIZE, 0)) {
                        int answered = 0;
                        for (int i = 0; i < 200 && answered == i; i++) {
                            TimeUnit.MILLISECONDS.sleep(2); // the server looks 10 times a second
                            ask(client, 2 * i + 1, rows(1900));
                            answered += isAnswered(client) ? 1 : 0;
                        }
                        assertThat(answered)
                                .as("of 14 KB or more each, in 1 MB, and what comes until the next look")
                                .isBetween(2, 150);
                    } catch (IOException e) {
                        // cut off while it asks
                    }
                } else {
                    cutOff(server, rows(16_384));
                }
                assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
                        .isLessThan(10_000);
                assertThat(TestServer.used() - before).isLessThan(48L << 20);
                server.assertHealthy();
            }
        }
    }

    private static void cutOff(TestServer server, byte[] body) throws Exception {
        byte[] head = ("POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        boolean ended = false;
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(new java.net.InetSocketAddress("127.0.0.1", server.server.port()));
            long end = System.nanoTime()
                    + TimeUnit.SECONDS.toNanos(8); // for a second the server may listen without answering
            while (System.nanoTime() < end) {
                socket.getOutputStream().write(head);
                socket.getOutputStream().write(body);
            }
        } catch (IOException e) {
            ended = true;
        }
        assertThat(ended).as("cut off").isTrue();
    }
}
