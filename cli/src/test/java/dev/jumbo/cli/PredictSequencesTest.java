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

/** A model of sequences of different lengths on the command line, over HTTP and in Java. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PredictSequencesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long[][] ROWS = {
        {33, 32, 32, 21, 24},
        {7},
        {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
        {39, 5}
    };

    private Path dir;
    private Predictor predictor;
    private ModelServer server;

    @BeforeAll
    void train(@TempDir Path temporary) throws IOException {
        dir = temporary;
        Random random = new Random(3);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 96; i++) {
            long[] ids =
                    random.longs(i == 0 ? 24 : 1 + random.nextInt(24), 1, 40).toArray();
            lines.add("{\"tokens\": " + Arrays.toString(ids) + ", \"topic\": \"" + (ids[0] < 20 ? "low" : "high")
                    + "\"}");
        }
        Path data = Files.write(dir.resolve("train.jsonl"), lines);
        Path yaml = Files.writeString(dir.resolve("run.yaml"), """
                data: {dataset: {sequences: {train: {json_lines: '%s'}, vocabulary: 40, target: topic}}}
                model:
                  layers:
                    - embedding: {input_dim: 40, output_dim: 8}
                    - transformer_block: {heads: 2, units: 16}
                    - lstm: {units: 8}
                    - dense: 2
                train: {epochs: 4, batch_size: 16, learning_rate: 0.02, seed: 1}
                """.formatted(data));
        Command done = Command.run("train", yaml.toString(), "--out", run());
        assertThat(done.status()).as(done.err()).isZero();
        predictor = Predictor.of(Checkpoint.best(Path.of(run())));
        server = ModelServer.start(ServerConfig.local(0), Token.NONE, Serve.served("m", predictor));
    }

    @AfterAll
    void stop() {
        server.close();
        predictor.close();
    }

    private String run() {
        return dir.resolve("run").toString();
    }

    @Test
    void rows_of_any_length_have_the_same_answer_in_Java_on_the_command_line_and_over_http_alone_and_together()
            throws Exception {
        double[][] right = new double[ROWS.length][];
        for (int i = 0; i < ROWS.length; i++) {
            float[] alone = predictor
                    .predict(List.of((Object) new long[][] {ROWS[i]}), 1)
                    .get(0);
            right[i] = new double[] {alone[0], alone[1]};
        }
        float[] together =
                predictor.predict(List.of((Object) ROWS), ROWS.length).get(0);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < ROWS.length; i++) {
            String row = Arrays.toString(ROWS[i]);
            require(right[i], together[2 * i], together[2 * i + 1]);
            require(right[i], probabilities(command(row).get(0)));
            require(right[i], probabilities(command("{\"tokens\": " + row + "}").get(0)));
            require(right[i], probabilities(JSON.readTree(post("predict", row).body())));
            JsonNode said = infer(tokens(1, ROWS[i].length, row));
            require(right[i], data(said, 0));
            assertThat(said.has("parameters")).isFalse();
            lines.add("{\"tokens\": " + row + ", \"note\": \"x\"}");
        }
        Path file = Files.write(dir.resolve("rows.jsonl"), lines);
        String list = Arrays.deepToString(ROWS);
        JsonNode served = JSON.readTree(post("predict", list).body());
        JsonNode named = JSON.readTree(
                post("predict", "[" + String.join(",", lines) + "]").body());
        JsonNode masked = infer(padded(true) + ", " + mask());
        for (int i = 0; i < ROWS.length; i++) {
            require(right[i], probabilities(command(file.toString()).get(i)));
            require(right[i], probabilities(command(list).get(i)));
            require(right[i], probabilities(served.get(i)));
            require(right[i], probabilities(named.get(i)));
            require(right[i], data(masked, i));
        }
        assertThat(get().at("/inputs/0/shape").toString()).isEqualTo("[-1,-1]");
    }

    @Test
    void padding_of_the_clients_own_counts_as_real_and_is_told() throws Exception {
        JsonNode said = infer(padded(false));
        long[] first = Arrays.copyOf(ROWS[0], 24);
        float[] right =
                predictor.predict(List.of((Object) new long[][] {first}), 1).get(0);
        require(new double[] {right[0], right[1]}, data(said, 0));
        assertThat(said.at("/parameters/warnings").asText())
                .contains("row 0: \"tokens\" ends in the padding id 0, which counts as a real step")
                .doesNotContain("row 2");
    }

    @Test
    void what_is_too_long_or_empty_or_no_id_is_refused_everywhere() throws Exception {
        String tooLong = Arrays.toString(new long[25]);
        for (String[] wrong : new String[][] {
            {tooLong, "expected 1 to 24 steps in \"tokens\", received 25"},
            {"[]", "expected 1 to 24 steps in \"tokens\", received none"},
            {"[3, 40]", "expected ids from 0 to 39 in \"tokens\", received 40 at 1"},
            {"[3, -1]", "received -1 at 1"},
            {"[3, 1.5]", "expected whole numbers in \"tokens\", received 1.5 at 1"},
            {"[[3], []]", "row 1"},
            {"{\"token\": [3]}", "expected a list as \"tokens\", received [token]"},
            {"[3, ", "expected JSON"}
        }) {
            Command done = Command.run("predict", run(), wrong[0]);
            assertThat(done.status()).as(wrong[0]).isEqualTo(2);
            assertThat(done.err())
                    .contains(wrong[1].equals("row 1") ? "jumbo: []: expected 1 to 24 steps" : wrong[1])
                    .doesNotContain("Exception");
            HttpResponse<String> served = post("predict", wrong[0]);
            assertThat(served.statusCode()).as(served.body()).isEqualTo(400);
            assertThat(JSON.readTree(served.body()).path("error").asText()).contains(wrong[1]);
        }
        refused(
                tokens(1, 25, tooLong),
                "expected the shape [N, T] with N of 1 or more and T of 1 to 24, received [1, 25]");
        refused(tokens(1, 0, "[]"), "and T of 1 to 24, received [1, 0]");
        refused(tokens(1, 2, "[3, 40]"), "expected ids from 0 to 39");
        String two = tokens(2, 2, "[3, 4, 5, 6]")
                + ", {\"name\": \"mask\", \"datatype\": \"BOOL\", \"shape\": [2, 2], \"data\": ";
        refused(two + "[true, true, false, true]}", "received true after false at [1, 1]");
        refused(two + "[true, true, false, false]}", "received none in row 1");
        refused(
                tokens(1, 2, "[3, 4]")
                        + ", {\"name\": \"mask\", \"datatype\": \"BOOL\", \"shape\": [2], \"data\": [true, true]}",
                "expected BOOL [1, 2], received BOOL [2]");
        Path file = Files.writeString(dir.resolve("bad.jsonl"), "{\"tokens\": [3]}\n{\"tokens\": [41]}\n");
        Command marked = Command.run("predict", run(), file.toString(), "--bad", "mark");
        assertThat(marked.status()).as(marked.err()).isZero();
        assertThat(marked.out()).contains("bad.jsonl:2\terror\texpected ids from 0 to 39");
    }

    private void refused(String inputs, String text) throws Exception {
        HttpResponse<String> answer = post("infer", "{\"inputs\": [" + inputs + "]}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).path("error").asText()).contains(text);
    }

    private static String tokens(int rows, int steps, String data) {
        return "{\"name\": \"tokens\", \"datatype\": \"INT64\", \"shape\": [" + rows + ", " + steps + "], \"data\": "
                + data + "}";
    }

    /** All rows filled up to 24 ids. @param other by 9, which is not the padding */
    private static String padded(boolean other) {
        long[][] all = new long[ROWS.length][];
        for (int i = 0; i < all.length; i++) {
            all[i] = Arrays.copyOf(ROWS[i], 24);
            Arrays.fill(all[i], ROWS[i].length, 24, other ? 9 : 0);
        }
        return tokens(all.length, 24, Arrays.deepToString(all));
    }

    private static String mask() {
        boolean[][] real = new boolean[ROWS.length][24];
        for (int i = 0; i < real.length; i++) {
            Arrays.fill(real[i], 0, ROWS[i].length, true);
        }
        return "{\"name\": \"mask\", \"datatype\": \"BOOL\", \"shape\": [4, 24], \"data\": " + Arrays.deepToString(real)
                + "}";
    }

    private static void require(double[] right, double... received) {
        assertThat(received).containsExactly(right, within(1e-5));
    }

    private double[] probabilities(JsonNode answer) {
        List<String> classes = predictor.outputs().get(0).classes();
        JsonNode all = answer.path("probabilities");
        return new double[] {
            all.path(classes.get(0)).asDouble(), all.path(classes.get(1)).asDouble()
        };
    }

    private static double[] data(JsonNode answer, int row) {
        JsonNode data = answer.at("/outputs/0/data");
        return new double[] {data.get(2 * row).asDouble(), data.get(2 * row + 1).asDouble()};
    }

    private List<JsonNode> command(String input) throws IOException {
        Command done = Command.run("predict", run(), input, "--json");
        assertThat(done.status()).as(done.err()).isZero();
        List<JsonNode> answers = new ArrayList<>();
        for (String line : done.out().lines().toList()) {
            answers.add(JSON.readTree(line));
        }
        return answers;
    }

    private JsonNode infer(String inputs) throws Exception {
        HttpResponse<String> answer = post("infer", "{\"inputs\": [" + inputs + "]}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private JsonNode get() throws Exception {
        return JSON.readTree(HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(server.uri().resolve("v2/models/m"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
    }

    private HttpResponse<String> post(String path, String json) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.uri().resolve("v2/models/m/" + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
