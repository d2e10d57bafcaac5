package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two networks that play against each other, in two phases from a file: trained, killed, resumed, evaluated, asked. */
@Timeout(600)
class PhasesFromYamlTest {
    private static final Path SOURCES = Path.of("../examples/src/main/java/dev/jumbo/examples");
    private static final String YAML = """
            models:
              generator: {input: {shape: [16]}, layers: [{dense: {units: 32, activation: relu}}, {dense: 784}, {reshape: [1, 28, 28]}]}
              discriminator: {layers: [flatten, {dense: {units: 32, activation: relu}}, {dense: 1}]}
            data: {dataset: {digits: {train: 640, test: 64}}}
            train:
              phases:
                - {name: judge, trains: discriminator, objective: discriminates, optimizer: {adam: 2.0e-4}}
                - {name: draw, trains: generator, objective: generates, optimizer: {adam: 2.0e-4}}
              epochs: 6
              batch_size: 16
              seed: 3
              checkpoints: {every_steps: 20}
            """;

    @TempDir
    private static Path directory;

    private static OwnJar own;
    private static Path yaml;
    private static Path whole;

    @BeforeAll
    static void train() throws Exception {
        own = OwnJar.compile(
                directory,
                "dev.jumbo.examples.ExampleObjectives",
                Stream.of("TwoPlayers", "VariationalAutoEncoder", "ExampleObjectives")
                        .map(name -> SOURCES.resolve(name + ".java"))
                        .toList());
        yaml = Files.writeString(directory.resolve("players.yaml"), YAML);
        whole = directory.resolve("whole");
        Command trained = own.run("train", yaml.toString(), "--out", whole.toString());
        assertThat(trained.status()).as(trained.err()).isZero();
    }

    private static byte[] weights(Path run) throws Exception {
        return Files.readAllBytes(run.resolve("checkpoints/step-00000240/model.safetensors"));
    }

    @Test
    void a_run_that_was_killed_goes_on_to_the_same_bits() throws Exception {
        Path killed = directory.resolve("killed");
        Process training = OwnJar.command(List.of(own.jar()), "train", yaml.toString(), "--out", killed.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("killed.log").toFile())
                .start();
        Path pointer = killed.resolve("checkpoints/LATEST");
        while (training.isAlive() && !Files.exists(pointer)) {
            Thread.sleep(5);
        }
        training.destroyForcibly().waitFor(60, TimeUnit.SECONDS);
        Command resumed = own.run("train", yaml.toString(), "--out", killed.toString(), "--resume");
        assertThat(resumed.status()).as(resumed.err()).isZero();
        assertThat(Arrays.equals(weights(killed), weights(whole))).isTrue();
    }

    @Test
    void it_is_evaluated_by_its_objectives() throws Exception {
        Command evaluated = own.run("evaluate", whole.toString(), "--json");
        assertThat(evaluated.status()).as(evaluated.err()).isZero();
        JsonNode figures = new ObjectMapper().readTree(evaluated.out());
        assertThat(figures.get("loss").asDouble())
                .isEqualTo(figures.get("judge_loss").asDouble()
                        + figures.get("draw_loss").asDouble());
        assertThat(figures.has("judge_real")).isTrue();
    }

    @Test
    void several_workers_that_divide_the_model_are_refused_with_what_works() throws Exception {
        for (String strategy : List.of("fully_sharded", "pipeline")) {
            Command refused = own.run(
                    "train",
                    yaml.toString(),
                    "--workers",
                    "2",
                    "--out",
                    directory.resolve(strategy).toString(),
                    "--set",
                    "train.distributed.strategy=" + strategy);
            assertThat(refused.status()).as(refused.err()).isEqualTo(2);
            assertThat(refused.err()).contains("expected data_parallel or zero1 for phases, received " + strategy);
        }
    }

    @Test
    void a_file_for_a_generator_is_answered_or_refused_with_what_it_takes() throws Exception {
        Path rows = Files.writeString(directory.resolve("rows.csv"), "a,b\n1,2\n");
        Command asked = own.run("predict", whole.toString(), rows.toString());
        assertThat(asked.status()).as(asked.out() + asked.err()).isEqualTo(2);
        assertThat(asked.err()).contains("generator");
    }
}
