package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Examples in YAML that stand on each other, on less than they were made for. */
class YamlExamplesTest {
    @TempDir
    Path temp;

    private Path train(String example, String name, String... sets) {
        Path run = temp.resolve(name);
        List<String> arguments =
                new ArrayList<>(List.of("train", "../examples/" + example + ".yaml", "--out", run.toString()));
        for (String set : sets) {
            arguments.add("--set");
            arguments.add(set);
        }
        Command command = Command.run(arguments.toArray(String[]::new));
        assertThat(command.status()).as(command.err()).isZero();
        return run;
    }

    @Test
    void a_frozen_backbone_stays_and_the_new_head_learns() {
        Path drawn = train(
                "digits", "digits", "data.dataset.digits.train=320", "data.dataset.digits.test=50", "train.epochs=1");
        Path tuned = train(
                "fine_tune",
                "tuned",
                "data={dataset: {digits: {train: 320, test: 50}}, normalization: rescale}",
                "train.init_from=" + drawn,
                "train.epochs=1");
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> before = Checkpoint.best(drawn).weights();
            Map<String, Tensor> after = Checkpoint.best(tuned).weights();
            assertThat(after.keySet()).isEqualTo(before.keySet());
            assertThat(moved(before, after, "layers.0.weight")).isLessThan(4e-3); // bf16 has 8 bits
            assertThat(moved(before, after, "layers.2.weight")).isLessThan(4e-3);
            assertThat(moved(before, after, "layers.6.weight")).isBetween(1e-6, 2e-3);
            assertThat(moved(before, after, "layers.7.weight")).isGreaterThan(0.05);
        }
    }

    @Test
    void two_outputs_of_a_table_answer_each_in_its_own_way() throws IOException {
        StringBuilder rows =
                new StringBuilder("Survived,Pclass,Sex,Age,SibSp,Parch,Fare,Embarked,PassengerId,Name,Ticket,Cabin\n");
        for (int i = 0; i < 120; i++) {
            boolean first = i % 3 == 0;
            rows.append(i % 2).append(first ? ",1," : ",3,").append(i % 2 == 0 ? "male" : "female");
            rows.append(",").append(20 + i % 30).append(",0,1,").append(first ? 80 + i % 7 : 8 + i % 5);
            rows.append(",S,").append(i).append(",n,t,c\n");
        }
        Path csv = Files.writeString(temp.resolve("rows.csv"), rows);
        Path run = train("wide_and_deep", "wide", "data.dataset.table.train.csv.path=" + csv, "train.epochs=20");

        Command evaluated = Command.run("evaluate", run.toString(), "--json");
        assertThat(evaluated.status()).as(evaluated.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(evaluated.out());
        assertThat(report.get("Survived/accuracy").asDouble()).isGreaterThan(0.9);
        assertThat(report.get("Fare/rmse").asDouble()).isBetween(5.0, 60.0);
        assertThat(report.get("Fare/r2").asDouble()).isLessThan(1);
        assertThat(report.get("intervals").has("Fare/rmse")).isTrue();
        JsonNode classes = report.get("outputs").get("Survived").get("per_class");
        assertThat(classes.get("1").get("recall").asDouble()).isGreaterThan(0.8);
        assertThat(report.get("outputs").get("Fare").has("per_class")).isFalse();
        assertThat(run.resolve("Fare_rmse.png")).exists();
        assertThat(run.resolve("classification_report_test_Survived.txt")).exists();
        assertThat(report.get("loss").asDouble())
                .isCloseTo(
                        report.get("Survived").asDouble() + report.get("Fare").asDouble(), within(1e-6));

        Path asked = Files.writeString(
                temp.resolve("asked.csv"), "Pclass,Sex,Age,SibSp,Parch,Embarked\n1,female,30,0,1,S\n3,male,40,0,1,S\n");
        assertThat(Command.run("predict", run.toString(), asked.toString())
                        .out()
                        .lines())
                .hasSize(2)
                .allMatch(line -> line.matches(".*\\tSurvived=[01] [01]\\.\\d{4}\\tFare=[\\d.]+"));
        Command predicted = Command.run("predict", run.toString(), asked.toString(), "--json");
        assertThat(predicted.status()).as(predicted.err()).isZero();
        List<JsonNode> answers = new ArrayList<>();
        for (String line : predicted.out().lines().toList()) {
            answers.add(new ObjectMapper().readTree(line).get("outputs"));
        }
        assertThat(answers.get(0).get("Survived").get("label").asText()).isEqualTo("1");
        assertThat(answers.get(1).get("Survived").get("label").asText()).isEqualTo("0");
        // In its own unit: pounds, not deviations.
        assertThat(answers.get(0).get("Fare").get(0).asDouble()).isBetween(60.0, 100.0);
        assertThat(answers.get(1).get("Fare").get(0).asDouble()).isBetween(0.0, 30.0);
    }

    @Test
    void two_streams_are_mixed_and_the_next_id_of_each_is_learned() throws IOException {
        // Ids rise by one in the web and by three in books: after n, n + 1 is right in four of five cases.
        for (String name : List.of("web-1", "web-2", "books", "held")) {
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < 200; i++) {
                int step = name.equals("books") ? 3 : 1;
                int start = i;
                lines.append("{\"tokens\": ")
                        .append(IntStream.range(0, 4 + i % 9)
                                .map(t -> (start + step * t) % 32)
                                .boxed()
                                .toList())
                        .append("}\n");
            }
            Files.writeString(temp.resolve(name + ".jsonl"), lines);
        }
        Path run = train("mixed_stream", "mixed", "data.dir=" + temp);
        Command evaluated = Command.run("evaluate", run.toString(), "--split", "validation", "--json");
        assertThat(evaluated.status()).as(evaluated.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(evaluated.out());
        assertThat(report.get("accuracy").asDouble()).isEqualTo(1);
        // The share of the web is 0.8, so -ln 0.8 = 0.223 is what held examples of it cost at least.
        assertThat(report.get("loss").asDouble()).isCloseTo(0.223, within(0.06));
    }

    @Test
    void a_model_of_characters_learns_from_a_text_file() throws IOException {
        Files.writeString(temp.resolve("input.txt"), "to be or not to be, that is the question. ".repeat(60));
        Path run = train(
                "shakespeare",
                "shakespeare",
                "data.dir=" + temp,
                "data.dataset.characters.context=16",
                "model={name: {gpt2: {vocabulary: 15, context: 16, width: 32, layers: 2, heads: 2, dropout: 0.0}}}",
                "train.learning_rate=0.01",
                "train.schedule={warmup: {warmup_steps: 5, then: {cosine: {min_learning_rate: 1.0e-4}}}}",
                "train.samples={every_steps: 50, prompt: is the q, generation: {max_new_tokens: 11}}",
                "train.steps_per_epoch=50",
                "train.epochs=2");
        List<String> samples = Files.readAllLines(run.resolve("samples.jsonl"));
        assertThat(samples).hasSize(2);
        assertThat(new ObjectMapper().readTree(samples.get(1)).toString())
                .startsWith("{\"step\":100,\"prompt\":\"is the q\",\"text\":\"uestion");
        Command evaluated = Command.run("evaluate", run.toString(), "--split", "validation", "--json");
        assertThat(evaluated.status()).as(evaluated.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(evaluated.out());
        // The first characters of a window of 16 of 42 cannot be told for sure; from frequencies alone it would be 2.5.
        assertThat(report.get("loss").asDouble()).isLessThan(0.8);
        assertThat(report.get("perplexity").asDouble())
                .isCloseTo(Math.exp(report.get("loss").asDouble()), within(1e-3));
        // A character is a byte here.
        assertThat(report.get("bits_per_byte").asDouble())
                .isCloseTo(report.get("loss").asDouble() / Math.log(2), within(1e-3));
    }

    private static double moved(Map<String, Tensor> before, Map<String, Tensor> after, String name) {
        Tensor from = Objects.requireNonNull(before.get(name));
        Tensor to = Objects.requireNonNull(after.get(name));
        return to.sub(from).abs().max().item();
    }
}
