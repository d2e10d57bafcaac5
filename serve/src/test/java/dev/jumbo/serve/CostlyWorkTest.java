package dev.jumbo.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Small requests that would take much work are refused before it is done. */
@Timeout(60)
class CostlyWorkTest {
    private static byte[] progressive(int size, int scans) throws IOException {
        var image = new BufferedImage(size, size, BufferedImage.TYPE_BYTE_GRAY);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam how = writer.getDefaultWriteParam();
        how.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (var to = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(to);
            writer.write(null, new IIOImage(image, null, null), how);
        }
        writer.dispose();
        byte[] jpeg = out.toByteArray();
        int last = 0;
        for (int i = 2; i + 1 < jpeg.length; i++) {
            last = (jpeg[i] & 0xFF) == 0xFF && (jpeg[i + 1] & 0xFF) == 0xDA ? i : last;
        }
        int end = jpeg.length - 2;
        int scan = end - last;
        byte[] all = Arrays.copyOf(jpeg, end + scans * scan + 2);
        for (int i = 0; i < scans; i++) {
            System.arraycopy(jpeg, last, all, end + i * scan, scan);
        }
        all[all.length - 2] = (byte) 0xFF;
        all[all.length - 1] = (byte) 0xD9;
        return all;
    }

    private static void assertRefused(TestServer server, String type, byte[] picture, String text) {
        long start = System.nanoTime();
        HttpResponse<byte[]> answer = server.post("/v2/models/light/predict", type, picture);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(3000);
        server.assertError(answer, 400, text);
    }

    @Test
    void a_picture_of_many_pixels_or_scans_is_refused_at_once() throws IOException {
        byte[] png = TestServer.png(0, 0, 0, 0);
        try (TestServer server = new TestServer()) {
            assertRefused(server, "image/jpeg", progressive(1900, 3000), "at most 100 scans");
            assertRefused(server, "image/jpeg", progressive(6300, 1), "at most 4000000 pixels");
            png[18] = 8; // 2048 wide
            png[22] = 7; // 1794 high
            png[24] = 16;
            png[25] = 6;
            assertRefused(server, "image/png", png, "with 64 bits each");
        }
    }

    @Test
    void more_rows_than_a_request_may_have_are_refused_before_they_are_prepared() {
        try (TestServer server = new TestServer()) {
            String request = "{\"inputs\":[{\"name\":\"image\",\"shape\":[16385,1,2,2],\"datatype\":\"FP32\",\"data\":["
                    + "0,".repeat(16_385 * 4 - 1) + "0]}]}";
            server.assertError(server.infer(request), 400, "at most 16384 rows");
            assertThat(server.predictor.started).hasValue(1); // the check of health
        }
    }

    @Test
    void a_request_of_many_rows_is_computed_in_parts_with_the_right_answer_for_each() {
        int rows = 5000;
        StringBuilder data = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            data.append(i == 0 ? "" : ",").append((i % 256 + ",").repeat(3)).append(i % 256);
        }
        try (TestServer server = new TestServer()) {
            HttpResponse<byte[]> answer = server.infer("{\"inputs\":[{\"name\":\"image\",\"shape\":[" + rows
                    + ",1,2,2],\"datatype\":\"UINT8\",\"data\":[" + data + "]}]}");
            assertThat(answer.statusCode()).isEqualTo(200);
            var values = TestServer.json(answer).at("/outputs/0/data");
            for (int i = 0; i < rows; i++) {
                assertThat(values.get(2 * i + 1).floatValue()).isEqualTo(i % 256 / 255f);
            }
            assertThat(server.predictor.started.get()).isGreaterThan(rows / 65);
        }
    }

    @Test
    void a_deadline_of_the_caller_is_kept_and_a_bad_one_refused() {
        try (TestServer server = new TestServer()) {
            server.assertHealthy();
            HttpResponse<byte[]> bad = server.send(HttpRequest.newBuilder(server.uri("/v2/models/light/infer"))
                    .header("timeout", "soon")
                    .POST(HttpRequest.BodyPublishers.ofString(TestServer.INFER))
                    .build());
            server.assertError(bad, 400, "microseconds");
            server.predictor.hold = new CountDownLatch(1);
            long start = System.nanoTime();
            HttpResponse<byte[]> late = server.send(HttpRequest.newBuilder(server.uri("/v2/models/light/infer"))
                    .header("timeout", "200000")
                    .POST(HttpRequest.BodyPublishers.ofString(TestServer.INFER))
                    .build());
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(5000);
            server.predictor.hold.countDown();
            server.assertError(late, 503, "in time");
        }
    }
}
