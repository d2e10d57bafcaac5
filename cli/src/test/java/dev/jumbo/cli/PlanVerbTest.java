package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jumbo.dist.launch.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanVerbTest {
    private static final String[] SEVENTY_BILLION = {
        "plan", "../examples/plan_70b.yaml", "--device", "H100", "--workers", "64"
    };

    @TempDir
    private Path directory;

    @Test
    void a_plan_of_seventy_billion_parameters_loads_no_native_library() throws IOException, InterruptedException {
        Path classes = directory.resolve("classes.log");
        Process process = new ProcessBuilder(JavaCommand.likeThis(
                        Jumbo.class, List.of("-Xlog:class+load:file=" + classes), List.of(SEVENTY_BILLION)))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();

        assertThat(process.waitFor()).isZero();
        // Every native library of libtorch comes through this loader.
        assertThat(Files.readString(classes))
                .contains(dev.jumbo.train.plan.Plan.class.getName())
                .doesNotContain("org.bytedeco.javacpp.Loader");
    }

    @Test
    void a_plan_of_seventy_billion_parameters_takes_less_than_a_second() {
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) { // Others may use the machine.
            long start = System.nanoTime();
            Command plan = Command.run(SEVENTY_BILLION);
            fastest = Math.min(fastest, System.nanoTime() - start);
            assertThat(plan.status()).as(plan.err()).isZero();
        }
        assertThat(fastest).isLessThan(1_000_000_000L);
    }

    @Test
    void the_largest_models_are_planned_fully_sharded_and_recomputed() {
        String text = Command.run(SEVENTY_BILLION).out();

        assertThat(text)
                .containsPattern("how long +[0-9,.]+ days by fully_sharded_recompute")
                .contains("train.recompute=true");
    }

    @Test
    void the_json_has_the_numbers_of_the_text() throws IOException {
        Command plan = Command.run(
                "plan", "../examples/plan_70b.yaml", "--device", "H100", "--workers", "64", "--price", "2", "--json");
        JsonNode read = new JsonMapper().readTree(plan.out());

        assertThat(read.path("workers").asInt()).isEqualTo(64);
        assertThat(read.path("parameters").asLong()).isBetween(68_500_000_000L, 69_500_000_000L);
        JsonNode option = read.path("options").path(0);
        assertThat(option.path("cost").asDouble())
                .isEqualTo(2 * 64 * option.path("total").asDouble() / 3600);
    }

    @Test
    void an_unknown_device_is_refused_with_the_known_ones() {
        Command plan = Command.run("plan", "../examples/plan_70b.yaml", "--device", "abacus");

        assertThat(plan.status()).isEqualTo(2);
        assertThat(plan.err()).contains("abacus", "H100");
    }

    @Test
    void a_plan_without_a_file_is_refused() {
        Command plan = Command.run("plan");

        assertThat(plan.status()).isEqualTo(2);
        assertThat(plan.err()).contains("expected a configuration");
    }

    @Test
    void a_stream_is_planned_by_the_steps_that_an_epoch_draws(@TempDir Path dir) throws IOException {
        Files.writeString(dir.resolve("a.txt"), "to be or not to be ".repeat(40));
        Path yaml = Files.writeString(dir.resolve("s.yaml"), """
                data: {dir: %s, dataset: {characters: {file: a.txt, context: 8, windows: random}}}
                model: {name: {gpt2: {vocabulary: 7, context: 8, width: 8, layers: 1, heads: 1}}}
                train: {batch_size: 4, epochs: 3%s}
                """.formatted(dir, ", steps_per_epoch: 5"));
        Command planned = Command.run("plan", yaml.toString());
        assertThat(planned.status()).as(planned.err()).isZero();
        assertThat(planned.out()).contains("3 epochs");
        Files.writeString(yaml, Files.readString(yaml).replace(", steps_per_epoch: 5", ""));
        Command endless = Command.run("plan", yaml.toString());
        assertThat(endless.status()).isEqualTo(2);
        assertThat(endless.err()).contains("steps_per_epoch");
    }
}
