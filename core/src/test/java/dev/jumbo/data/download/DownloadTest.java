package dev.jumbo.data.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {
    private final byte[] content = new byte[50_000];
    private final List<String> ranges = new CopyOnWriteArrayList<>();
    private byte[] served = {};
    private int status = 200;
    private boolean honoursRange = true;
    private HttpServer server;
    private Path target;

    @TempDir
    Path dir;

    @BeforeEach
    void serve() throws IOException {
        new Random(1).nextBytes(content);
        served = gzip(content);
        target = dir.resolve("cache/data.gz");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/data.gz", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        ranges.add(String.valueOf(range));
        try (exchange) {
            if (status != 200) {
                exchange.sendResponseHeaders(status, -1);
            } else if (range != null && honoursRange) {
                int from = Integer.parseInt(range.replaceAll("[^0-9]", ""));
                if (from >= served.length) {
                    exchange.sendResponseHeaders(416, -1);
                } else {
                    exchange.sendResponseHeaders(206, served.length - from);
                    exchange.getResponseBody().write(served, from, served.length - from);
                }
            } else {
                exchange.sendResponseHeaders(200, served.length);
                exchange.getResponseBody().write(served);
            }
        }
    }

    @Test
    void fetches_once_and_then_uses_the_file() throws IOException {
        assertThat(download().fetch()).isEqualTo(target);
        download().fetch();

        assertThat(Files.readAllBytes(target)).isEqualTo(served);
        assertThat(ranges).containsExactly("null");
    }

    @Test
    void continues_where_a_download_broke_off() throws IOException {
        part(Arrays.copyOf(served, 20_000));

        download().fetch();

        assertThat(Files.readAllBytes(target)).isEqualTo(served);
        assertThat(ranges).containsExactly("bytes=20000-");
    }

    @Test
    void finishes_a_part_that_lacks_nothing() throws IOException {
        part(served);

        download().fetch();

        assertThat(Files.readAllBytes(target)).isEqualTo(served);
    }

    @Test
    void starts_anew_where_the_server_knows_no_ranges() throws IOException {
        honoursRange = false;
        part(Arrays.copyOf(served, 20_000));

        download().fetch();

        assertThat(Files.readAllBytes(target)).isEqualTo(served);
    }

    @Test
    void starts_anew_where_the_part_was_of_another_file() throws IOException {
        part(new byte[20_000]);

        download().fetch();

        assertThat(Files.readAllBytes(target)).isEqualTo(served);
        assertThat(ranges).containsExactly("bytes=20000-", "null");
    }

    @Test
    void keeps_nothing_of_a_wrong_content() throws IOException {
        byte[] other = content.clone();
        other[100] ^= 1;
        served = gzip(other);

        assertThatThrownBy(() -> download().fetch())
                .isInstanceOf(FailureException.class)
                .hasMessageContainingAll("expected SHA-256 " + sha256(content), "received " + sha256(other));
        assertThat(files()).containsExactly("data.gz.lock");
    }

    @Test
    void keeps_nothing_that_is_not_gzip_or_unpacks_to_too_much() throws IOException {
        served = "<html>sign in</html>".getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> download().fetch())
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("not complete gzip");

        served = gzip(new byte[50_000_000]);
        assertThatThrownBy(() -> download().fetch())
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("more than the 50000 bytes");
        assertThat(files()).containsExactly("data.gz.lock");
    }

    @Test
    void stops_a_server_that_sends_without_end() throws IOException {
        served = new byte[1_000_000];

        assertThatThrownBy(() -> download().fetch())
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("sends more than the expected 50000 bytes");
    }

    @Test
    void says_what_to_do_where_the_file_is_not_on_the_server() throws IOException {
        status = 404;

        assertThatThrownBy(() -> download().fetch())
                .isInstanceOf(FailureException.class)
                .hasMessageContainingAll("HTTP status 404", "put the file at " + target);
        assertThat(files()).containsExactly("data.gz.lock");
    }

    @Test
    void says_what_to_do_offline() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Download refused =
                new Download(URI.create("http://localhost:" + port + "/data.gz"), target, sha256(content), 50_000);

        assertThatThrownBy(refused::fetch)
                .isInstanceOf(FailureException.class)
                .hasMessageContainingAll("cannot download", "if this machine is offline, put the file at " + target)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void rejects_other_protocols() {
        assertThatThrownBy(() -> new Download(URI.create("file:///etc/passwd"), target, "", 1))
                .isInstanceOf(InputException.class);
    }

    private Download download() {
        URI source = URI.create("http://localhost:" + server.getAddress().getPort() + "/data.gz");
        return new Download(source, target, sha256(content), content.length);
    }

    private void part(byte[] bytes) throws IOException {
        Files.createDirectories(target.getParent());
        Files.write(target.resolveSibling("data.gz.part"), bytes);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> paths = Files.list(target.getParent())) {
            return new ArrayList<>(
                    paths.map(path -> path.getFileName().toString()).sorted().toList());
        }
    }

    private static String sha256(byte[] bytes) {
        MessageDigest sha = Sha256.digest();
        sha.update(bytes);
        return Sha256.hex(sha);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}
