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
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pairs of texts from YAML, as records and as a stream: training, a resume, {@code evaluate}, {@code predict} and the server agree. */
class PairAnswersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MODEL = """
            model:
              layers:
                - graph:
                    inputs: [pair, pair_segments]
                    nodes:
                      - {name: words, layer: {embedding: {input_dim: 21, output_dim: 8}}, inputs: [pair]}
                      - {name: sides, layer: {embedding: {input_dim: 2, output_dim: 8}}, inputs: [pair_segments]}
                      - {name: both, layer: add, inputs: [words, sides]}
                      - {name: read, layer: {gru: 12}, inputs: [both]}
                      - {name: said, layer: {dense: 2}, inputs: [read]}
                    outputs: [said]
            """;
    private static final String PAIR =
            "inputs: {pair: {token_pair: {of: [first, second], by: {tokenize: {vocabulary: 20}}, max_length: 16}}}";

    @TempDir
    private Path dir;

    @Test
    void records_and_streams_of_pairs_are_trained_resumed_measured_and_answered() throws Exception {
        pairs("train", 200, 1);
        List<String> rows = pairs("test", 30, 2);
        String records = """
                data:
                  dataset:
                    records:
                      train: {json_lines: %1$s/train.jsonl}
                      validation: {json_lines: %1$s/test.jsonl}
                      test: {json_lines: %1$s/test.jsonl}
                      %2$s
                      target: same
                """.formatted(dir, PAIR);
        String stream = """
                data:
                  dir: %1$s
                  dataset:
                    stream:
                      train: [train.jsonl]
                      validation: [test.jsonl]
                      test: [test.jsonl]
                      %2$s
                      target: same
                      classes: ["no", "yes"]
                      shuffle_buffer: 50
                """.formatted(dir, PAIR);
        check("records", records, "epochs: 6", "epochs: 3", rows);
        check("stream", stream, "steps_per_epoch: 25, epochs: 6", "steps_per_epoch: 25, epochs: 3", rows);
    }

    private void check(String name, String data, String whole, String half, List<String> rows) throws Exception {
        String rest = ", batch_size: 8, learning_rate: 0.02, seed: 1, metrics: [accuracy]}\n";
        Path first = Files.writeString(dir.resolve(name + "-half.yaml"), data + MODEL + "train: {" + half + rest);
        Path yaml = Files.writeString(dir.resolve(name + ".yaml"), data + MODEL + "train: {" + whole + rest);
        String run = dir.resolve(name).toString();
        String resumed = dir.resolve(name + "-resumed").toString();
        ok(Command.run("train", yaml.toString(), "--out", run));
        ok(Command.run("train", first.toString(), "--out", resumed));
        ok(Command.run("train", yaml.toString(), "--out", resumed, "--resume"));
        double loss = JSON.readTree(ok(Command.run("evaluate", run, "--split", "test", "--json")))
                .path("loss")
                .asDouble();
        assertThat(JSON.readTree(ok(Command.run("evaluate", resumed, "--split", "test", "--json")))
                        .path("loss")
                        .asDouble())
                .isEqualTo(loss);
        assertThat(Checkpoint.best(Path.of(run)).trainer().metrics().get("val_loss"))
                .isCloseTo(loss, within(1e-6));

        List<String> answers = ok(Command.run(
                        "predict", run, dir.resolve("test.jsonl").toString(), "--json"))
                .lines()
                .toList();
        assertThat(answers).hasSameSizeAs(rows);
        double sum = 0;
        for (int i = 0; i < rows.size(); i++) {
            String label = JSON.readTree(rows.get(i)).path("same").asText();
            sum -= Math.log(JSON.readTree(answers.get(i))
                    .path("probabilities")
                    .path(label)
                    .asDouble());
        }
        assertThat(sum / rows.size()).isCloseTo(loss, within(1e-5));
        JsonNode served = JSON.readTree(send(run, rows.get(0)));
        assertThat(served.at("/probabilities/yes").asDouble())
                .isCloseTo(
                        JSON.readTree(answers.get(0)).at("/probabilities/yes").asDouble(), within(1e-6));
    }

    private static String ok(Command command) {
        assertThat(command.status()).as(command.err()).isZero();
        return command.out();
    }

    private static String send(String run, String json) throws Exception {
        try (Predictor predictor = Predictor.of(Checkpoint.best(Path.of(run)));
                ModelServer server =
                        ModelServer.start(ServerConfig.local(0), Token.NONE, Serve.served("m", predictor))) {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(server.uri().resolve("v2/models/m/predict"))
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(json))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return answer.body();
        }
    }

    /** Whether the second text begins as the first one does. */
    private List<String> pairs(String name, int count, long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean same = random.nextBoolean();
            String first = same || random.nextBoolean() ? "up" : "down";
            String second = same ? first : first.equals("up") ? "down" : "up";
            rows.add(JSON.createObjectNode()
                    .put("first", first + " x".repeat(random.nextInt(5)))
                    .put("second", second + " y".repeat(random.nextInt(5)))
                    .put("same", same ? "yes" : "no")
                    .toString());
        }
        Files.write(dir.resolve(name + ".jsonl"), rows);
        return rows;
    }
}
