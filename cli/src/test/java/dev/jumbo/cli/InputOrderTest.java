package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inputs whose order is not that of their names: a run measures what it answers, whatever order a file of it has. */
class InputOrderTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String QUESTION = "question: {tokenize: {vocabulary: 20, max_length: 12}}";
    private static final String ANSWER = "answer: {tokenize: {vocabulary: 20, max_length: 12}}";
    private static final String MODEL = """
            model:
              layers:
                - graph:
                    inputs: [question, answer]
                    nodes:
                      - {name: q, layer: {sequential: [{embedding: {input_dim: 20, output_dim: 6}}, {permute: [2, 1]}, global_avg_pool]}, inputs: [question]}
                      - {name: a, layer: {sequential: [{embedding: {input_dim: 20, output_dim: 3}}, {lstm: {units: 5, return_sequences: false}}]}, inputs: [answer]}
                      - {name: all, layer: concatenate, inputs: [q, a]}
                      - {name: out, layer: {dense: 1}, inputs: [all]}
                    outputs: [out]
            train: {epochs: 2, batch_size: 8, learning_rate: 0.02, seed: 1}
            """;

    @TempDir
    private Path dir;

    private List<String> rows = List.of();

    @BeforeEach
    void write() throws Exception {
        rows("train", 64, 1);
        rows = rows("test", 20, 2);
    }

    private List<String> rows(String name, int count, long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int n = random.nextInt(1, 5);
            int m = random.nextInt(1, 11);
            rows.add(JSON.createObjectNode()
                    .put("question", "up ".repeat(n) + "x")
                    .put("answer", "y " + "down ".repeat(m))
                    .put("cost", n - 0.3 * m)
                    .toString());
        }
        Files.write(dir.resolve(name + ".jsonl"), rows);
        return rows;
    }

    private Path yaml(String name, String first, String second) throws Exception {
        return Files.writeString(dir.resolve(name), """
                data:
                  dataset:
                    records:
                      train: {json_lines: %1$s/train.jsonl}
                      test: {json_lines: %1$s/test.jsonl}
                      inputs:
                        %2$s
                        %3$s
                      target: cost
                      predicted: number
                """.formatted(dir, first, second) + MODEL);
    }

    private static String ok(String... args) {
        Command command = Command.run(args);
        assertThat(command.status()).as(command.err()).isZero();
        return command.out();
    }

    private double measured(Path run) throws Exception {
        return JSON.readTree(ok("evaluate", run.toString(), "--split", "test", "--json"))
                .get("rmse")
                .asDouble();
    }

    private double answered(Path run) throws Exception {
        List<String> answers = ok(
                        "predict", run.toString(), dir.resolve("test.jsonl").toString(), "--json")
                .lines()
                .toList();
        double squares = 0;
        for (int i = 0; i < rows.size(); i++) {
            JsonNode answer = JSON.readTree(answers.get(i));
            double error = answer.at("/values/0").asDouble()
                    - JSON.readTree(rows.get(i)).get("cost").asDouble();
            squares += error * error;
        }
        return Math.sqrt(squares / rows.size());
    }

    @Test
    void evaluate_measures_what_predict_answers_and_the_run_keeps_the_order_of_its_inputs() throws Exception {
        Path run = dir.resolve("run");
        ok("train", yaml("a.yaml", QUESTION, ANSWER).toString(), "--out", run.toString());
        assertThat(measured(run)).isCloseTo(answered(run), within(1e-5));
        String written = Files.readString(run.resolve("run.yaml"));
        assertThat(written.indexOf("question:")).isPositive().isLessThan(written.indexOf("answer:"));
    }

    @Test
    void a_run_whose_file_lost_the_order_is_measured_by_the_names_of_its_inputs() throws Exception {
        Path run = dir.resolve("run");
        ok("train", yaml("a.yaml", QUESTION, ANSWER).toString(), "--out", run.toString());
        double before = measured(run);
        Files.copy(yaml("sorted.yaml", ANSWER, QUESTION), run.resolve("run.yaml"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(measured(run)).isEqualTo(before).isCloseTo(answered(run), within(1e-5));
    }

    @Test
    void training_from_the_file_of_a_run_gives_the_same_bits() throws Exception {
        Path run = dir.resolve("run");
        Path again = dir.resolve("again");
        ok("train", yaml("a.yaml", QUESTION, ANSWER).toString(), "--out", run.toString());
        ok("train", run.resolve("run.yaml").toString(), "--out", again.toString());
        String weights = "checkpoints/step-00000016/model.safetensors";
        assertThat(Files.mismatch(run.resolve(weights), again.resolve(weights))).isEqualTo(-1);
        assertThat(Files.mismatch(run.resolve("run.yaml"), again.resolve("run.yaml")))
                .isEqualTo(-1);
    }

    @Test
    void a_graph_that_shares_some_names_with_the_data_at_other_places_is_refused() throws Exception {
        Path file = yaml("a.yaml", ANSWER, "other: {tokenize: {vocabulary: 20, max_length: 12}}");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("json_lines: " + dir + "/train.jsonl", "json_lines: " + dir + "/other.jsonl")
                        .replace("inputs: [question, answer]\n", "inputs: [question, answer, mask, more]\n"));
        Files.writeString(
                dir.resolve("other.jsonl"),
                Files.readString(dir.resolve("train.jsonl")).replace("\"question\"", "\"other\""));
        Files.writeString(
                dir.resolve("test.jsonl"),
                Files.readString(dir.resolve("test.jsonl")).replace("\"question\"", "\"other\""));
        Command refused =
                Command.run("train", file.toString(), "--out", dir.resolve("r").toString());
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err())
                .contains(
                        "the graph's inputs: expected [question, answer, mask, more]", "\"answer\" stands at another");
    }

    @Test
    void the_file_of_an_earlier_version_is_refused_where_its_graph_goes_by_places_that_it_has_lost() throws Exception {
        Path file = yaml("a.yaml", ANSWER, QUESTION);
        String other = Files.readString(file)
                .replace("inputs: [question, answer]\n", "inputs: [first, second]\n")
                .replace("inputs: [question]}", "inputs: [first]}")
                .replace("inputs: [answer]}", "inputs: [second]}");
        Files.writeString(file, other);
        assertThat(RunConfig.read(file, List.of()).data()).isNotNull(); // written by hand, in this order
        Files.writeString(
                file,
                other.replace(
                        "      predicted: number\n",
                        "      predicted: number\n      weight: null\n      validation: null\n"));
        Command refused =
                Command.run("train", file.toString(), "--out", dir.resolve("r").toString());
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err())
                .contains(
                        "expected the graph's inputs by the names of the data's, [answer, question], received [first, second]");
    }

    @Test
    void groups_of_a_table_go_by_name_where_their_order_is_not_that_of_their_names() throws Exception {
        Path file = Files.writeString(dir.resolve("t.yaml"), """
                data: {dataset: {table: {train: {csv: {path: t.csv}}, inputs: {zz: [a], aa: [b]}, target: y}}}
                model: {layers: [{graph: {inputs: [first, second], nodes: [{name: o, layer: add, inputs: [first, second]}], outputs: [o]}}]}
                """);
        Command refused = Command.run("summary", file.toString());
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("by their places they would be [aa, zz]");
    }

    @Test
    void the_first_of_several_models_stays_the_one_that_answers() {
        RunConfig config = RunConfig.parse("gan.yaml", """
                data: {dataset: {digits: {train: 64, test: 8}}}
                models:
                  generator: {input: {shape: [16]}, layers: [{dense: 784}, {reshape: [1, 28, 28]}]}
                  discriminator: {layers: [flatten, {dense: 1}]}
                """);
        RunConfig again = RunConfig.parse("run.yaml", config.yaml());
        assertThat(again.answers()).isEqualTo("generator");
        assertThat(again.models().keySet()).containsExactly("generator", "discriminator");
        assertThat(again.layer()).isEqualTo(config.layer());
    }

    @Test
    void several_models_of_which_only_one_would_be_trained_are_refused() throws Exception {
        Path file = Files.writeString(dir.resolve("two.yaml"), """
                data: {dataset: {digits: {train: 64, test: 8}}}
                models:
                  a: {layers: [flatten, {dense: 10}]}
                  b: {layers: [flatten, {dense: 10}]}
                train: {epochs: 1}
                """);
        Command refused = Command.run(
                "train", file.toString(), "--out", dir.resolve("two").toString());
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("expected train.phases or train.objective", "only a would be trained");
    }

    @Test
    void a_file_that_lost_the_order_of_its_models_is_refused_until_it_says_who_answers() throws Exception {
        Path file = Files.writeString(dir.resolve("run.yaml"), """
                data: {dataset: {digits: {train: 64, test: 8}}}
                models:
                  discriminator: {layers: [flatten, {dense: 1}]}
                  generator: {input: {shape: [16]}, layers: [{dense: 784}, {reshape: [1, 28, 28]}]}
                answers: null
                """);
        Command refused = Command.run("summary", file.toString());
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err())
                .contains("answers: expected the name of the one of the models", "write answers: NAME");
        assertThat(RunConfig.read(file, List.of("answers=generator")).answers()).isEqualTo("generator");
    }
}
