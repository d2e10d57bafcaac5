package dev.jumbo.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.jumbo.SharedData;
import dev.jumbo.data.Row;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistTest {
    @TempDir
    Path dir;

    @Test
    void the_real_files_have_the_published_counts_and_histogram() {
        Mnist mnist = Mnist.load(SharedData.require("mnist"));

        assertThat(mnist.train().size()).isEqualTo(60_000);
        assertThat(mnist.test().size()).isEqualTo(10_000);
        assertThat(mnist.train().inputs().get(0).shape()).isEqualTo(Shape.of(1, 28, 28));
        assertThat(histogram(mnist.train()))
                .containsExactly(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949);
        assertThat(histogram(mnist.test())).containsExactly(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);
    }

    @Test
    void is_downloaded_once_from_a_mirror() throws IOException {
        Path real = SharedData.require("mnist");
        AtomicInteger requests = new AtomicInteger();
        HttpServer mirror = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        mirror.createContext("/data/", exchange -> {
            try (exchange) {
                requests.incrementAndGet();
                byte[] file = Files.readAllBytes(
                        real.resolve(exchange.getRequestURI().getPath().substring(6)));
                exchange.sendResponseHeaders(200, file.length);
                exchange.getResponseBody().write(file);
            }
        });
        mirror.start();
        try {
            URI address = URI.create("http://localhost:" + mirror.getAddress().getPort() + "/data");

            String fingerprint = Mnist.download(address, dir).test().fingerprint();
            Mnist.download(address, dir);

            assertThat(fingerprint).isEqualTo(Mnist.load(real).test().fingerprint());
            assertThat(requests).hasValue(4);
        } finally {
            mirror.stop(0);
        }
    }

    @Test
    void a_directory_without_the_files_gives_one_line_that_names_them() throws IOException {
        Files.write(dir.resolve("train-labels-idx1-ubyte"), new byte[0]);

        assertThatThrownBy(() -> Mnist.load(dir))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("missing train-images-idx3-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte")
                .hasMessageContaining("put the files there")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void rejects_labels_of_another_count_than_images() throws IOException {
        small(dir);
        Files.write(dir.resolve("t10k-labels-idx1-ubyte"), IdxFileTest.idx(0x801, new int[] {2}, 3, 4));

        assertThatThrownBy(() -> Mnist.load(dir))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received 1 images")
                .hasMessageContaining("2 labels");
    }

    @Test
    void reads_compressed_and_plain_files_side_by_side() throws IOException {
        small(dir);

        Mnist mnist = Mnist.load(dir);

        Row row = Row.single(mnist.train());
        mnist.train().read(1, row);
        assertThat(row.floats(0)).containsExactly(5, 6, 7, 8);
        assertThat(row.longs(1)).containsExactly(9);
    }

    /** Two training examples and one test example of 2 by 2 pixels. */
    private static void small(Path dir) throws IOException {
        Files.write(
                dir.resolve("train-images-idx3-ubyte.gz"),
                IdxFileTest.gzip(IdxFileTest.idx(0x803, new int[] {2, 2, 2}, 1, 2, 3, 4, 5, 6, 7, 8)));
        Files.write(dir.resolve("train-labels-idx1-ubyte"), IdxFileTest.idx(0x801, new int[] {2}, 0, 9));
        Files.write(dir.resolve("t10k-images-idx3-ubyte"), IdxFileTest.idx(0x803, new int[] {1, 2, 2}, 1, 2, 3, 4));
        Files.write(dir.resolve("t10k-labels-idx1-ubyte"), IdxFileTest.idx(0x801, new int[] {1}, 3));
    }

    private static int[] histogram(ImageDataset data) {
        int[] counts = new int[10];
        Row row = Row.single(data);
        for (int i = 0; i < data.size(); i++) {
            data.read(i, row);
            counts[(int) row.longs(1)[0]]++;
        }
        return counts;
    }
}
