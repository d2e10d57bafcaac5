package dev.jumbo.serve;

import static dev.jumbo.nn.Activation.LINEAR;
import static dev.jumbo.nn.Activation.RELU;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.basic.Flatten;
import dev.jumbo.nn.layers.conv.Conv2d;
import dev.jumbo.nn.layers.conv.MaxPool2d;
import dev.jumbo.nn.layers.conv.Size2d;
import dev.jumbo.nn.layers.sequence.SelectStep;
import dev.jumbo.nn.layers.sequence.TransformerBlock;
import dev.jumbo.serve.access.Token;
import dev.jumbo.serve.model.RawReader;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Answers of many clients at once have the bits of the answers alone. */
@Timeout(120)
class SharedBatchTest {
    private static final Shape PICTURE = Shape.of(1, 28, 28);
    private static final int REQUESTS = 150;
    private static final int CLIENTS = 24;

    @TempDir
    private Path dir;

    private Checkpoint trained(Layer layer, Dataset data) {
        return Trainer.of(layer)
                .epochs(1)
                .batchSize(6)
                .seed(1)
                .saveTo(dir.resolve("run"))
                .build()
                .fit(data);
    }

    private static float[] random(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static List<String> names(int classes) {
        return IntStream.range(0, classes).mapToObj(i -> "c" + i).toList();
    }

    /** A request with what must come back. */
    private record Asked(byte[] body, int jsonLength, float[] expected) {}

    private static Asked binary(String name, String type, String shape, ByteBuffer values, float[] expected) {
        byte[] json = ("{\"inputs\":[{\"name\":\"" + name + "\",\"datatype\":\"" + type + "\",\"shape\":" + shape
                        + ",\"parameters\":{\"binary_data_size\":" + values.capacity()
                        + "}}],\"parameters\":{\"binary_data_output\":true}}")
                .getBytes(StandardCharsets.UTF_8);
        byte[] body = Arrays.copyOf(json, json.length + values.capacity());
        System.arraycopy(values.array(), 0, body, json.length, values.capacity());
        return new Asked(body, json.length, expected);
    }

    private static void requireSame(Predictor predictor, List<Asked> asked) {
        ServedModel model = new ServedModel("m", "1", predictor, RawReader.refusing("rows"), RawReader.numbers());
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        try (ModelServer server = ModelServer.start(ServerConfig.local(0), Token.NONE, model)) {
            URI uri = server.uri().resolve("v2/models/m/infer");
            Semaphore clients = new Semaphore(CLIENTS);
            List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
            for (Asked each : asked) {
                clients.acquireUninterruptibly();
                HttpRequest request = HttpRequest.newBuilder(uri)
                        .header("Inference-Header-Content-Length", "" + each.jsonLength)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(each.body))
                        .build();
                answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                        .whenComplete((answer, error) -> clients.release()));
            }
            for (int i = 0; i < asked.size(); i++) {
                HttpResponse<byte[]> answer = answers.get(i).join();
                assertThat(answer.statusCode()).isEqualTo(200);
                int json = Integer.parseInt(answer.headers()
                        .firstValue("inference-header-content-length")
                        .orElseThrow());
                float[] received = new float[(answer.body().length - json) / 4];
                ByteBuffer.wrap(answer.body(), json, answer.body().length - json)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer()
                        .get(received);
                assertThat(received).as("request %d", i).containsExactly(asked.get(i).expected);
            }
        }
    }

    @Test
    void pictures_of_the_articles_network_do_not_see_each_other() {
        int rows = 12;
        Checkpoint checkpoint = trained(
                Sequential.of(
                        Conv2d.of(32, Size2d.of(3), RELU),
                        MaxPool2d.of(2),
                        Conv2d.of(64, Size2d.of(3), RELU),
                        MaxPool2d.of(2),
                        new Flatten(),
                        Dense.of(128, RELU),
                        Dense.of(10, LINEAR)),
                ArrayDataset.of(
                        Field.floats("x", PICTURE),
                        random(rows * 784, 3),
                        Field.classId("y", names(10)),
                        new SplittableRandom(4).longs(rows, 0, 10).toArray()));
        SplittableRandom random = new SplittableRandom(5);
        try (Predictor predictor = Predictor.of(checkpoint)) {
            List<Asked> asked = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                int own = i % 50 == 49 ? 150 : 1 + random.nextInt(i % 3 == 0 ? 6 : 1);
                float[] x = random(own * 784, 100 + i);
                float[] prepared = new float[x.length];
                float[] expected = new float[own * 10];
                ByteBuffer bytes = ByteBuffer.allocate(x.length * 4).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(x);
                for (int row = 0; row < own; row++) {
                    float[] one = predictor.prepare(Arrays.copyOfRange(x, row * 784, (row + 1) * 784));
                    System.arraycopy(one, 0, prepared, row * 784, 784);
                    System.arraycopy(predictor.predict(List.of(one), 1).get(0), 0, expected, row * 10, 10);
                }
                asked.add(binary("x", "FP32", "[" + own + ",1,28,28]", bytes, expected));
            }
            requireSame(predictor, asked);
        }
    }

    @Test
    void sequences_of_all_lengths_do_not_see_each_other() {
        int longest = 12;
        Field tokens = Field.tokens("t", 50, 0, longest);
        SplittableRandom random = new SplittableRandom(6);
        long[][] ids = new long[12][];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = random.longs(1 + random.nextInt(longest), 1, 50).toArray();
        }
        Checkpoint checkpoint = trained(
                Sequential.of(
                        Embedding.of(50, 16),
                        new TransformerBlock(2, 32, false, 0, RELU, true),
                        new SelectStep(0),
                        Dense.of(3, LINEAR)),
                RaggedDataset.of(
                        tokens,
                        ids,
                        Field.classId("y", names(3)),
                        random.longs(ids.length, 0, 3).toArray()));
        try (Predictor predictor = Predictor.of(checkpoint)) {
            List<Asked> asked = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                int steps = 1 + random.nextInt(longest);
                int own = 1 + random.nextInt(3);
                ByteBuffer bytes = ByteBuffer.allocate(own * steps * 8).order(ByteOrder.LITTLE_ENDIAN);
                float[] expected = new float[own * 3];
                for (int row = 0; row < own; row++) {
                    long[] one = random.longs(steps, 1, 50).toArray();
                    Arrays.stream(one).forEach(bytes::putLong);
                    float[] alone = predictor
                            .predict(List.of((Object) new long[][] {one}), 1)
                            .get(0);
                    System.arraycopy(alone, 0, expected, row * 3, 3);
                }
                asked.add(binary("t", "INT64", "[" + own + "," + steps + "]", bytes, expected));
            }
            requireSame(predictor, asked);
        }
    }
}
