package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.serve.ModelServer;
import dev.jumbo.serve.ServerConfig;
import dev.jumbo.serve.access.Token;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two inputs of numbers far from each other: each is scaled, on every route. */
class NormalizedInputsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ROWS = 48;

    @TempDir
    private Path dir;

    /** What a model learns from arrays that were scaled before it, by the population's mean and deviation, is the oracle. */
    @Test
    void every_input_is_scaled_alike_in_training_evaluate_predict_the_server_and_onnx() throws Exception {
        Random random = new Random(4);
        float[] near = new float[ROWS * 2];
        float[] far = new float[ROWS];
        float[] y = new float[ROWS];
        for (int i = 0; i < ROWS; i++) {
            near[2 * i] = 3 + (float) random.nextGaussian();
            near[2 * i + 1] = 0.01f * (float) random.nextGaussian();
            far[i] = 900 + 40 * (float) random.nextGaussian();
            y[i] = near[2 * i] + (far[i] - 900) / 40;
        }
        Path raw = new Npz()
                .with("near", near, ROWS, 2)
                .with("far", far, ROWS, 1)
                .with("y", y, ROWS, 1)
                .write(dir.resolve("raw.npz"));
        Path scaled = new Npz()
                .with("near", scaled(near, 2), ROWS, 2)
                .with("far", scaled(far, 1), ROWS, 1)
                .with("y", y, ROWS, 1)
                .write(dir.resolve("scaled.npz"));
        double loss = trained("run", raw, "z_score");
        assertThat(loss).isCloseTo(trained("oracle", scaled, "none"), within(1e-5));
        String run = dir.resolve("run").toString();
        Command evaluate = Command.run("evaluate", run, "--split", "test", "--json");
        assertThat(evaluate.status()).as(evaluate.err()).isZero();
        assertThat(JSON.readTree(evaluate.out()).path("loss").asDouble()).isCloseTo(loss, within(1e-6));

        Command predict = Command.run("predict", run, raw.toString(), "--json");
        assertThat(predict.status()).as(predict.err()).isZero();
        JsonNode served = served(run, near, far);
        double squares = 0;
        for (int i = 0; i < ROWS; i++) {
            double own = JSON.readTree(predict.out().lines().toList().get(i))
                    .path("values")
                    .path(0)
                    .asDouble();
            assertThat(served.get(i).asDouble()).isCloseTo(own, within(1e-6));
            squares += Math.pow(own - y[i], 2);
        }
        assertThat(squares / ROWS).isCloseTo(loss, within(1e-4));
        // The verb compares the file with the network on raw rows before it writes it.
        Command export =
                Command.run("export", run, "--onnx", dir.resolve("m.onnx").toString());
        assertThat(export.status()).as(export.err()).isZero();
        assertThat(export.out() + export.err()).doesNotContain("preprocessing (metadata");
    }

    /** Bytes of pixels are the same on every route, and what is none is refused on every route: its scale is another one. */
    @Test
    void bytes_are_scaled_alike_on_every_route_and_numbers_in_their_place_are_refused_on_every_route()
            throws Exception {
        Random random = new Random(5);
        byte[] pixels = new byte[ROWS * 2];
        random.nextBytes(pixels);
        float[] raw = new float[pixels.length];
        float[] shares = new float[pixels.length];
        boolean[] y = new boolean[ROWS];
        for (int i = 0; i < pixels.length; i++) {
            raw[i] = Byte.toUnsignedInt(pixels[i]);
            shares[i] = raw[i] / 255;
            y[i / 2] = raw[i] > 127;
        }
        Path bytes = new Npz().with("x", pixels, ROWS, 2).with("y", y, ROWS).write(dir.resolve("bytes.npz"));
        Path floats = new Npz().with("x", shares, ROWS, 2).with("y", y, ROWS).write(dir.resolve("floats.npz"));
        String run = dir.resolve("run").toString();
        String yaml = """
                data: {dataset: {arrays: {train: '%1$s', validation: '%2$s', test: '%2$s', inputs: [x], targets: [y]}}}
                model: {layers: [{dense: 2}]}
                train: {epochs: 2, batch_size: 16, seed: 1}
                """;
        Path file = Files.writeString(dir.resolve("m.yaml"), yaml.formatted(bytes, bytes));
        Command train = Command.run("train", file.toString(), "--out", run);
        assertThat(train.status()).as(train.err()).isZero();
        double loss = Checkpoint.best(Path.of(run)).trainer().metrics().getOrDefault("val_loss", Double.NaN);
        for (String[] on : new String[][] {{"--split", "test"}, {bytes.toString()}}) {
            String[] all = {"evaluate", run, "--json", on[0], on[on.length - 1]};
            Command evaluate = Command.run(on.length == 1 ? Arrays.copyOf(all, 4) : all);
            assertThat(evaluate.status()).as(evaluate.err()).isZero();
            assertThat(JSON.readTree(evaluate.out()).path("loss").asDouble()).isCloseTo(loss, within(1e-6));
        }
        Command predict = Command.run("predict", run, bytes.toString(), "--json");
        assertThat(predict.status()).as(predict.err()).isZero();
        double sum = 0;
        List<String> lines = predict.out().lines().toList();
        JsonNode served =
                asked(run, "UINT8", Arrays.toString(raw).replace(".0", "")).at("/outputs/0/data");
        JsonNode wide = asked(run, "FP32", Arrays.toString(raw)).at("/outputs/0/data");
        for (int i = 0; i < ROWS; i++) {
            for (int c = 0; c < 2; c++) {
                double own = JSON.readTree(lines.get(i))
                        .path("probabilities")
                        .path("" + c)
                        .asDouble();
                assertThat(served.get(2 * i + c).asDouble()).isCloseTo(own, within(1e-6));
                assertThat(wide.get(2 * i + c).asDouble()).isCloseTo(own, within(1e-6));
                sum -= c == (y[i] ? 1 : 0) ? Math.log(own) : 0;
            }
        }
        assertThat(sum / ROWS).isCloseTo(loss, within(1e-4));

        Files.writeString(file, yaml.formatted(bytes, floats));
        assertThat(Command.run("train", file.toString(), "--out", run + "-mixed")
                        .err())
                .contains(floats + " x: expected uint8, as training has in " + bytes + ", received float32");
        for (String verb : List.of("predict", "evaluate")) {
            Command refused = Command.run(verb, run, floats.toString());
            assertThat(refused.status()).as(verb).isEqualTo(2);
            assertThat(refused.err()).contains("x as float32, where the model was trained on uint8");
        }
        assertThat(asked(run, "FP32", Arrays.toString(shares)).path("error").asText())
                .contains("expected whole numbers from 0 to 255 (the model was trained on uint8), received 0.")
                .contains("not divided by 255");
        assertThat(Command.run("predict", run, "[0.5, 0.25]").err()).contains("the model was trained on uint8");
    }

    private static JsonNode asked(String run, String type, String data) throws Exception {
        return infer(
                run,
                "{\"inputs\": [{\"name\": \"x\", \"datatype\": \"%s\", \"shape\": [%d, 2], \"data\": %s}]}"
                        .formatted(type, ROWS, data));
    }

    private static float[] scaled(float[] values, int width) {
        float[] all = values.clone();
        for (int c = 0; c < width; c++) {
            int column = c;
            double mean = 0;
            double square = 0;
            for (int i = column; i < values.length; i += width) {
                mean += values[i] / (double) ROWS;
            }
            for (int i = column; i < values.length; i += width) {
                square += (values[i] - mean) * (values[i] - mean) / ROWS;
            }
            for (int i = column; i < values.length; i += width) {
                all[i] = (float) ((values[i] - mean) / Math.sqrt(square));
            }
        }
        return all;
    }

    /** @return the loss of validation */
    private double trained(String name, Path arrays, String normalization) throws IOException {
        Path yaml = Files.writeString(dir.resolve(name + ".yaml"), """
                data:
                  dataset: {arrays: {train: '%1$s', validation: '%1$s', test: '%1$s', inputs: [near, far], targets: [y]}}
                  normalization: %2$s
                model:
                  layers:
                    - graph:
                        inputs: [near, far]
                        nodes:
                          - {name: both, layer: concatenate, inputs: [near, far]}
                          - {name: out, layer: {dense: 1}, inputs: [both]}
                        outputs: [out]
                train: {epochs: 4, batch_size: 16, learning_rate: 0.05, target_scaling: none, seed: 1}
                """.formatted(arrays, normalization));
        Path run = dir.resolve(name);
        Command train = Command.run("train", yaml.toString(), "--out", run.toString());
        assertThat(train.status()).as(train.err()).isZero();
        assertThat(train.err()).doesNotContain("alone");
        return Checkpoint.best(run).trainer().metrics().getOrDefault("val_loss", Double.NaN);
    }

    private static JsonNode served(String run, float[] near, float[] far) throws Exception {
        String body = "{\"inputs\": ["
                + "{\"name\": \"near\", \"datatype\": \"FP32\", \"shape\": [%1$d, 2], \"data\": %2$s}, "
                        .formatted(ROWS, Arrays.toString(near))
                + "{\"name\": \"far\", \"datatype\": \"FP32\", \"shape\": [%1$d, 1], \"data\": %2$s}]}"
                        .formatted(ROWS, Arrays.toString(far));
        return infer(run, body).at("/outputs/0/data");
    }

    private static JsonNode infer(String run, String body) throws Exception {
        try (Predictor predictor = Predictor.of(Checkpoint.best(Path.of(run)));
                ModelServer server =
                        ModelServer.start(ServerConfig.local(0), Token.NONE, Serve.served("m", predictor))) {
            HttpRequest request = HttpRequest.newBuilder(server.uri().resolve("v2/models/m/infer"))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return JSON.readTree(HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body());
        }
    }
}
