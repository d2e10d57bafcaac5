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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A model of two inputs, numbers and ids, from files of arrays by name. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PredictArraysTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ROWS = 64;

    private Path dir;
    private Path test;
    private float[] left;
    private long[] right;
    private long[] kind;

    @BeforeAll
    void train(@TempDir Path temporary) throws IOException {
        dir = temporary;
        Random random = new Random(4);
        left = new float[ROWS * 3];
        right = new long[ROWS * 2];
        kind = new long[ROWS];
        for (int i = 0; i < ROWS; i++) {
            for (int k = 0; k < 3; k++) {
                left[3 * i + k] = 40 + 9 * (float) random.nextGaussian();
            }
            right[2 * i] = random.nextInt(6);
            right[2 * i + 1] = random.nextInt(6);
            kind[i] = (left[3 * i] > 40 ? 1 : 0) + (right[2 * i] > 2 ? 1 : 0);
        }
        Path file = arrays().with("kind", kind, ROWS).write(dir.resolve("train.npz"));
        test = file;
        Path yaml = Files.writeString(dir.resolve("run.yaml"), """
                data:
                  dataset: {arrays: {train: '%s', test: '%s', inputs: [left, right], targets: [kind]}}
                  normalization: z_score
                model:
                  layers:
                    - graph:
                        inputs: [left, right]
                        nodes:
                          - {name: words, layer: {sequential: [{embedding: {input_dim: 6, output_dim: 4}}, flatten]}, inputs: [right]}
                          - {name: both, layer: concatenate, inputs: [left, words]}
                          - {name: out, layer: {dense: 3}, inputs: [both]}
                        outputs: [out]
                train: {epochs: 3, batch_size: 16, learning_rate: 0.02, seed: 1}
                """.formatted(file, file));
        Command done = Command.run("train", yaml.toString(), "--out", run());
        assertThat(done.status()).as(done.err()).isZero();
    }

    private Npz arrays() {
        return new Npz().with("left", left, ROWS, 3).with("right", right, ROWS, 2);
    }

    private String run() {
        return dir.resolve("run").toString();
    }

    @Test
    void a_file_is_answered_as_the_server_answers_its_arrays() throws Exception {
        Command done = Command.run("predict", run(), test.toString(), "--json");
        assertThat(done.status()).as(done.err()).isZero();
        List<String> lines = done.out().lines().toList();
        assertThat(lines).hasSize(ROWS);
        assertThat(JSON.readTree(lines.get(5)).path("input").asText()).isEqualTo(test + ":5");
        try (Predictor predictor = Predictor.of(Checkpoint.best(Path.of(run())));
                ModelServer server =
                        ModelServer.start(ServerConfig.local(0), Token.NONE, Serve.served("m", predictor))) {
            HttpRequest request = HttpRequest.newBuilder(server.uri().resolve("v2/models/m/infer"))
                    .POST(HttpRequest.BodyPublishers.ofString("{\"inputs\": ["
                            + "{\"name\": \"right\", \"datatype\": \"INT64\", \"shape\": [64, 2], \"data\": "
                            + Arrays.toString(right)
                            + "}, {\"name\": \"left\", \"datatype\": \"FP32\", \"shape\": [64, 3], \"data\": "
                            + Arrays.toString(left) + "}]}"))
                    .build();
            JsonNode data = JSON.readTree(HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.ofString())
                            .body())
                    .at("/outputs/0/data");
            for (int i = 0; i < ROWS; i++) {
                JsonNode own = JSON.readTree(lines.get(i)).path("probabilities");
                for (int c = 0; c < 3; c++) {
                    assertThat(own.path("" + c).floatValue())
                            .isEqualTo((float) data.get(3 * i + c).asDouble());
                }
            }
        }
    }

    @Test
    void evaluating_a_file_is_evaluating_the_same_examples_of_the_run() throws Exception {
        JsonNode bySplit = evaluated("--split", "test");
        JsonNode byFile = evaluated(test.toString());
        assertThat(byFile.path("data").asText()).isEqualTo(test.toString());
        assertThat(byFile.path("examples").asInt()).isEqualTo(ROWS);
        assertThat(byFile.required("loss")).isEqualTo(bySplit.required("loss"));
        assertThat(byFile.required("accuracy")).isEqualTo(bySplit.required("accuracy"));
        assertThat(byFile.toString()).contains("accuracy");
        Command both = Command.run("evaluate", run(), test.toString(), "--split", "test");
        assertThat(both.status()).isEqualTo(2);
        assertThat(both.err()).contains("expected a file or --split, received both");
    }

    @Test
    void figures_are_printed_though_their_files_cannot_be_written() throws Exception {
        Path copy = Files.copy(test, dir.resolve("once.npz"));
        // A directory with files in its place: what no user may replace by a file, not even root.
        Path inTheWay = Files.createDirectories(dir.resolve("run/classification_report_once.txt"));
        Files.writeString(inTheWay.resolve("kept"), "");
        Command failed = Command.run("evaluate", run(), copy.toString(), "--json", "--resamples", "0");
        assertThat(failed.status()).isEqualTo(1);
        assertThat(JSON.readTree(failed.out()).required("accuracy"))
                .isEqualTo(evaluated(test.toString()).required("accuracy"));
        assertThat(failed.err())
                .contains("cannot write " + inTheWay)
                .contains("the figures are printed")
                .hasLineCount(1);
        assertThat(dir.resolve("run").toFile().list((in, name) -> name.contains("once")))
                .containsExactly("classification_report_once.txt");
    }

    private JsonNode evaluated(String... on) throws IOException {
        String[] all = new String[on.length + 5];
        String[] first = {"evaluate", run()};
        String[] last = {"--json", "--resamples", "0"};
        System.arraycopy(first, 0, all, 0, 2);
        System.arraycopy(on, 0, all, 2, on.length);
        System.arraycopy(last, 0, all, 2 + on.length, 3);
        Command done = Command.run(all);
        assertThat(done.status()).as(done.err()).isZero();
        return JSON.readTree(done.out());
    }

    @Test
    void all_that_is_missing_misshapen_and_unknown_is_in_one_error() throws IOException {
        Path wrong = new Npz()
                .with("left", left, ROWS / 2, 6)
                .with("rihgt", right, ROWS, 2)
                .with("more", new float[4], 4)
                .with("kind", kind, ROWS)
                .write(dir.resolve("wrong.npz"));
        Command predicted = Command.run("predict", run(), wrong.toString());
        assertThat(predicted.status()).isEqualTo(2);
        assertThat(predicted.err())
                .contains("expected the arrays [left [N, 3], right [N, 2]]")
                .contains("missing: right (did you mean \"rihgt\"?)")
                .contains("of another shape: left [32, 6] instead of [32, 3]")
                .contains("unknown: rihgt, more")
                .doesNotContain("Exception");
        Path targetless = arrays().write(dir.resolve("targetless.npz"));
        assertThat(Command.run("predict", run(), targetless.toString()).status())
                .isZero();
        Command evaluated = Command.run("evaluate", run(), targetless.toString());
        assertThat(evaluated.status()).isEqualTo(2);
        assertThat(evaluated.err()).contains("missing: kind");
        Path fewer = arrays().with("kind", new long[3], 3).write(dir.resolve("fewer.npz"));
        assertThat(Command.run("evaluate", run(), fewer.toString()).err())
                .contains("of another shape: kind [3] instead of [64]");
        assertThat(Command.run("predict", run(), "[1, 2, 3]").err())
                .contains("expected a file .npz or .safetensors with the arrays left [N, 3], right [N, 2]");
        assertThat(Command.run("predict", run(), dir.resolve("none.npz").toString())
                        .status())
                .isEqualTo(2);
        Command set = Command.run("evaluate", run(), "--split", "test", "--set", "data.dataset.arrays.test=" + wrong);
        assertThat(set.status()).isEqualTo(2);
        assertThat(set.err()).contains("missing: right").contains("left [32, 6] instead of [32, 3]");
    }

    @Test
    void a_row_that_cannot_be_taken_is_refused_or_marked_with_its_place() throws IOException {
        float[] holed = left.clone();
        holed[3 * 7 + 1] = Float.NaN;
        float[] halves = new float[ROWS * 2];
        halves[2 * 9] = 0.5f;
        Path file = new Npz()
                .with("left", holed, ROWS, 3)
                .with("right", halves, ROWS, 2)
                .write(dir.resolve("holed.npz"));
        Command refused = Command.run("predict", run(), file.toString());
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("holed.npz:7: expected numbers up to 3.4e38 in \"left\", received NaN at 1");
        Command marked = Command.run("predict", run(), file.toString(), "--bad", "mark");
        assertThat(marked.status()).isZero();
        assertThat(marked.out())
                .contains("holed.npz:7\terror\texpected numbers up to 3.4e38")
                .contains("holed.npz:9\terror\texpected whole numbers in \"right\", received 0.5 at 0");
        assertThat(marked.out().lines()).hasSize(ROWS);
    }

    @Test
    void numbers_of_other_types_are_taken_for_what_they_are() throws IOException {
        byte[] ids = new byte[ROWS * 2];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (byte) right[i];
        }
        Path file = new Npz()
                .with("left", left, ROWS, 3)
                .with("right", ids, ROWS, 2)
                .write(dir.resolve("bytes.npz"));
        List<String> own = answers(file);
        List<String> usual = answers(test);
        for (int i = 0; i < ROWS; i++) {
            assertThat(Double.parseDouble(own.get(i).split("\t")[2]))
                    .isEqualTo(Double.parseDouble(usual.get(i).split("\t")[2]), within(0.0));
        }
    }

    private List<String> answers(Path file) {
        Command done = Command.run("predict", run(), file.toString());
        assertThat(done.status()).as(done.err()).isZero();
        return done.out().lines().toList();
    }
}
