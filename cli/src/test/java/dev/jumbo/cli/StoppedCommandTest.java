package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.dist.launch.JavaCommand;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Commands in processes of their own, which are told to end as launchers and schedulers do. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(180)
class StoppedCommandTest {
    private static final String RUN = """
            data: {dataset: {digits: {train: 600, test: 10}}, normalization: rescale}
            model: {layers: [flatten, {dense: {units: 16, activation: relu}}, {dense: 10}]}
            train: {epochs: %d, batch_size: 8, validation_split: 0.1, seed: 3, log_every_steps: 1}
            """;

    @TempDir
    Path directory;

    private Process start(String run, int epochs) throws Exception {
        return start(run, String.format(RUN, epochs));
    }

    private Process start(String run, String yaml) throws Exception {
        Path file = Files.writeString(directory.resolve(run + ".yaml"), yaml);
        File log = directory.resolve(run + ".log").toFile();
        List<String> arguments = List.of(
                "train", file.toString(), "--out", directory.resolve(run).toString(), "--resume");
        ProcessBuilder builder = new ProcessBuilder(JavaCommand.likeThis(Jumbo.class, List.of(), arguments));
        builder.environment().put("OMP_NUM_THREADS", "1");
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }

    private String sha256(String run) {
        return Checkpoint.latest(directory.resolve(run)).manifest().sha256("model.safetensors");
    }

    @Test
    void sigterm_saves_says_how_to_go_on_and_ends_with_143_and_nothing_is_lost() throws Exception {
        assertThat(start("whole", 20).waitFor()).isZero();
        Process part = start("part", 20);
        Path log = directory.resolve("part/metrics.jsonl");
        while (!Files.exists(log) || Files.readAllLines(log).size() < 30) {
            assertThat(part.waitFor(20, TimeUnit.MILLISECONDS)).isFalse();
        }
        part.toHandle().destroy();
        assertThat(part.waitFor()).isEqualTo(143);
        assertThat(Files.readString(directory.resolve("part.log")))
                .contains("told to stop")
                .contains("jumbo: training was told to stop at step ")
                .contains("go on with --resume");

        assertThat(start("part", 20).waitFor()).isZero();
        assertThat(sha256("part")).isEqualTo(sha256("whole"));
    }

    @Test
    void sigterm_in_a_step_that_is_longer_than_the_grace_ends_with_143_and_without_the_report_of_a_crash()
            throws Exception {
        Process part = start("long", """
                data: {dataset: {digits: {train: 600, test: 10}}, normalization: rescale}
                model:
                  layers:
                    - {conv2d: {filters: 256, kernel_size: 3, padding: same}}
                    - {conv2d: {filters: 256, kernel_size: 3, padding: same}}
                    - flatten
                    - {dense: 10}
                train: {epochs: 1, batch_size: 600, seed: 3, recompute: true, checkpoints: {grace_seconds: 1}}
                """);
        while (!Files.isDirectory(directory.resolve("long/checkpoints"))) {
            assertThat(part.waitFor(20, TimeUnit.MILLISECONDS)).isFalse();
        }
        Thread.sleep(500); // The step begins.
        part.toHandle().destroy();
        assertThat(part.waitFor()).isEqualTo(143);
        assertThat(Files.readString(directory.resolve("long.log")))
                .contains("which took longer than the grace of 1 s")
                .contains("go on with --resume")
                .doesNotContain("fatal error");
    }
}
