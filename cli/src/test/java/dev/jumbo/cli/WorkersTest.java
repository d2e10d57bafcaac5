package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With real processes: each command costs seconds. */
@Timeout(120)
class WorkersTest {
    @TempDir
    Path dir;

    private Command train(String layers) throws Exception {
        Path file = Files.writeString(dir.resolve("f.yaml"), """
                data: {dataset: {digits: {train: 200, test: 10}}}
                model: {layers: %s}
                train: {epochs: 1, validation_split: 0.2}
                """.formatted(layers));
        return Command.run("train", file.toString(), "--workers", "2", "--json", "--out", dir + "/run");
    }

    @Test
    void two_workers_train_and_the_result_is_printed_once() throws Exception {
        Command train = train("[flatten, {dense: 10}]");

        assertThat(train.err()).contains("epoch 1/1").doesNotContain("[1] epoch");
        assertThat(train.status()).isZero();
        assertThat(train.out()).hasLineCount(1).contains("\"step\":5");
        assertThat(Command.run("evaluate", dir + "/run").status()).isZero();
    }

    @Test
    void all_stages_run_with_two_workers_in_the_middle() throws Exception {
        Path file = Files.writeString(dir.resolve("f.yaml"), """
                data: {dataset: {digits: {train: 200, test: 10}}}
                model: {layers: [flatten, {dense: 10}]}
                train: {epochs: 1, validation_split: 0.2}
                """);
        Command run = Command.run("run", file.toString(), "--workers", "2", "--out", dir + "/run");

        assertThat(run.status()).isZero();
        // "best checkpoint" is what rank 0 of the workers prints.
        assertThat(run.out())
                .contains("best checkpoint: " + dir)
                .contains("test")
                .contains("served");
    }

    @Test
    void a_number_of_workers_that_cannot_be_is_refused_before_one_is_started() throws Exception {
        Path file = Files.writeString(dir.resolve("f.yaml"), """
                data: {dataset: {digits: {train: 200, test: 10}}}
                model: {layers: [flatten, {dense: 10}]}
                train: {epochs: 1, distributed: {strategy: pipeline}}
                """);
        for (String verb : List.of("train", "run", "submit")) {
            for (String workers : List.of("0", "-1")) {
                List<String> words = new ArrayList<>(List.of(verb, file.toString(), "--workers", workers));
                words.addAll(
                        verb.equals("submit")
                                ? List.of("--dry-run", "--target", "sbatch")
                                : List.of("--out", dir + "/none"));
                Command none = Command.run(words.toArray(String[]::new));

                assertThat(none.status()).as(verb).isEqualTo(2);
                assertThat(none.err())
                        .contains("--workers: expected 1 or more, received " + workers)
                        .hasLineCount(1);
            }
        }
        Command many = Command.run("train", file.toString(), "--workers", "9", "--out", dir + "/many");
        assertThat(many.status()).isEqualTo(2);
        assertThat(many.err())
                .contains("expected a layer or more for each of 9 workers, received 2 layers")
                .hasLineCount(1);
        assertThat(dir.resolve("many")).doesNotExist();
    }

    @Test
    void a_configuration_is_compared_value_by_value() throws Exception {
        assertThat(Worker.flat(
                        new ObjectMapper().readTree("{\"a\": {\"b\": [1, {\"c\": \"x\"}], \"d\": {}}, \"e\": null}")))
                .containsExactly(
                        Map.entry("a.b.0", "1"),
                        Map.entry("a.b.1.c", "\"x\""),
                        Map.entry("a.d", "{}"),
                        Map.entry("e", "null"));
    }

    @Test
    void a_launcher_that_starts_run_more_than_once_is_told_so() {
        Map<String, String> two =
                Map.of("RANK", "1", "WORLD_SIZE", "2", "MASTER_ADDR", "127.0.0.1", "MASTER_PORT", "29500");
        assertThatThrownBy(() -> Worker.requireNoOthers(two))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("use jumbo train under a launcher");
        Worker.requireNoOthers(Map.of());
        Worker.requireNoOthers(
                Map.of("RANK", "0", "WORLD_SIZE", "1", "MASTER_ADDR", "127.0.0.1", "MASTER_PORT", "29500"));
    }

    @Test
    void a_mistake_that_only_the_workers_find_is_said_once() throws Exception {
        Command train = train("[flatten, {conv2d: {filters: 2, kernel_size: 3}}]");

        assertThat(train.status()).isEqualTo(2);
        assertThat(train.err().lines().filter(line -> line.contains("layers.1: expected an image")))
                .hasSize(1);
        assertThat(train.err()).doesNotContain("start again");
        assertThat(dir.resolve("run/run.yaml")).doesNotExist();
    }
}
