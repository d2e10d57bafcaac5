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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model that answers each step of rows of different lengths: an answer is as long as its row, wherever it is asked. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PredictStepsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CLASSES = 3;
    private static final long[][] ROWS = {{3, 2, 2, 1, 4}, {7}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3}, {9, 5}};

    private Path dir;
    private Path data;
    private Predictor predictor;
    private ModelServer server;

    @BeforeAll
    void train(@TempDir Path temporary) throws IOException {
        dir = temporary;
        Random random = new Random(3);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            long[] ids =
                    random.longs(i == 0 ? 12 : 1 + random.nextInt(12), 1, 10).toArray();
            long[] tags = Arrays.stream(ids).map(id -> id % CLASSES).toArray();
            lines.add("{\"tokens\": " + Arrays.toString(ids) + ", \"tags\": " + Arrays.toString(tags) + "}");
        }
        data = Files.write(dir.resolve("train.jsonl"), lines);
        train("steps", "{lstm: {units: 8, return_sequences: true}}, {dense: 3}");
        train("first", "{lstm: {units: 8, return_sequences: true}}, {dense: 3}, {permute: [2, 1]}");
        predictor = Predictor.of(Checkpoint.best(dir.resolve("steps")));
        server = ModelServer.start(ServerConfig.local(0), Token.NONE, Serve.served("m", predictor));
    }

    private void train(String name, String layers) throws IOException {
        Path yaml = Files.writeString(dir.resolve(name + ".yaml"), """
                data:
                  dataset:
                    sequences: {train: {json_lines: '%s'}, test: {json_lines: '%s'}, vocabulary: 10, target: tags}
                model: {layers: [{embedding: {input_dim: 10, output_dim: 8}}, %s]}
                train: {epochs: 30, batch_size: 16, learning_rate: 0.03, seed: 1}
                """.formatted(data, data, layers));
        Command done =
                Command.run("train", yaml.toString(), "--out", dir.resolve(name).toString());
        assertThat(done.status()).as(done.err()).isZero();
    }

    @AfterAll
    void stop() {
        server.close();
        predictor.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"steps", "first"})
    void each_row_has_as_many_answers_as_steps_together_and_alone(String run) throws IOException {
        List<JsonNode> together = predicted(run, Arrays.deepToString(ROWS));
        for (int i = 0; i < ROWS.length; i++) {
            JsonNode own = together.get(i);
            assertThat(own.path("labels").size()).isEqualTo(ROWS[i].length);
            assertThat(own.path("probability").size()).isEqualTo(ROWS[i].length);
            assertThat(own.path("probabilities").size()).isEqualTo(ROWS[i].length);
            JsonNode alone = predicted(run, Arrays.toString(ROWS[i])).get(0);
            assertThat(own.path("probabilities")).isEqualTo(alone.path("probabilities"));
            for (int step = 0; step < ROWS[i].length; step++) {
                assertThat(own.at("/labels/" + step).asText()).isEqualTo("" + ROWS[i][step] % CLASSES);
                double sum = 0;
                for (int c = 0; c < CLASSES; c++) {
                    sum += own.at("/probabilities/" + step + "/" + c).asDouble();
                }
                assertThat(sum).isEqualTo(1, within(1e-5));
            }
        }
    }

    @Test
    void the_server_gives_the_answers_of_the_command() throws Exception {
        List<JsonNode> command = predicted("steps", Arrays.deepToString(ROWS));
        JsonNode served = JSON.readTree(post("predict", Arrays.deepToString(ROWS)));
        for (int i = 0; i < ROWS.length; i++) {
            for (String key : List.of("labels", "probability", "probabilities")) {
                assertThat(served.get(i).path(key)).isEqualTo(command.get(i).path(key));
            }
            JsonNode one = JSON.readTree(post("predict", Arrays.toString(ROWS[i])));
            assertThat(one.path("probabilities")).isEqualTo(command.get(i).path("probabilities"));
        }
        long[][] padded = new long[ROWS.length][];
        boolean[][] mask = new boolean[ROWS.length][12];
        for (int i = 0; i < ROWS.length; i++) {
            padded[i] = Arrays.copyOf(ROWS[i], 12);
            Arrays.fill(mask[i], 0, ROWS[i].length, true);
        }
        JsonNode all = JSON.readTree(post(
                "infer",
                "{\"inputs\": [" + tokens(ROWS.length, 12, Arrays.deepToString(padded))
                        + ", {\"name\": \"mask\", \"datatype\": \"BOOL\", \"shape\": [4, 12], \"data\": "
                        + Arrays.deepToString(mask) + "}]}"));
        assertThat(all.at("/outputs/0/shape").toString()).isEqualTo("[4,12,3]");
        for (int i = 0; i < ROWS.length; i++) {
            for (int step = 0; step < 12; step++) {
                for (int c = 0; c < CLASSES; c++) {
                    float value = (float) all.at("/outputs/0/data/" + ((i * 12 + step) * CLASSES + c))
                            .asDouble();
                    float expected = step >= ROWS[i].length
                            ? 0
                            : command.get(i)
                                    .at("/probabilities/" + step + "/" + c)
                                    .floatValue();
                    assertThat(value).isEqualTo(expected);
                }
            }
        }
        // Padded further than any row is: the output has the steps of the input.
        JsonNode wider = JSON.readTree(
                post(
                        "infer",
                        "{\"inputs\": [" + tokens(1, 4, "[3, 2, 0, 0]")
                                + ", {\"name\": \"mask\", \"datatype\": \"BOOL\", \"shape\": [1, 4], \"data\": [true, true, false, false]}]}"));
        assertThat(wider.at("/outputs/0/shape").toString()).isEqualTo("[1,4,3]");
        assertThat(wider.at("/outputs/0/data/6").asDouble()).isZero();
    }

    @Test
    void csv_and_text_have_a_list_for_each_row() {
        Command csv = Command.run("predict", dir.resolve("steps").toString(), "[[3, 2], [7]]", "--csv");
        assertThat(csv.status()).as(csv.err()).isZero();
        List<String> lines = csv.out().lines().toList();
        assertThat(lines.get(0)).isEqualTo("input,labels,probabilities");
        assertThat(lines.get(1)).contains("\"[\"\"0\"\",\"\"2\"\"]\"");
        Command text = Command.run("predict", dir.resolve("steps").toString(), "[[3, 2], [7]]");
        assertThat(text.out().lines().toList().get(1)).endsWith("\t[\"1\"]");
    }

    @Test
    void evaluate_counts_the_steps_that_are_predicted_rightly() throws IOException {
        for (String run : List.of("steps", "first")) {
            Command done = Command.run(
                    "evaluate", dir.resolve(run).toString(), "--split", "test", "--json", "--resamples", "0");
            assertThat(done.status()).as(done.err()).isZero();
            long steps = 0;
            long right = 0;
            for (String line : Files.readAllLines(data)) {
                JsonNode row = JSON.readTree(line);
                JsonNode labels =
                        predicted(run, row.path("tokens").toString()).get(0).path("labels");
                for (int i = 0; i < labels.size(); i++) {
                    steps++;
                    right += labels.get(i)
                                    .asText()
                                    .equals(row.path("tags").get(i).asText())
                            ? 1
                            : 0;
                }
            }
            assertThat(JSON.readTree(done.out()).findValue("accuracy").asDouble())
                    .isEqualTo((double) right / steps, within(1e-12));
        }
    }

    @Test
    void a_file_of_arrays_with_a_mask_is_answered_and_measured_likewise() throws IOException {
        long[] ids = {3, 2, 2, 7, 0, 0};
        long[] tags = {0, 2, 2, 1, 0, 0};
        Path file = new Npz()
                .with("tokens", ids, 2, 3)
                .with("mask", new boolean[] {true, true, true, true, false, false}, 2, 3)
                .with("tags", tags, 2, 3)
                .write(dir.resolve("rows.npz"));
        List<JsonNode> answers = predicted("steps", file.toString());
        assertThat(answers.get(1).path("probabilities"))
                .isEqualTo(predicted("steps", "[7]").get(0).path("probabilities"));
        Command done =
                Command.run("evaluate", dir.resolve("steps").toString(), file.toString(), "--json", "--resamples", "0");
        assertThat(done.status()).as(done.err()).isZero();
        assertThat(JSON.readTree(done.out()).findValue("accuracy").asDouble()).isEqualTo(1);
    }

    private List<JsonNode> predicted(String run, String input) throws IOException {
        Command done = Command.run("predict", dir.resolve(run).toString(), input, "--json");
        assertThat(done.status()).as(done.err()).isZero();
        List<JsonNode> answers = new ArrayList<>();
        for (String line : done.out().lines().toList()) {
            answers.add(JSON.readTree(line));
        }
        return answers;
    }

    private static String tokens(int rows, int steps, String values) {
        return "{\"name\": \"tokens\", \"datatype\": \"INT64\", \"shape\": [" + rows + ", " + steps + "], \"data\": "
                + values + "}";
    }

    private String post(String path, String json) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.uri().resolve("v2/models/m/" + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }
}
