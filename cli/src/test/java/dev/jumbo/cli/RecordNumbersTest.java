package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.transform.RawDataset;
import dev.jumbo.data.transform.Tokenize;
import dev.jumbo.nn.layers.Graph;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.serve.ModelServer;
import dev.jumbo.serve.ServerConfig;
import dev.jumbo.serve.access.Token;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.Trainer;
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
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts and numbers side by side, with several targets: every route says the same of the same raw rows. */
class RecordNumbersTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path dir;

    @Test
    void texts_beside_dirty_and_missing_numbers_with_two_targets_are_answered_alike_by_every_route() throws Exception {
        List<ObjectNode> test = rows("test.csv", 50, 2);
        rows("train.csv", 240, 1);
        Command train = train("votes: {numbers: {of: [votes, age]}}", "clean: [{parse_number: {columns: [votes]}}]");
        assertThat(train.status()).as(train.err()).isZero();
        String run = dir.resolve("run").toString();
        Command evaluate = Command.run("evaluate", run, "--split", "test", "--json");
        assertThat(evaluate.status()).as(evaluate.err()).isZero();
        double evaluated = JSON.readTree(evaluate.out()).path("loss").asDouble();
        assertThat(Checkpoint.best(dir.resolve("run")).trainer().metrics().get("val_loss"))
                .isCloseTo(evaluated, within(1e-6));

        Command predict =
                Command.run("predict", run, "--json", dir.resolve("test.csv").toString());
        assertThat(predict.status()).as(predict.err()).isZero();
        List<JsonNode> answers = new ArrayList<>();
        for (String line : predict.out().lines().toList()) {
            answers.add(JSON.readTree(line));
        }
        assertThat(answers).hasSameSizeAs(test);
        ArrayNode asked = JSON.createArrayNode().addAll(test);
        JsonNode served = JSON.readTree(send(asked.toString()).body());
        double squares = 0;
        double entropy = 0;
        for (int i = 0; i < answers.size(); i++) {
            double score = score(answers.get(i));
            double good = good(answers.get(i));
            assertThat(score(served.get(i))).isCloseTo(score, within(1e-4));
            assertThat(good(served.get(i))).isCloseTo(good, within(1e-6));
            squares += Math.pow(score - test.get(i).path("score").asDouble(), 2);
            entropy -= Math.log(test.get(i).path("label").asText().equals("good") ? good : 1 - good);
        }
        JsonNode metrics = JSON.readTree(evaluate.out());
        assertThat(entropy / test.size()).isCloseTo(metrics.path("label").asDouble(), within(1e-5));
        assertThat(Math.sqrt(squares / test.size()))
                .isCloseTo(metrics.path("score/rmse").asDouble(), within(1e-3));
    }

    private static double score(JsonNode answer) {
        return answer.required("outputs").required("score").required(0).asDouble();
    }

    private static double good(JsonNode answer) {
        return answer.required("outputs")
                .required("label")
                .required("probabilities")
                .required("good")
                .asDouble();
    }

    @Test
    void a_number_that_is_none_is_refused_with_its_row_in_training_and_by_every_route() throws Exception {
        rows("test.csv", 30, 2);
        rows("train.csv", 100, 1);
        Command dirty = train("votes: numbers", "clean: []");
        assertThat(dirty.status()).isEqualTo(2);
        assertThat(dirty.err())
                .contains("expected a number up to 3.4e38 or nothing in each row of votes")
                .contains("parse_number");
        Command train = train("votes: {numbers: {of: [votes, age]}}", "clean: [{parse_number: {columns: [votes]}}]");
        assertThat(train.status()).as(train.err()).isZero();
        String run = dir.resolve("run").toString();
        Command none = Command.run("predict", run, "{\"review\": \"great\", \"votes\": 1}");
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).contains("no column \"age\"").contains("null where it is missing");
        String wrong = "{\"review\": \"great\", \"votes\": 1, \"age\": \"old\"}";
        Command word = Command.run("predict", run, wrong);
        assertThat(word.status()).isEqualTo(2);
        assertThat(word.err()).contains("expected a number for age, received \"old\"");
        HttpResponse<String> served = send(wrong);
        assertThat(served.statusCode()).isEqualTo(400);
        assertThat(served.body()).contains("expected a number for age");
    }

    @Test
    void what_is_no_number_behind_a_cleaning_step_says_so_and_null_in_an_infer_request_is_refused() throws Exception {
        rows("test.csv", 30, 2);
        rows("train.csv", 60, 1);
        List<String> lines = new ArrayList<>(Files.readAllLines(dir.resolve("train.csv")));
        lines.set(3, "great w1,about ten,5.0,3,good");
        Files.write(dir.resolve("train.csv"), lines);
        Command dirty = train("votes: {numbers: {of: [votes, age]}}", "clean: [{parse_number: {columns: [votes]}}]");
        assertThat(dirty.status()).isEqualTo(2);
        assertThat(dirty.err())
                .contains(
                        "train.csv: expected a number up to 3.4e38 or nothing in each row of votes, received row 4 \"about ten\"")
                .contains("in which parse_number found no number: set its units or decimal");
        rows("train.csv", 60, 1);
        Command train = train("votes: {numbers: {of: [votes, age]}}", "clean: [{parse_number: {columns: [votes]}}]");
        assertThat(train.status()).as(train.err()).isZero();
        String wrong = "{\"review\": \"great\", \"votes\": \"about ten\", \"age\": 3}";
        Command word = Command.run("predict", dir.resolve("run").toString(), wrong);
        assertThat(word.err())
                .contains("expected a number for votes, received \"about ten\", in which parse_number found no number")
                .contains("send a number, or null where it is missing");
        String infer = """
                {"inputs": [{"name": "review", "datatype": "BYTES", "shape": [2], "data": ["great", "w1 awful"]},
                {"name": "votes", "datatype": "FP64", "shape": [2], "data": [1204, 5]},
                {"name": "age", "datatype": "FP64", "shape": [2], "data": [40, %s]}]}""";
        HttpResponse<String> none = send("infer", infer.formatted("null"));
        assertThat(none.statusCode()).isEqualTo(400);
        assertThat(none.body())
                .contains("expected numbers, received null at [1]")
                .contains("ask predict");
        HttpResponse<String> all = send("infer", infer.formatted("7"));
        assertThat(all.statusCode()).as(all.body()).isEqualTo(200);
        JsonNode predicted = JSON.readTree(
                send("{\"review\": \"w1 awful\", \"votes\": \"5\", \"age\": 7}").body());
        assertThat(JSON.readTree(all.body()).at("/outputs/0/data/1").asDouble())
                .isCloseTo(score(predicted), within(1e-4));
    }

    @Test
    void a_number_of_json_lines_is_that_number_whatever_the_decimal_mark_of_training() throws Exception {
        rows("test.csv", 30, 2);
        rows("train.csv", 60, 1);
        Command train = train(
                "votes: {numbers: {of: [votes, age]}}",
                "clean: [{parse_number: {columns: [votes, age], decimal: ','}}]");
        assertThat(train.status()).as(train.err()).isZero();
        String row = "{\"review\": \"great\", \"votes\": 80.125, \"age\": 3}";
        Path file = Files.writeString(dir.resolve("rows.jsonl"), row + "\n");
        Command lines = Command.run("predict", dir.resolve("run").toString(), "--json", file.toString());
        assertThat(lines.status()).as(lines.err()).isZero();
        assertThat(score(JSON.readTree(lines.out())))
                .isCloseTo(score(JSON.readTree(send(row).body())), within(1e-4));
    }

    @Test
    void a_weight_that_is_no_column_and_a_target_that_only_java_takes_for_a_number_are_refused() throws Exception {
        rows("test.csv", 30, 2);
        rows("train.csv", 60, 1);
        Command weight = train("votes: {numbers: {of: [age]}}", "clean: []\n      weight: wieght");
        assertThat(weight.status()).isEqualTo(2);
        assertThat(weight.err()).contains("wieght");
        for (String number : new String[] {"5f", "0x10p0", "7d"}) {
            Path file = dir.resolve("train.csv");
            List<String> lines = new ArrayList<>(Files.readAllLines(file));
            lines.set(3, "great w1,\"1,000\",5.0," + number + ",good");
            Files.write(file, lines);
            Command target = train("votes: {numbers: {of: [age]}}", "clean: []");
            assertThat(target.status()).isEqualTo(2);
            assertThat(target.err()).contains("expected a number in score, received \"" + number + "\"");
        }
    }

    @Test
    void numbers_beside_texts_that_no_transform_reads_are_read_by_name_too() throws Exception {
        double[] x = new SplittableRandom(3).doubles(80).toArray();
        float[] pairs = new float[80];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = (float) x[i];
        }
        Dataset rows = RawDataset.of(
                ArrayDataset.of(
                        List.of(
                                Column.Bytes.of(
                                        Field.text("review"),
                                        IntStream.range(0, 40)
                                                .mapToObj(i -> i % 2 == 0 ? "great" : "awful")
                                                .toArray(String[]::new)),
                                ArrayDataset.column(Field.floats("pair", Shape.of(2)), pairs)),
                        List.of(ArrayDataset.column(Field.floats("y", Shape.of(1)), Arrays.copyOf(pairs, 40)))),
                Map.of("review", Tokenize.words(10)));
        Graph graph = Graph.of(g -> {
            String text = g.add(
                    "text",
                    Layers.sequential(Layers.embedding(10, 4), Layers.permute(2, 1), Layers.globalAvgPool()),
                    g.input("review"));
            g.output(g.add("out", Layers.dense(1), g.add("all", Layers.concatenate(), text, g.input("pair"))));
        });
        Checkpoint best = Trainer.of(Layers.sequential(graph))
                .epochs(1)
                .seed(1)
                .saveTo(dir.resolve("run"))
                .build()
                .fit(rows);
        try (Predictor predictor = Predictor.of(best)) {
            float expected = predictor.predictRaw(List.of(
                            Column.Bytes.of(Field.text("review"), "great"),
                            ArrayDataset.column(Field.floats("pair", Shape.of(2)), new float[] {0.5f, 0.25f})))
                    .get(0)[0];
            String row = "{\"review\": \"great\", \"pair\": [0.5, 0.25]}";
            Path file = Files.writeString(dir.resolve("rows.jsonl"), row + "\n");
            for (String input : List.of(row, file.toString())) {
                Command predict = Command.run("predict", dir.resolve("run").toString(), "--json", input);
                assertThat(predict.status()).as(predict.err()).isZero();
                assertThat(JSON.readTree(predict.out())
                                .required("values")
                                .required(0)
                                .asDouble())
                        .isCloseTo(expected, within(1e-6));
            }
            assertThat(JSON.readTree(send(row).body())
                            .required("values")
                            .required(0)
                            .asDouble())
                    .isCloseTo(expected, within(1e-6));
            Command wrong =
                    Command.run("predict", dir.resolve("run").toString(), "{\"review\": \"great\", \"pair\": [0.5]}");
            assertThat(wrong.status()).isEqualTo(2);
            assertThat(wrong.err()).contains("expected a list of 2 numbers as \"pair\", received \"[0.5]\"");
            wrong = Command.run(
                    "predict",
                    dir.resolve("run").toString(),
                    "{\"review\": \"great\", \"pair\": \"[0.5, 0.25], [1, 2]\"}");
            assertThat(wrong.err()).contains("received \"[0.5, 0.25], [1, 2]\"");
        }
    }

    @Test
    void a_repair_that_would_change_a_text_is_refused_as_predictions_come_without_it() throws Exception {
        rows("test.csv", 30, 2);
        rows("train.csv", 100, 1);
        Command train = train(
                "votes: {numbers: {of: [votes, age]}}",
                "clean: [{parse_number: {columns: [votes]}}, {replace: {columns: [review], pattern: great, with: awful}}]");
        assertThat(train.status()).isEqualTo(2);
        assertThat(train.err()).contains("records.clean: expected steps that leave the texts of review as they are");
    }

    private Command train(String numbers, String clean) throws IOException {
        Path yaml = Files.writeString(dir.resolve("run.yaml"), """
                data:
                  dataset:
                    records:
                      train: {csv: {path: %1$s/train.csv}}
                      validation: {csv: {path: %1$s/test.csv}}
                      test: {csv: {path: %1$s/test.csv}}
                      inputs:
                        review: {tokenize: {vocabulary: 30}}
                        %2$s
                      targets: {score: number, label: class}
                      %3$s
                model:
                  layers:
                    - graph:
                        inputs: [review, votes]
                        nodes:
                          - name: text
                            layer: {sequential: [{embedding: {input_dim: 30, output_dim: 8}}, {permute: [2, 1]}, global_avg_pool]}
                            inputs: [review]
                          - {name: all, layer: concatenate, inputs: [text, votes]}
                          - {name: score_of, layer: {dense: 1}, inputs: [all]}
                          - {name: label_of, layer: {dense: 2}, inputs: [all]}
                        outputs: [score_of, label_of]
                train: {epochs: 3, batch_size: 16, learning_rate: 0.02, seed: 1}
                """.formatted(dir, numbers, clean));
        return Command.run("train", yaml.toString(), "--out", dir.resolve("run").toString());
    }

    private HttpResponse<String> send(String json) throws Exception {
        return send("predict", json);
    }

    private HttpResponse<String> send(String verb, String json) throws Exception {
        try (Predictor predictor = Predictor.of(Checkpoint.best(dir.resolve("run")));
                ModelServer server =
                        ModelServer.start(ServerConfig.local(0), Token.NONE, Serve.served("m", predictor))) {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(server.uri().resolve("v2/models/m/" + verb))
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(json))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
        }
    }

    /** Votes are written with a thousands separator, and some ages are missing. */
    private List<ObjectNode> rows(String name, int rows, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<ObjectNode> all = new ArrayList<>();
        List<String> lines = new ArrayList<>(List.of("review,votes,age,score,label"));
        for (int i = 0; i < rows; i++) {
            boolean good = random.nextBoolean();
            int votes = random.nextInt(5_000);
            boolean known = random.nextInt(5) > 0;
            double age = random.nextInt(80);
            ObjectNode row = JSON.createObjectNode().put("review", good ? "great w" + i % 3 : "w" + i % 3 + " awful");
            row.put("votes", "%d,%03d".formatted(votes / 1000, votes % 1000));
            if (known) {
                row.put("age", age);
            } else {
                row.putNull("age");
            }
            row.put("score", votes / 10.0 + age).put("label", good ? "good" : "bad");
            lines.add("%s,\"%s\",%s,%s,%s"
                    .formatted(
                            row.path("review").asText(),
                            row.path("votes").asText(),
                            known ? age : "NA",
                            row.path("score").asDouble(),
                            row.path("label").asText()));
            all.add(row);
        }
        Files.write(dir.resolve(name), lines);
        return all;
    }
}
