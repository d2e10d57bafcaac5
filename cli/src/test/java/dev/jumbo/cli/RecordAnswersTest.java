package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Raw texts, from YAML: what validation measures, {@code evaluate}, {@code predict} and both routes of the server agree. */
class RecordAnswersTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path dir;

    @Test
    void validation_evaluate_predict_and_the_server_say_the_same_of_raw_texts() throws Exception {
        reviews("train.jsonl", 300, 1);
        Path test = reviews("test.jsonl", 60, 2);
        train("tokenize: {vocabulary: 50}", 50);
        requireSameAnswers(test);
    }

    @Test
    void a_tokenizer_from_files_goes_into_the_checkpoint_and_its_originals_are_needed_no_more() throws Exception {
        reviews("train.jsonl", 200, 1);
        Path test = reviews("test.jsonl", 40, 2);
        Path vocabulary = Files.writeString(
                dir.resolve("vocab.json"),
                "{\"<|endoftext|>\": 0, \"a\": 1, \"w\": 2, \"f\": 3, \"u\": 4, \"l\": 5, \"g\": 6, \"r\": 7, \"e\": 8, \"t\": 9,"
                        + " \"o\": 10, \"d\": 11, \"1\": 12, \"2\": 13, \"\u0120\": 14, \"gr\": 15, \"aw\": 16, \"G\": 17}");
        Path merges = Files.writeString(dir.resolve("merges.txt"), "#version: 0.2\ng r\na w\n");
        train("tokenizer: {tokenizer: {gpt2: {vocabulary: %s, merges: %s}}}".formatted(vocabulary, merges), 18);
        Files.delete(merges);
        Files.delete(vocabulary);
        requireAnswers(test);
        Path checkpoint = Checkpoint.best(dir.resolve("run")).directory();
        try (Stream<Path> files = Files.list(checkpoint)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains("transform-0-vocab.json", "transform-1-merges.txt");
        }
        Files.writeString(checkpoint.resolve("transform-1-merges.txt"), "#version: 0.2\na w\ng r\n");
        Command predict = Command.run("predict", dir.resolve("run").toString(), "{\"review\": \"great\"}");
        assertThat(predict.status()).isNotZero();
        assertThat(predict.err()).contains("transform-1-merges.txt: expected SHA-256");
    }

    @Test
    void what_is_no_text_is_told_in_the_words_of_the_caller() throws Exception {
        reviews("train.jsonl", 100, 1);
        reviews("test.jsonl", 20, 2);
        train("tokenize: {vocabulary: 50}", 50);
        String run = dir.resolve("run").toString();
        Command none = Command.run("predict", run, "{\"revue\": \"great\"}");
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).contains("expected a text as \"review\"").contains("revue");
        Command missing = Command.run("predict", run, "no.jsonl");
        assertThat(missing.status()).isEqualTo(2);
        assertThat(missing.err()).contains("no such file").contains("{\"review\": \"a text\"}");
        Path texts = Files.writeString(dir.resolve("texts.jsonl"), "{\"review\": \"NA\"}\n{\"review\": \"null\"}\n");
        Path table = Files.writeString(dir.resolve("texts.csv"), "review\nNA\nnull\n");
        Command line = Command.run("predict", run, "[{\"review\": \"NA\"}, {\"review\": \"null\"}]", "--csv");
        for (Path file : List.of(texts, table)) {
            Command read = Command.run("predict", run, file.toString(), "--csv");
            assertThat(read.status()).as(read.err()).isZero();
            assertThat(answers(read.out())).hasSize(2).isEqualTo(answers(line.out()));
        }
        HttpResponse<String> served = send("predict", "{\"review\": null}");
        assertThat(served.statusCode()).isEqualTo(400);
        assertThat(served.body()).contains("received no value");
    }

    /** The probabilities of both classes, which stand at the end of each line. */
    private static List<String> answers(String csv) {
        return csv.lines()
                .skip(1)
                .map(line -> line.substring(line.lastIndexOf(',', line.lastIndexOf(',') - 1)))
                .toList();
    }

    private void train(String transform, int vocabulary) throws IOException {
        Path yaml = Files.writeString(dir.resolve("run.yaml"), """
                data:
                  dataset:
                    records:
                      train: {json_lines: %1$s/train.jsonl}
                      validation: {json_lines: %1$s/test.jsonl}
                      test: {json_lines: %1$s/test.jsonl}
                      inputs: {review: {%2$s}}
                      target: label
                model:
                  layers:
                    - embedding: {input_dim: %3$d, output_dim: 8}
                    - permute: [2, 1]
                    - global_avg_pool
                    - dense: 2
                train: {epochs: 6, batch_size: 16, learning_rate: 0.02, seed: 1, metrics: [accuracy]}
                """.formatted(dir, transform, vocabulary));
        Command train = Command.run(
                "train", yaml.toString(), "--out", dir.resolve("run").toString());
        assertThat(train.status()).as(train.err()).isZero();
    }

    private void requireSameAnswers(Path test) throws Exception {
        List<JsonNode> lines = requireAnswers(test);
        ArrayNode asked = JSON.createArrayNode();
        ObjectNode infer = JSON.createObjectNode();
        ObjectNode input =
                infer.putArray("inputs").addObject().put("name", "review").put("datatype", "BYTES");
        input.putArray("shape").add(lines.size());
        ArrayNode data = input.putArray("data");
        for (String line : Files.readAllLines(test)) {
            String review = JSON.readTree(line).path("review").asText();
            asked.addObject().put("review", review);
            data.add(review);
        }
        JsonNode served = JSON.readTree(send("predict", asked.toString()).body());
        JsonNode inferred = JSON.readTree(send("infer", infer.toString()).body());
        for (int i = 0; i < lines.size(); i++) {
            double good = lines.get(i).at("/probabilities/good").asDouble();
            assertThat(served.get(i).path("label")).isEqualTo(lines.get(i).path("label"));
            assertThat(served.get(i).at("/probabilities/good").asDouble()).isCloseTo(good, within(1e-6));
            assertThat(inferred.at("/outputs/0/data/" + (2 * i + 1)).asDouble()).isCloseTo(good, within(1e-6));
        }
    }

    /** The loss of the predictions is that of {@code evaluate} and of the validation in training. */
    private List<JsonNode> requireAnswers(Path test) throws IOException {
        String run = dir.resolve("run").toString();
        Command evaluate = Command.run("evaluate", run, "--split", "test", "--json");
        assertThat(evaluate.status()).as(evaluate.err()).isZero();
        Command predict = Command.run("predict", run, "--json", test.toString());
        assertThat(predict.status()).as(predict.err()).isZero();
        List<String> rows = Files.readAllLines(test);
        List<JsonNode> lines = new ArrayList<>();
        double loss = 0;
        for (String line : predict.out().lines().toList()) {
            String label = JSON.readTree(rows.get(lines.size())).path("label").asText();
            lines.add(JSON.readTree(line));
            loss -= Math.log(lines.get(lines.size() - 1)
                    .path("probabilities")
                    .path(label)
                    .asDouble());
        }
        assertThat(lines).hasSameSizeAs(rows);
        double evaluated = JSON.readTree(evaluate.out()).path("loss").asDouble();
        assertThat(evaluated).isCloseTo(loss / lines.size(), within(1e-5));
        assertThat(Checkpoint.best(dir.resolve("run")).trainer().metrics().get("val_loss"))
                .isCloseTo(evaluated, within(1e-6));
        return lines;
    }

    private HttpResponse<String> send(String path, String json) throws Exception {
        try (Predictor predictor = Predictor.of(Checkpoint.best(dir.resolve("run")));
                ModelServer server =
                        ModelServer.start(ServerConfig.local(0), Token.NONE, Serve.served("m", predictor))) {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(server.uri().resolve("v2/models/m/" + path))
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(json))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
        }
    }

    /** A word decides, at any place among 1 to 9 words. */
    private Path reviews(String name, int rows, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            boolean good = random.nextBoolean();
            List<String> words = new ArrayList<>();
            for (int w = random.nextInt(9); w > 0; w--) {
                words.add(List.of("awl", "rate", "fold", "w1", "w2").get(random.nextInt(5)));
            }
            words.add(random.nextInt(words.size() + 1), good ? "Great" : "awful");
            lines.add(JSON.createObjectNode()
                    .put("review", String.join(" ", words))
                    .put("label", good ? "good" : "bad")
                    .toString());
        }
        return Files.write(dir.resolve(name), lines);
    }
}
