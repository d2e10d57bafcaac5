package dev.jumbo.serve;

import static dev.jumbo.serve.RawHttp2.CONTINUATION;
import static dev.jumbo.serve.RawHttp2.DATA;
import static dev.jumbo.serve.RawHttp2.END_HEADERS;
import static dev.jumbo.serve.RawHttp2.END_STREAM;
import static dev.jumbo.serve.RawHttp2.HEADERS;
import static dev.jumbo.serve.RawHttp2.PING;
import static dev.jumbo.serve.RawHttp2.PRIORITY;
import static dev.jumbo.serve.RawHttp2.RST_STREAM;
import static dev.jumbo.serve.RawHttp2.SETTINGS;
import static dev.jumbo.serve.RawHttp2.WINDOW_UPDATE;
import static dev.jumbo.serve.RawHttp2.head;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Frames of HTTP/2 that are meant to do harm: each connection ends, soon and in bounded memory, and the others are served. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class HostileStreamsTest {
    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int FRAME_SIZE_ERROR = 6;
    private static final int COMPRESSION_ERROR = 9;
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int MAX_STREAMS_OPEN = 256;
    private static final byte[] NOTHING = {};

    private TestServer server;
    private long before;
    private long start;

    @BeforeAll
    void start() throws IOException {
        server = new TestServer();
        server.assertHealthy();
        // Each thread of connections takes a piece of memory of its own with its first one; that is no leak of a
        // test's.
        for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
            try (RawHttp2 client = connect()) {
                client.frame(PING, 0, 0, new byte[8]);
                client.flush();
                read(client);
            }
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @BeforeEach
    void measure() {
        before = TestServer.used();
        start = System.nanoTime();
    }

    @AfterEach
    void the_server_is_well() {
        server.assertHealthy();
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(30_000);
        assertThat(TestServer.used() - before).isLessThan(48L << 20);
    }

    private RawHttp2 connect(int... settings) throws IOException {
        return new RawHttp2(server.server.port(), settings);
    }

    private static byte[] get(String path) {
        return head(":method", "GET", ":scheme", "http", ":path", path, ":authority", "localhost");
    }

    private static byte[] post() {
        return head(":method", "POST", ":scheme", "http", ":path", "/v2/models/light/infer", ":authority", "localhost");
    }

    /** CVE-2023-44487: streams that are begun and given up cost no place among the open ones, but work. */
    @Test
    void streams_that_are_reset_at_once_end_the_connection() throws IOException {
        int started = server.predictor.started.get();
        try (RawHttp2 client = connect()) {
            try {
                for (int i = 0; i < 20_000; i++) {
                    client.frame(HEADERS, END_HEADERS, 2 * i + 1, post());
                    client.frame(RST_STREAM, 0, 2 * i + 1, new byte[] {0, 0, 0, 8});
                }
                client.flush();
            } catch (IOException e) {
                // closed while we still send
            }
            client.timeout(8000);
            assertThat(client.goaway()).isIn(ENHANCE_YOUR_CALM, -1);
        }
        assertThat(server.predictor.started.get() - started).isZero();
    }

    /** CVE-2025-8671: the same, with streams that the server has to reset: the connection ends, and nobody beside it waits for that. */
    @Test
    void streams_that_the_server_is_made_to_reset_end_the_connection_and_starve_nobody() throws Exception {
        int started = server.predictor.started.get();
        for (int kind = 0; kind < 3; kind++) {
            try (RawHttp2 client = connect();
                    Beside beside = new Beside()) {
                try {
                    for (int i = 0; i < 20_000; i++) {
                        int stream = 2 * i + 1;
                        client.frame(HEADERS, END_HEADERS, stream, post());
                        if (kind == 0) {
                            client.frame(WINDOW_UPDATE, 0, stream, new byte[4]); // of 0 bytes, which is an error
                        } else if (kind == 1) {
                            client.frame(PRIORITY, 0, stream, priority(stream)); // on itself
                        } // or beyond the streams that may be open
                    }
                    client.flush();
                } catch (IOException e) {
                    // closed while we still send
                }
                client.timeout(8000);
                assertThat(client.goaway()).as("kind %d", kind).isIn(ENHANCE_YOUR_CALM, -1);
                assertThat(beside.longestMillis()).as("kind %d", kind).isLessThan(3000);
            }
        }
        assertThat(server.predictor.started.get() - started).isZero();
    }

    private static byte[] priority(int stream) {
        return ByteBuffer.allocate(5).putInt(stream).put((byte) 1).array();
    }

    /** A gateway passes on that its callers gave up, or that their deadlines have passed. */
    @Test
    void a_connection_with_many_streams_that_are_given_up_is_served_on() throws IOException {
        try (RawHttp2 client = connect()) {
            int stream = 1;
            for (int i = 0; i < 2000; i++, stream += 2) {
                client.frame(HEADERS, END_HEADERS, stream, post());
                client.frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
            }
            client.frame(HEADERS, END_HEADERS | END_STREAM, stream, get("/v2/health/live"));
            client.flush();
            RawHttp2.Frame frame = read(client);
            while (frame != null && (frame.type() != HEADERS || frame.stream() != stream)) {
                assertThat(frame.type()).isNotEqualTo(RawHttp2.GOAWAY);
                frame = read(client);
            }
            assertThat(frame).as("the answer to the last one").isNotNull();
        }
    }

    @Test
    void paths_are_taken_as_they_are_written() throws IOException {
        for (String path : new String[] {"//v2/health/live", "/v2//health/live", "/v2/health/live;a=b"}) {
            try (RawHttp2 client = connect()) {
                client.frame(HEADERS, END_HEADERS | END_STREAM, 1, get(path));
                client.flush();
                RawHttp2.Frame frame = read(client);
                while (frame != null && frame.type() != HEADERS) {
                    frame = read(client);
                }
                byte first = frame == null ? 0 : frame.payload()[0];
                assertThat(first).as(path).isEqualTo((byte) 0x8d); // :status 404
            }
        }
    }

    /** Somebody who asks whether the server lives, over and over, and how long that takes at most. */
    private final class Beside implements AutoCloseable {
        private volatile boolean ends;
        private volatile long longest;
        private final Thread thread = new Thread(this::ask);

        Beside() {
            thread.start();
        }

        private void ask() {
            while (!ends) {
                long asked = System.nanoTime();
                boolean well = server.get("/v2/health/live").statusCode() == 200;
                longest = well ? Math.max(longest, System.nanoTime() - asked) : Long.MAX_VALUE;
            }
        }

        long longestMillis() throws InterruptedException {
            ends = true;
            thread.join();
            return TimeUnit.NANOSECONDS.toMillis(longest);
        }

        @Override
        public void close() {
            ends = true;
        }
    }

    /** CVE-2024-27316 and its like: a head without an end. */
    @Test
    void a_head_that_goes_on_without_end_ends_the_connection() throws IOException {
        for (int size : new int[] {16_384, 1, 0}) {
            try (RawHttp2 client = connect()) {
                client.frame(HEADERS, 0, 1, get("/v2"));
                byte[] more = new byte[size];
                Arrays.fill(more, (byte) 'a');
                try {
                    for (int i = 0; i < 20_000; i++) {
                        client.frame(CONTINUATION, 0, 1, more);
                    }
                    client.flush();
                } catch (IOException e) {
                    // closed while we still send
                }
                assertThat(client.refusal())
                        .as("continued by %d bytes each", size)
                        .isIn(ENHANCE_YOUR_CALM, COMPRESSION_ERROR, PROTOCOL_ERROR, -1);
            }
        }
    }

    /** A field of 4 KB in the table, named 16,000 times by a byte each: 64 MB of headers in 20 KB. */
    @Test
    void headers_that_unpack_to_megabytes_are_refused() throws IOException {
        try (RawHttp2 client = connect()) {
            var block = new ByteArrayOutputStream();
            block.writeBytes(get("/v2"));
            block.write(0x40); // goes into the table
            RawHttp2.text(block, "x");
            RawHttp2.text(block, "a".repeat(4000));
            for (int i = 0; i < 12_000; i++) {
                block.write(0x80 | 62); // the newest of the table
            }
            client.frame(HEADERS, END_HEADERS | END_STREAM, 1, block.toByteArray());
            client.flush();
            boolean answered = false;
            for (RawHttp2.Frame frame = read(client); frame != null; frame = read(client)) {
                boolean ok = frame.type() == HEADERS && frame.payload()[0] == (byte) 0x88; // :status 200
                answered |= ok;
                if (frame.type() == HEADERS || frame.type() == RST_STREAM || frame.type() == RawHttp2.GOAWAY) {
                    break;
                }
            }
            assertThat(answered).isFalse();
        }
    }

    private static RawHttp2.@org.jspecify.annotations.Nullable Frame read(RawHttp2 client) throws IOException {
        client.timeout(3000);
        try {
            return client.read();
        } catch (SocketTimeoutException e) {
            return null;
        }
    }

    /**
     * CVE-2019-9512, CVE-2019-9515: each asks for an answer that nobody reads; they do not pile up. What the kernel takes of the answers (some 4 MB, 240,000
     * of 17 bytes) is not ours, so that more are asked for.
     */
    @Test
    void pings_and_settings_whose_answers_nobody_reads_end_the_connection_and_take_no_memory() throws IOException {
        for (int type : new int[] {PING, SETTINGS}) {
            try (RawHttp2 client = connect()) {
                boolean ended = false;
                try {
                    for (int i = 0; i < 2_000_000; i++) {
                        client.frame(type, 0, 0, type == PING ? new byte[8] : NOTHING);
                    }
                    client.flush();
                } catch (IOException e) {
                    ended = true;
                }
                assertThat(ended).as("closed while we still send").isTrue();
                assertThat(TestServer.used() - before).isLessThan(48L << 20);
            }
        }
    }

    @Test
    void more_streams_than_a_connection_may_have_are_refused_alone() throws IOException {
        server.predictor.hold = new java.util.concurrent.CountDownLatch(1);
        try (RawHttp2 client = connect()) {
            for (int i = 0; i < 2 * MAX_STREAMS_OPEN; i++) {
                client.frame(HEADERS, END_HEADERS, 2 * i + 1, post());
            }
            client.flush();
            assertThat(client.refusal()).isIn(7 /* REFUSED_STREAM */, PROTOCOL_ERROR, ENHANCE_YOUR_CALM);
        } finally {
            server.predictor.hold.countDown();
        }
    }

    @Test
    void frames_that_lie_end_the_connection() throws IOException {
        assertThat(refused(DATA, 0, 0, new byte[1], 1)).as("data of no stream").isIn(PROTOCOL_ERROR, -1);
        assertThat(refused(HEADERS, END_HEADERS, 2, get("/v2"), get("/v2").length))
                .as("a stream of the server's")
                .isIn(PROTOCOL_ERROR, -1);
        assertThat(refused(SETTINGS, 0, 0, new byte[5], 5)).as("half a setting").isIn(FRAME_SIZE_ERROR, -1);
        assertThat(refused(SETTINGS, 0, 0, new byte[] {0, 4, -1, -1, -1, -1}, 6))
                .as("a window of 2^32 - 1")
                .isIn(FLOW_CONTROL_ERROR, PROTOCOL_ERROR, -1);
        assertThat(refused(DATA, 0, 1, new byte[9], 0xFFFFFF))
                .as("16 MB announced")
                .isIn(FRAME_SIZE_ERROR, -1);
        assertThat(refused(HEADERS, END_HEADERS, 1, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}, 8))
                .as("an index beyond the table")
                .isIn(COMPRESSION_ERROR, -1);
        byte[] name =
                head(":method", "GET", ":path", "/v2", ":scheme", "http", ":authority", "localhost", "host\u009c", "x");
        assertThat(refused(HEADERS, END_HEADERS | END_STREAM, 1, name, name.length))
                .as("a header whose name is no ASCII")
                .isIn(COMPRESSION_ERROR, PROTOCOL_ERROR, -1);
    }

    private int refused(int type, int flags, int stream, byte[] payload, int length) throws IOException {
        try (RawHttp2 client = connect()) {
            client.frame(type, flags, stream, payload, length);
            client.flush();
            return client.refusal();
        }
    }
}
