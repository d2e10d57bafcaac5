package dev.jumbo.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.access.AccessConfig;
import dev.jumbo.serve.access.Token;
import dev.jumbo.serve.model.RawReader;
import dev.jumbo.serve.model.ServedModel;
import io.netty.util.internal.PlatformDependent;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;

/** A running server over {@link BrightnessPredictor}, and the clients to ask it with. */
final class TestServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

    final BrightnessPredictor predictor = new BrightnessPredictor();
    final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    final ModelServer server;

    TestServer() {
        this(ServerConfig.local(0));
    }

    TestServer(ServerConfig config) {
        this(config, Token.NONE);
    }

    TestServer(ServerConfig config, Token token) {
        server = ModelServer.start(config, token, model(predictor));
    }

    static ServedModel model(BrightnessPredictor predictor) {
        return new ServedModel("light", "1", predictor, (body, raw) -> grey(body), RawReader.numbers());
    }

    /** A config with small limits. */
    static ServerConfig small(long maxBodyBytes, int maxQueue, double timeoutSeconds) {
        return new ServerConfig("127.0.0.1", 0, null, maxBodyBytes, maxQueue, 1, timeoutSeconds, 10, 64);
    }

    /** Access by a file of tokens, with the defaults of everything else. */
    static AccessConfig access(Path tokens) {
        AccessConfig defaults = AccessConfig.DEFAULT;
        return new AccessConfig(
                tokens.toString(),
                defaults.hosts(),
                defaults.origins(),
                defaults.forwarded(),
                defaults.wrongTokensPerMinute(),
                defaults.quota());
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    HttpResponse<byte[]> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    HttpResponse<byte[]> post(String path, String type, byte[] body) {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    HttpResponse<byte[]> infer(String json) {
        return post("/v2/models/light/infer", "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new AssertionError("no answer to " + request, e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Sends bytes as they are and reads one answer: its head, and as much body as it says. */
    String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            var head = new StringBuilder();
            int next = socket.getInputStream().read();
            while (next >= 0) {
                head.append((char) next);
                next = head.indexOf("\r\n\r\n") < 0 ? socket.getInputStream().read() : -1;
            }
            Matcher length = LENGTH.matcher(head);
            int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
            return head + new String(socket.getInputStream().readNBytes(body), StandardCharsets.ISO_8859_1);
        }
    }

    static JsonNode json(HttpResponse<byte[]> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new AssertionError(
                    "expected JSON, received " + new String(response.body(), StandardCharsets.UTF_8), e);
        }
    }

    /** Asserts the status and an error text in JSON, and that the server still works. */
    void assertError(HttpResponse<byte[]> response, int status, String text) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
        assertThat(json(response).path("error").asText()).contains(text).doesNotContain("Exception", "dev.jumbo");
        assertHealthy();
    }

    void assertHealthy() {
        assertThat(get("/v2/health/ready").statusCode()).isEqualTo(200);
        JsonNode answer = json(infer(INFER));
        assertThat(answer.at("/outputs/0/data/1").floatValue()).isEqualTo(1f);
    }

    /** A white image. */
    static final String INFER =
            "{\"inputs\":[{\"name\":\"image\",\"shape\":[1,1,2,2],\"datatype\":\"FP32\",\"data\":[255,255,255,255]}]}";

    static byte[] png(int... pixels) {
        var image = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSamples(0, 0, 2, 2, 0, pixels);
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    /** Bytes of the heap and of buffers that are in use once what has just ended, on either side, has given back its own. */
    static long used() {
        long least = usedNow();
        // A busy machine takes its time: it is over once three looks in a row find nothing that was given back.
        for (int i = 0, same = 0; i < 60 && same < 3; i++) {
            long now = usedNow();
            same = now > least - (1 << 20) ? same + 1 : 0;
            least = Math.min(now, least);
        }
        return least;
    }

    private static long usedNow() {
        System.gc();
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory() + PlatformDependent.usedDirectMemory();
    }

    private static double[] grey(byte[] body) {
        BufferedImage image;
        try {
            image = ImageIO.read(new ByteArrayInputStream(body));
        } catch (IOException e) {
            throw new InputException("expected an image", e);
        }
        if (image == null || image.getWidth() != 2 || image.getHeight() != 2) {
            throw new InputException("expected an image of 2 x 2 pixels");
        }
        return image.getRaster().getSamples(0, 0, 2, 2, 0, new double[4]);
    }

    @Override
    public void close() {
        predictor.hold.countDown();
        server.close();
    }
}
