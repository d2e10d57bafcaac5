package dev.jumbo.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.config.YamlFile;
import dev.jumbo.spark.Directories;
import dev.jumbo.spark.LocalSpark;
import dev.jumbo.spark.corpus.report.CorpusReport;
import dev.jumbo.spark.corpus.report.StageReport;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashTest {
    private static final String YAML = """
            corpus:
              inputs:
                - text: %s
              stages: [exact_dedup, gopher_quality, minhash_dedup, private_data]
              max_document_mb: 0.2
              output:
                tokens: {tokenizer: bytes, shard_mb: 0.5}
            """;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private Path dir;

    /** What the process does that is killed: a configuration and a directory. */
    static final class Driver {
        private Driver() {}

        public static void main(String[] args) {
            CorpusConfig config = CorpusConfig.read(YamlFile.read(Path.of(args[0])));
            CorpusRun.run(config, LocalSpark.session(), Path.of(args[1]), line -> {});
        }
    }

    @Test
    void a_driver_that_is_killed_goes_on_where_it_was_and_the_result_is_the_same() throws Exception {
        List<String> lines = new ArrayList<>(Corpora.lines(1500, 90, 1));
        lines.addAll(lines.subList(0, 100));
        String yaml = YAML.formatted(Corpora.write(dir.resolve("corpus.txt"), lines));
        Path out = dir.resolve("out");
        killAfterStage("01-", Files.writeString(dir.resolve("corpus.yaml"), yaml), out);
        assertThat(Directories.list(out))
                .extracting(p -> p.getFileName().toString())
                .containsOnly(".lock", ".stages");

        CorpusReport resumed = Corpora.run(yaml, out);
        CorpusReport whole = Corpora.run(yaml, dir.resolve("whole"));
        assertThat(resumed.stages())
                .extracting(StageReport::reused)
                .startsWith(true, true)
                .endsWith(false);
        assertThat(resumed.stages())
                .extracting(StageReport::kept)
                .isEqualTo(whole.stages().stream().map(StageReport::kept).toList());
        for (Path file : Directories.list(dir.resolve("whole/tokens"))) {
            assertThat(out.resolve("tokens").resolve(file.getFileName())).hasSameBinaryContentAs(file);
        }
    }

    /** Kills the driver as soon as a stage is done, while it works on the next. */
    private void killAfterStage(String stage, Path yaml, Path out) throws IOException, InterruptedException {
        Process driver = start(yaml, out);
        try {
            Instant end = Instant.now().plus(PATIENCE);
            while (!isDone(out.resolve(".stages"), stage)) {
                assertThat(driver.isAlive())
                        .as("the driver, see %s", dir.resolve("driver.log"))
                        .isTrue();
                assertThat(Instant.now()).isBefore(end);
                Thread.sleep(5);
            }
        } finally {
            driver.destroyForcibly();
            assertThat(driver.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static boolean isDone(Path stages, String name) {
        return Directories.list(stages).stream()
                .anyMatch(s -> s.getFileName().toString().startsWith(name) && Files.exists(s.resolve("_DONE")));
    }

    private Process start(Path yaml, Path out) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(a -> a.startsWith("--") || a.startsWith("-D") && !a.contains("surefire"))
                .forEach(command::add);
        command.addAll(
                List.of("-Xmx1g", "-XX:+IgnoreUnrecognizedVMOptions", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Driver.class.getName(), yaml.toString(), out.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("driver.log").toFile())
                .start();
    }
}
