package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights of another program, of an architecture that YAML describes, as a run that nothing trained. */
class DescribedImportTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String MODEL = """
            model: {layers: [{dense: 2}]}
            train:
              batch_size: 4
              init_map:
                - rename: {from: fc.kernel, to: layers.0.weight}
                - rename: {from: fc.b, to: layers.0.bias}
                - transpose: layers.0.weight
            """;

    @TempDir
    private Path dir;

    private Path weights;
    private Path rows;

    /** {@code x W + b} with W [[1, 2], [3, 4]]: of [1, 1] the logits are 4.5 and 5.5, of [-1, 0] they are -0.5 and -2.5. */
    @BeforeEach
    void write() throws IOException {
        weights = dir.resolve("keras.safetensors");
        try (Scope scope = Scope.open()) {
            Safetensors.write(
                    weights,
                    Map.of(
                            "fc.kernel", Tensor.of(new float[] {1, 2, 3, 4}, Shape.of(2, 2)),
                            "fc.b", Tensor.of(new float[] {0.5f, -0.5f}, Shape.of(2))),
                    Map.of());
        }
        rows = new Npz()
                .with("x", new float[] {1, 1, -1, 0}, 2, 2)
                .with("animal", new long[] {1, 1}, 2)
                .write(dir.resolve("rows.npz"));
    }

    private String yaml(String name, String data) throws IOException {
        return Files.writeString(dir.resolve(name), data + MODEL).toString();
    }

    private static String done(String... arguments) {
        Command command = Command.run(arguments);
        assertThat(command.status()).as(command.err()).isZero();
        return command.out();
    }

    private static final double DOG = 1 / (1 + Math.exp(-1));
    private static final double CAT = 1 / (1 + Math.exp(-2));

    private void requireAnswers(String run) throws IOException {
        String[] answers = done("predict", run, rows.toString(), "--json").split("\n");
        assertThat(probability(answers[0], "dog")).isCloseTo(DOG, within(1e-6));
        assertThat(probability(answers[1], "cat")).isCloseTo(CAT, within(1e-6));
        JsonNode measured = JSON.readTree(done("evaluate", run, rows.toString(), "--json"));
        assertThat(measured.path("loss").asDouble()).isCloseTo(-(Math.log(DOG) + Math.log(1 - CAT)) / 2, within(1e-6));
    }

    private static double probability(String answer, String name) throws IOException {
        return JSON.readTree(answer).path("probabilities").path(name).asDouble();
    }

    private static final String DESCRIBED = """
            data: {dataset: none}
            plan:
              inputs: [{name: x, shape: [2]}]
              targets: [{name: animal, ids: true, shape: [], classes: [cat, dog]}]
            """;

    @Test
    void a_model_without_data_answers_by_the_names_that_are_described() throws IOException {
        String run = dir.resolve("run").toString();
        JsonNode said = JSON.readTree(
                done("import", weights.toString(), "--config", yaml("a.yaml", DESCRIBED), "--out", run, "--json"));
        assertThat(said.path("parameters").asInt()).isEqualTo(6);
        assertThat(said.path("tensors").asInt()).isEqualTo(2);
        requireAnswers(run);
        Command none = Command.run("evaluate", run, "--split", "train");
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).contains("the model of this run was imported");
    }

    @Test
    void with_the_data_it_was_trained_on_a_resume_trains_from_it() throws IOException {
        String run = dir.resolve("run").toString();
        String yaml = yaml("b.yaml", """
                data:
                  dataset: {arrays: {train: '%1$s', test: '%1$s', inputs: [x], targets: [animal], classes: {animal: [cat, dog]}}}
                """.formatted(rows));
        done("import", weights.toString(), "--config", yaml, "--out", run);
        requireAnswers(run);
        done("train", yaml, "--out", run, "--resume", "--set", "train.init_from=" + weights, "--set", "train.epochs=2");
        assertThat(Files.readString(Path.of(run, "LATEST"))).startsWith("step-00000002");
    }

    @Test
    void what_would_answer_something_else_is_refused_and_nothing_is_written() throws IOException {
        String yaml = yaml("a.yaml", DESCRIBED);
        Path out = dir.resolve("run");
        refused(
                "expected none to import, as a drawn parameter answers nothing",
                "--config",
                yaml,
                "--set",
                "train.init_missing=[layers.0.bias]");
        refused("which is fitted on examples", "--config", yaml, "--set", "data.normalization=z_score");
        refused("layers.1.weight", "--config", yaml, "--set", "model.layers=[{dense: 2}, {dense: 2}]");
        refused("--set: expected --config FILE beside it", "--set", "train.seed=1");
        refused(
                "expected a data section, or inputs and targets under plan",
                "--config",
                yaml("c.yaml", "data: {dataset: none}\n"));
        assertThat(out).doesNotExist();
    }

    private void refused(String message, String... more) {
        String[] all = new String[4 + more.length];
        all[0] = "import";
        all[1] = weights.toString();
        all[2] = "--out";
        all[3] = dir.resolve("run").toString();
        System.arraycopy(more, 0, all, 4, more.length);
        Command command = Command.run(all);
        assertThat(command.status()).as(command.err()).isEqualTo(2);
        assertThat(command.err()).contains(message);
    }
}
