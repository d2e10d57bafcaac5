package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables whose target is a number or a class, from a file with as little as it may say. */
class ObjectiveVerbTest {
    @TempDir
    Path dir;

    @BeforeEach
    void table() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        StringBuilder csv = new StringBuilder("rooms,age,price,kind\n");
        for (int i = 0; i < 600; i++) {
            double rooms = random.nextDouble(1, 9);
            double age = random.nextDouble(0, 60);
            double price = 200_000 + 50_000 * rooms - 1_000 * age + 5_000 * random.nextGaussian();
            csv.append(String.format(
                    Locale.ROOT, "%.2f,%.1f,%.0f,%s%n", rooms, age, price, rooms > 5 ? "large" : "small"));
        }
        Files.writeString(dir.resolve("homes.csv"), csv);
    }

    private Path file(String target, int units, String train) throws IOException {
        return Files.writeString(dir.resolve("homes.yaml"), """
                data:
                  dataset:
                    table:
                      train: {csv: {path: '%s'}}
                      target: %s
                model:
                  layers:
                    - dense: %d
                train: {epochs: 6, validation_split: 0.2, learning_rate: 0.05%s}
                """.formatted(
                        dir.resolve("homes.csv").toString().replace('\\', '/'), target, units, train));
    }

    @Test
    void a_number_is_learned_by_default_and_answered_in_its_own_unit() throws IOException {
        Path run = dir.resolve("run");
        Path yaml = file("price", 1, ", monitor: val_rmse");
        Command trained = Command.run("train", yaml.toString(), "--out", run.toString());
        assertThat(trained.status()).as(trained.err()).isZero();
        assertThat(Files.readString(run.resolve("run.yaml")))
                .contains("loss: mse", "metrics: [rmse, r2]", "target_scaling: standard");
        JsonNode figures = new ObjectMapper()
                .readTree(Command.run("evaluate", run.toString(), "--split", "validation", "--json")
                        .out());
        // The noise is 5,000; without scaling, six epochs stay near the mean, which is 100,000 away.
        assertThat(figures.get("rmse").asDouble()).isBetween(4_000.0, 15_000.0);
        JsonNode answer = new ObjectMapper()
                .readTree(Command.run(
                                "predict", run.toString(), "{\"rooms\": 4, \"age\": 20, \"kind\": \"small\"}", "--json")
                        .out());
        assertThat(answer.toString()).contains("3");
        assertThat(answer.findValue("values").get(0).asDouble()).isBetween(360_000.0, 400_000.0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "price | 1 | , loss: cross_entropy | loss: mse",
                "price | 2 | '' | units to 1",
                "price | 1 | , metrics: [accuracy] | use some of mae, mse, rmse",
                "price | 1 | , loss: binary_cross_entropy | from 0 to 1",
                "kind | 2 | , loss: mse | loss: cross_entropy",
                "kind | 3 | '' | units to 2",
                "kind | 2 | , loss: binary_cross_entropy | units to 1",
                "kind | 2 | , metrics: [rmse] | use some of accuracy",
                "kind | 2 | , target_scaling: standard | target_scaling: none",
                "kind | 2 | ', loss: {cross_entropy: {class_weights: {smal: 2}}}' | did you mean \"small\"",
                "kind | 2 | , monitor: val_accurracy | did you mean \"val_accuracy\"",
            })
    void what_does_not_fit_is_refused_by_train_and_summary_with_what_to_write(
            String target, int units, String settings, String advice) throws IOException {
        String yaml = file(target, units, settings.isEmpty() ? "" : settings).toString();
        Path run = dir.resolve("refused");
        for (Command refused :
                new Command[] {Command.run("train", yaml, "--out", run.toString()), Command.run("summary", yaml)}) {
            assertThat(refused.status()).as(refused.err()).isEqualTo(2);
            assertThat(refused.err()).contains(advice).doesNotContain("\tat ");
        }
        assertThat(run.resolve("run.yaml")).doesNotExist();
    }

    @Test
    void class_weights_may_be_balanced_or_by_name() throws IOException {
        for (String weights : new String[] {"balanced", "{large: 3}", "[1, 2]"}) {
            Path run = dir.resolve("weighted" + weights.length());
            String yaml = file("kind", 2, ", loss: {cross_entropy: {class_weights: " + weights + "}}")
                    .toString();
            Command trained = Command.run("train", yaml, "--out", run.toString());
            assertThat(trained.status()).as(trained.err()).isZero();
            Command evaluated = Command.run("evaluate", run.toString(), "--split", "validation");
            assertThat(evaluated.status()).as(evaluated.err()).isZero();
        }
    }

    @Test
    void metrics_of_evaluate_that_do_not_fit_are_refused_before_training() throws IOException {
        Path yaml = file("price", 1, "");
        Files.writeString(yaml, Files.readString(yaml) + "evaluate: {metrics: [accuracy]}\n");
        Command refused =
                Command.run("train", yaml.toString(), "--out", dir.resolve("x").toString());
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("accuracy does not fit");
        assertThat(Command.run("summary", yaml.toString()).err()).contains("accuracy does not fit");
        assertThat(dir.resolve("x/run.yaml")).doesNotExist();
    }
}
