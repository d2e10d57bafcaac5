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
import dev.jumbo.train.answer.OutputAnswer;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of streams are asked by the keys that their files have, and every route says the same of the same record. */
class StreamAnswersTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String NUMBERS = """
            data:
              dir: %s
              dataset:
                stream: {train: [train.jsonl], test: [test.jsonl], numbers: [width, height], target: price}
              normalization: z_score
            model: {layers: [{dense: 4}, {dense: 1}]}
            train: {steps_per_epoch: 10, epochs: 1, batch_size: 16, learning_rate: 0.02, target_scaling: none, seed: 1}
            """;

    private static final String INPUTS = """
            data:
              dir: %s
              dataset:
                mix:
                  sources:
                    - dataset: &one
                        stream:
                          train: [train.jsonl]
                          test: [test.jsonl]
                          inputs: {note: {tokenize: {vocabulary: 20}}, size: {numbers: {of: [width, height]}}}
                          target: price
                      weight: 0.7
                    - dataset:
                        stream:
                          train: [more.jsonl]
                          inputs: {note: {tokenize: {vocabulary: 20}}, size: {numbers: {of: [width, height]}}}
                          target: price
                      weight: 0.3
            model:
              layers:
                - graph:
                    inputs: [size, note]
                    nodes:
                      - name: text
                        layer: {sequential: [{embedding: {input_dim: 20, output_dim: 4}}, {permute: [2, 1]}, global_avg_pool]}
                        inputs: [note]
                      - {name: all, layer: concatenate, inputs: [text, size]}
                      - {name: out, layer: {dense: 1}, inputs: [all]}
                    outputs: [out]
            train: {steps_per_epoch: 10, epochs: 1, batch_size: 16, learning_rate: 0.02, target_scaling: none, seed: 1}
            """;

    @TempDir
    private Path dir;

    @Test
    void numbers_of_a_stream_are_asked_by_their_keys_and_every_route_says_the_same() throws Exception {
        List<ObjectNode> test = write("test.jsonl", 30, 2, false);
        write("train.jsonl", 100, 1, false);
        trained(NUMBERS);
        List<Double> answers = predicted(dir.resolve("test.jsonl").toString());
        assertSameAsEvaluated(test, answers);

        List<String> csv = new ArrayList<>(List.of("note,height,width"));
        ArrayNode list = JSON.createArrayNode();
        ArrayNode inOrder = JSON.createArrayNode();
        for (ObjectNode row : test) {
            csv.add("%s,%s,%s".formatted(row.path("note").asText(), row.path("height"), row.path("width")));
            list.add(row);
            inOrder.addArray().add(row.get("width")).add(row.get("height"));
        }
        Files.write(dir.resolve("rows.csv"), csv);
        Files.writeString(dir.resolve("rows.json"), list.toString());
        for (String input : List.of(
                dir.resolve("rows.csv").toString(),
                dir.resolve("rows.json").toString(),
                list.toString(),
                inOrder.toString())) {
            assertThat(predicted(input)).as(input).isEqualTo(answers);
        }
        InputStream before = System.in;
        try {
            for (String given : List.of(Files.readString(dir.resolve("test.jsonl")), inOrder.toString())) {
                System.setIn(new ByteArrayInputStream(given.getBytes(StandardCharsets.UTF_8)));
                assertThat(predicted("-")).isEqualTo(answers);
            }
        } finally {
            System.setIn(before);
        }
        for (String body : List.of(list.toString(), inOrder.toString())) {
            assertThat(values(JSON.readTree(send("predict", body).body()))).isEqualTo(answers);
        }
        try (Predictor predictor = Predictor.of(Checkpoint.best(dir.resolve("run")))) {
            Map<String, Object> row = Map.of(
                    "height", test.get(3).get("height").asDouble(),
                    "width", test.get(3).get("width").asDouble());
            OutputAnswer.Numbers answer = (OutputAnswer.Numbers)
                    predictor.answerRows(List.of(row)).rows().get(0).first();
            assertThat((double) answer.values()[0]).isCloseTo(answers.get(3), within(1e-4));
        }
    }

    @Test
    void what_is_no_number_under_a_key_is_refused_by_every_route_with_its_key() throws Exception {
        write("test.jsonl", 10, 2, false);
        write("train.jsonl", 40, 1, false);
        trained(NUMBERS);
        for (String[] wrong : new String[][] {
            {
                "{\"width\": \"3\", \"height\": 1}",
                "expected a finite number in width, up to 3.4e38, received the text \"3\""
            },
            {"{\"width\": 3, \"height\": null}", "height, up to 3.4e38, received no value"},
            {"{\"width\": 3, \"hieght\": 1}", "did you write \"hieght\" for it?"},
            {"{\"width\": 1e39, \"height\": 1}", "received 1.0E39"},
        }) {
            Command predict = Command.run("predict", dir.resolve("run").toString(), wrong[0]);
            assertThat(predict.status()).isEqualTo(2);
            assertThat(predict.err()).contains(wrong[1]);
            HttpResponse<String> served = send("predict", wrong[0]);
            assertThat(served.statusCode()).isEqualTo(400);
            assertThat(JSON.readTree(served.body()).toString().replace("\\\"", "\""))
                    .contains(wrong[1]);
        }
        Files.writeString(dir.resolve("rows.csv"), "width,height\n1,2\n3,wide\n4,\n");
        Command table = Command.run(
                "predict",
                dir.resolve("run").toString(),
                "--json",
                "--bad",
                "mark",
                dir.resolve("rows.csv").toString());
        assertThat(table.out().lines().toList().get(0)).contains("values");
        assertThat(table.out().lines().toList().get(1)).contains("rows.csv:3").contains("height", "wide");
        assertThat(table.out().lines().toList().get(2)).contains("rows.csv:4").contains("height", "no value");
    }

    @Test
    void texts_beside_numbers_some_of_them_missing_are_answered_alike_from_mixed_streams() throws Exception {
        List<ObjectNode> test = write("test.jsonl", 30, 2, true);
        write("train.jsonl", 100, 1, true);
        write("more.jsonl", 100, 3, true);
        trained(INPUTS);
        List<Double> answers = predicted(dir.resolve("test.jsonl").toString());
        assertSameAsEvaluated(test, answers);
        ArrayNode list = JSON.createArrayNode().addAll(test);
        assertThat(predicted(list.toString())).isEqualTo(answers);
        assertThat(values(JSON.readTree(send("predict", list.toString()).body())))
                .isEqualTo(answers);

        ObjectNode infer = JSON.createObjectNode();
        ArrayNode inputs = infer.putArray("inputs");
        for (String name : List.of("note", "width", "height")) {
            ObjectNode input =
                    inputs.addObject().put("name", name).put("datatype", name.equals("note") ? "BYTES" : "FP64");
            input.putArray("shape").add(test.size());
            ArrayNode data = input.putArray("data");
            test.forEach(row -> data.add(row.get(name)));
        }
        HttpResponse<String> inferred = send("infer", infer.toString());
        assertThat(inferred.statusCode()).as(inferred.body()).isEqualTo(200);
        JsonNode data = JSON.readTree(inferred.body()).at("/outputs/0/data");
        for (int i = 0; i < answers.size(); i++) {
            assertThat((float) data.get(i).asDouble()).isEqualTo(answers.get(i).floatValue());
        }
    }

    @Test
    void an_answer_is_called_by_its_own_row_and_columns_are_kept_under_their_names_in_their_order() throws Exception {
        List<ObjectNode> test = write("test.jsonl", 3, 2, false);
        write("train.jsonl", 40, 1, false);
        trained(NUMBERS);
        String run = dir.resolve("run").toString();
        String first = "{\"height\":  5.0, \"id\": \"a\", \"width\": 1}";
        Command list = Command.run("predict", run, "--json", "--keep", "id,width", "[" + first + ", " + first + "]");
        assertThat(list.status()).as(list.err()).isZero();
        for (String line : list.out().lines().toList()) {
            assertThat(JSON.readTree(line).path("input").asText()).isEqualTo(first);
            assertThat(JSON.readTree(line).path("kept").toString()).isEqualTo("{\"id\":\"a\",\"width\":1}");
        }
        Command file = Command.run(
                "predict",
                run,
                "--json",
                "--keep",
                "all",
                dir.resolve("test.jsonl").toString());
        assertThat(file.status()).as(file.err()).isZero();
        assertThat(JSON.readTree(file.out().lines().findFirst().orElseThrow()).path("kept"))
                .isEqualTo(test.get(0));
        Command table = Command.run(
                "predict",
                run,
                "--keep",
                "price,note",
                dir.resolve("test.jsonl").toString());
        assertThat(table.out().lines()).first().isEqualTo("price,note,value");
        Command none = Command.run("predict", run, "--keep", "nmae", first);
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).contains("--keep: no column \"nmae\"");
    }

    private void trained(String yaml) throws IOException {
        Path file =
                Files.writeString(dir.resolve("run.yaml"), yaml.formatted(dir).replace("&one", ""));
        Command train = Command.run(
                "train", file.toString(), "--out", dir.resolve("run").toString());
        assertThat(train.status()).as(train.err()).isZero();
    }

    private List<Double> predicted(String input) throws IOException {
        Command predict = Command.run("predict", dir.resolve("run").toString(), "--json", input);
        assertThat(predict.status()).as(predict.err()).isZero();
        ArrayNode all = JSON.createArrayNode();
        for (String line : predict.out().lines().toList()) {
            all.add(JSON.readTree(line));
        }
        return values(all);
    }

    private static List<Double> values(JsonNode answers) {
        List<Double> values = new ArrayList<>();
        answers.forEach(answer -> values.add(answer.required("values").get(0).asDouble()));
        return values;
    }

    /** Evaluation's loss is the mean square of what predict says. */
    private void assertSameAsEvaluated(List<ObjectNode> test, List<Double> answers) throws IOException {
        Command evaluate = Command.run("evaluate", dir.resolve("run").toString(), "--split", "test", "--json");
        assertThat(evaluate.status()).as(evaluate.err()).isZero();
        assertThat(answers).hasSameSizeAs(test);
        double squares = 0;
        for (int i = 0; i < test.size(); i++) {
            squares += Math.pow(answers.get(i) - test.get(i).path("price").asDouble(), 2);
        }
        double loss = JSON.readTree(evaluate.out()).path("loss").asDouble();
        assertThat(squares / test.size()).isCloseTo(loss, within(1e-4 * loss));
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

    private List<ObjectNode> write(String name, int rows, long seed, boolean missing) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<ObjectNode> all = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            double width = random.nextDouble(5);
            ObjectNode row = JSON.createObjectNode().put("note", random.nextBoolean() ? "red sky" : "blue");
            row.put("width", width).put("height", random.nextInt(100));
            if (missing && random.nextInt(4) == 0) {
                row.putNull("height");
            }
            row.put("price", Double.parseDouble(String.format(Locale.ROOT, "%.3f", width * 2)));
            all.add(row);
            lines.add(row.toString());
        }
        Files.write(dir.resolve(name), lines);
        return all;
    }
}
