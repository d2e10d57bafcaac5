package dev.jumbo.spark.gang;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** On a real master with two workers; what is trained does not matter here. It starts a dozen JVMs: {@code -Djumbo.cluster=true}. */
@EnabledIfSystemProperty(named = "jumbo.cluster", matches = "true")
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class SparkLauncherTest {
    private static final int WAIT_SECONDS = 120;

    @TempDir
    private static Path home;

    private static SparkCluster cluster;

    @TempDir
    private Path directory;

    private Path run;
    private Path log;

    @BeforeAll
    static void start() throws Exception {
        cluster = SparkCluster.start(home, 2);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void prepare() throws IOException {
        run = Files.createDirectory(directory.resolve("run"));
        log = directory.resolve("driver.log");
    }

    @Test
    void all_start_again_after_a_worker_and_an_executor_are_killed() throws Exception {
        Process driver = submit();
        try {
            List<Long> first = awaitPair(List.of());
            assertThat(ProcessHandle.of(first.get(1)).map(ProcessHandle::destroyForcibly))
                    .contains(true);
            List<Long> second = awaitPair(first);
            assertThat(Files.readString(log)).contains("rank 1 on 127.0.0.1: killed by SIGKILL");

            ProcessHandle executor = ProcessHandle.of(second.get(0))
                    .flatMap(ProcessHandle::parent)
                    .orElseThrow();
            executor.destroyForcibly();
            List<Long> third = awaitPair(second);
            assertThat(Files.readString(log)).contains("rank 0 on 127.0.0.1: lost: its Spark executor ended");

            // Lines come while workers run.
            assertThat(Files.readString(log))
                    .contains("[0] rank 0 of 2 has a: 1", "[1] rank 1 of 2 has a: 1", "(restart 2)");
            Files.createFile(run.resolve("end"));
            assertThat(driver.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(driver.exitValue()).isZero();
            for (List<Long> pair : List.of(first, second, third)) {
                assertGone(pair);
            }
        } finally {
            driver.destroyForcibly();
        }
    }

    @Test
    void no_worker_stays_when_the_driver_is_stopped() throws Exception {
        Process driver = submit();
        try {
            List<Long> pair = awaitPair(List.of());
            driver.destroy();
            assertThat(driver.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            await(() -> pair.stream().noneMatch(SparkLauncherTest::isAlive));
        } finally {
            driver.destroyForcibly();
        }
    }

    private Process submit() throws IOException {
        Path file = Files.writeString(directory.resolve("ring.yaml"), "a: 1\n");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
        command.addAll(List.of("-Xmx640m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(SubmitProgram.class.getName(), cluster.url(), file.toString(), run.toString(), "2"));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /** The processes of both ranks, once both have others than before. */
    private List<Long> awaitPair(List<Long> before) throws Exception {
        await(() -> pair().size() == 2 && pair().stream().noneMatch(before::contains));
        return pair();
    }

    /** By rank, the process that noted itself last. */
    private List<Long> pair() {
        Map<Integer, Long> pair = new TreeMap<>();
        try (var notes = Files.list(run)) {
            notes.filter(note -> note.getFileName().toString().startsWith("pid-"))
                    .sorted(Comparator.comparing(note -> note.toFile().lastModified()))
                    .map(note -> note.getFileName().toString().split("-"))
                    .forEach(parts -> pair.put(Integer.parseInt(parts[1]), Long.parseLong(parts[2])));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(pair.values());
    }

    private void await(BooleanSupplier condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("the driver said: %s", Files.readString(log))
                    .isLessThan(end);
            Thread.sleep(50);
        }
    }

    private static void assertGone(List<Long> pair) {
        assertThat(pair).noneMatch(SparkLauncherTest::isAlive);
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }
}
