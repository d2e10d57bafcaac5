package dev.jumbo.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Device;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorldsTest {
    @TempDir
    Path directory;

    @Test
    void three_processes_sum_gather_broadcast_and_send() throws Exception {
        List<Process> ranks = new ArrayList<>();
        for (int rank = 0; rank < 3; rank++) {
            ranks.add(start(rank, 3));
        }
        for (Process process : ranks) {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }

        for (int rank = 0; rank < 3; rank++) {
            assertThat(Files.readAllLines(directory.resolve("rank" + rank)))
                    .contains(
                            "size 3",
                            "exchange [text of 0, text of 1, text of 2] [again 0, again 1, again 2]",
                            "sum [6.0, 60.0][3.0, 3.0, 3.0]",
                            "gather [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]",
                            "broadcast [1.0, 1.0]");
        }
        assertThat(Files.readAllLines(directory.resolve("rank1"))).contains("received [7.0, 7.0, 7.0, 7.0]");
        if (Files.isExecutable(Path.of("/usr/bin/chrt"))) {
            // SCHED_BATCH, for every thread: Gloo's must not push each other off a processor.
            assertThat(Files.readAllLines(directory.resolve("rank1"))).contains("scheduling [3]");
        }
    }

    @Test
    void a_missing_worker_is_named_within_the_time_out() {
        Placement first = new Placement(0, 3, 0, 3, "127.0.0.1", 0, false);
        long start = System.nanoTime();
        assertThatThrownBy(() -> Worlds.join(first, silent(), Device.CPU, Duration.ofMillis(500)))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("no sign of rank [1, 2]");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void the_address_is_that_of_the_way_to_rank_0_or_of_the_chosen_interface() {
        assertThat(Worlds.address("127.0.0.1", null)).isEqualTo("127.0.0.1");
        assertThat(Worlds.address("127.0.0.1", "lo")).isEqualTo("127.0.0.1");
        assertThatThrownBy(() -> Worlds.address("127.0.0.1", "no-such-interface"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no-such-interface");
    }

    @Test
    void one_worker_is_a_world_of_its_own() {
        try (World world = Worlds.join(
                new Placement(0, 1, 0, 1, "127.0.0.1", 0, false), silent(), Device.CPU, Duration.ofSeconds(1))) {
            assertThat(world.size()).isEqualTo(1);
            assertThat(world.exchange("me")).containsExactly("me");
        }
    }

    private static Rendezvous silent() {
        return new Rendezvous() {
            @Override
            public void announce(String address) {
                // Nobody listens.
            }

            @Override
            public String await() {
                throw new AssertionError("rank 0 does not wait");
            }
        };
    }

    private Process start(int rank, int size) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                CollectivesProgram.class.getName(),
                directory.resolve("port").toString(),
                directory.resolve("rank" + rank).toString());
        builder.environment().put("RANK", "" + rank);
        builder.environment().put("WORLD_SIZE", "" + size);
        builder.environment().put("LOCAL_RANK", "" + rank);
        builder.environment().put("LOCAL_WORLD_SIZE", "" + size);
        builder.environment().put("MASTER_ADDR", "127.0.0.1");
        builder.environment().put("MASTER_PORT", "0");
        File log = directory.resolve("log" + rank).toFile();
        return builder.redirectErrorStream(true).redirectOutput(log).start();
    }
}
