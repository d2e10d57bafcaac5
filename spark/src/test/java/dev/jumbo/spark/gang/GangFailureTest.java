package dev.jumbo.spark.gang;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** With both ranks on two threads of Spark in one driver. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class GangFailureTest {
    @TempDir
    private Path directory;

    @Test
    void the_error_of_a_rank_0_that_nobody_could_meet_is_what_the_user_reads() throws Exception {
        Path run = Files.createDirectory(directory.resolve("run"));
        Files.createFile(run.resolve("fail"));
        Path file = Files.writeString(directory.resolve("ring.yaml"), "a: 1\n");
        Path log = directory.resolve("driver.log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
        command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(SubmitProgram.class.getName(), "local[2]", file.toString(), run.toString(), "2"));
        Process driver = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            while (driver.isAlive() && !Files.readString(log).contains("exit 1: no space left on device")) {
                assertThat(Files.readString(log)).doesNotContain("killed by SIGTERM");
                driver.waitFor(50, TimeUnit.MILLISECONDS);
            }
            assertThat(Files.readString(log)).containsPattern("rank 0 on \\S+: exit 1: no space left on device");
        } finally {
            driver.destroy();
            driver.waitFor();
        }
    }
}
