package dev.jumbo.serve;

import static dev.jumbo.serve.TestServer.INFER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.serve.schedule.SchedulingConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Bodies with a Content-Encoding: whole, broken, unknown, and bombs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class PackedBodyTest {
    private static final byte[] BODY = INFER.getBytes(StandardCharsets.UTF_8);
    private TestServer server;

    @BeforeAll
    void start() {
        server = new TestServer();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void gzip_and_deflate_are_unpacked_for_every_route_that_takes_a_body() throws IOException {
        for (String coding : List.of("gzip", "GZIP", "x-gzip", "deflate")) {
            HttpResponse<byte[]> answer = post("/v2/models/light/infer", coding, pack(coding, BODY));
            assertThat(answer.statusCode()).as(coding).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-encoding")).isEmpty();
            assertThat(post(
                                    "/v2/models/light/predict",
                                    coding,
                                    pack(coding, "[0,0,0,102]".getBytes(StandardCharsets.UTF_8)))
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(post("/v2/models/light/infer", "identity", BODY).statusCode())
                .isEqualTo(200);
    }

    @Test
    void other_encodings_are_415_with_those_that_are_taken() throws IOException {
        for (String coding : List.of("br", "zstd", "gzip, gzip", "compress", "a\u00e9")) {
            HttpResponse<byte[]> answer = post("/v2/models/light/infer", coding, BODY);
            server.assertError(answer, 415, "expected a Content-Encoding of gzip, deflate or none");
            assertThat(answer.headers().firstValue("accept-encoding")).hasValue("gzip, deflate");
        }
    }

    @Test
    void broken_bodies_are_400() throws IOException {
        byte[] packed = pack("gzip", BODY);
        byte[] wrongSum = packed.clone();
        wrongSum[packed.length - 6] ^= 1;
        for (byte[] broken : List.of(
                BODY,
                new byte[0],
                Arrays.copyOf(packed, packed.length / 2),
                Arrays.copyOf(packed, packed.length - 1),
                wrongSum)) {
            server.assertError(post("/v2/models/light/infer", "gzip", broken), 400, "packed by gzip");
        }
        server.assertError(post("/v2/models/light/infer", "deflate", BODY), 400, "packed by deflate");
        for (String coding : List.of("gzip", "deflate")) {
            for (int junk : new int[] {1, 8, 1000}) {
                byte[] whole = pack(coding, BODY);
                byte[] more = Arrays.copyOf(whole, whole.length + junk);
                server.assertError(post("/v2/models/light/infer", coding, more), 400, "nothing behind it");
            }
        }
    }

    @Test
    void fifty_bombs_at_once_are_413_in_bounded_memory() throws IOException {
        byte[] bomb = pack("gzip", new byte[64 << 20]);
        assertThat(bomb.length).isLessThan(70_000);
        server.assertError(
                post("/v2/models/light/infer", "gzip", bomb), 413, "at most 8388608 bytes when it is unpacked");
        long before = used();
        long start = System.nanoTime();
        List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(server.client.sendAsync(
                    request("/v2/models/light/infer", "gzip", bomb), HttpResponse.BodyHandlers.ofByteArray()));
        }
        for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
            assertThat(answer.join().statusCode()).isEqualTo(413);
        }
        assertThat((System.nanoTime() - start) / 1e9).isLessThan(15);
        assertThat(used() - before).isLessThan(100L << 20);
        server.assertHealthy();
    }

    @Test
    void what_comes_out_counts_as_it_grows_and_is_given_back() throws IOException {
        // A quarter of 8 MB is for bodies.
        SchedulingConfig little = new SchedulingConfig(64, 0, 1000, 65_536, 8, 0, 10, 1024, 5, 0);
        assertThat(little.bodyBytes()).isEqualTo(2 << 20);
        byte[] blanks = pack("gzip", (" ".repeat(3 << 20) + INFER).getBytes(StandardCharsets.US_ASCII));
        byte[] fits = pack("gzip", (" ".repeat(100_000) + INFER).getBytes(StandardCharsets.US_ASCII));
        try (TestServer small = new TestServer(ServerConfig.local(0).with(little))) {
            for (int i = 0; i < 20; i++) {
                HttpResponse<byte[]> full = small.send(request(small, "/v2/models/light/infer", "gzip", blanks));
                assertThat(full.statusCode()).isEqualTo(503);
                assertThat(full.headers().firstValue("retry-after")).isPresent();
                assertThat(small.send(request(small, "/v2/models/light/infer", "gzip", fits))
                                .statusCode())
                        .isEqualTo(200);
            }
            small.assertHealthy();
        }
    }

    private HttpResponse<byte[]> post(String path, String coding, byte[] body) {
        return server.send(request(path, coding, body));
    }

    private HttpRequest request(String path, String coding, byte[] body) {
        return request(server, path, coding, body);
    }

    private static HttpRequest request(TestServer of, String path, String coding, byte[] body) {
        return HttpRequest.newBuilder(of.uri(path))
                .header("Content-Type", "application/json")
                .header("Content-Encoding", coding)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    private static byte[] pack(String coding, byte[] body) throws IOException {
        var out = new ByteArrayOutputStream();
        try (OutputStream packer =
                coding.equals("deflate") ? new DeflaterOutputStream(out) : new GZIPOutputStream(out)) {
            packer.write(body);
        }
        return out.toByteArray();
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
