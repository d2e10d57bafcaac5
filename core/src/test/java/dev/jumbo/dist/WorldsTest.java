package dev.jumbo.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.dist.health.Heartbeats;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.TcpStore;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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
    void a_name_of_rank_0_that_does_not_resolve_is_a_mistake_and_said_at_once() {
        for (int rank = 0; rank < 2; rank++) {
            Placement place = new Placement(rank, 2, rank, 2, "no-such-host.invalid", 29500, false, 0);
            long start = System.nanoTime();
            assertThatThrownBy(() -> Worlds.join(place, silent(), Device.CPU, Duration.ofSeconds(60)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("MASTER_ADDR")
                    .hasMessageContaining("received \"no-such-host.invalid\"");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void the_name_of_a_pod_is_waited_for_since_it_is_known_when_the_pod_is_there() {
        Map<String, String> pod = Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1");
        assertThatThrownBy(() -> Addresses.requireKnown("no-such-pod.invalid", Duration.ofMillis(300), pod))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("cannot resolve after 0 s: look at the service of the pods");
        Addresses.requireKnown("127.0.0.1", Duration.ofMillis(300), pod);
    }

    @Test
    void a_missing_worker_is_named_within_the_time_out() {
        Placement first = new Placement(0, 3, 0, 3, "127.0.0.1", 0, false, 0);
        long start = System.nanoTime();
        assertThatThrownBy(() -> Worlds.join(first, silent(), Device.CPU, Duration.ofMillis(500)))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("no sign of rank [1, 2]");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void a_worker_that_comes_and_then_stands_still_is_named_within_the_start_time_out() throws Exception {
        Duration start = Duration.ofSeconds(3);
        long begin = System.nanoTime();
        BlockingQueue<Integer> port = new LinkedBlockingQueue<>();
        CompletableFuture<World> first = inBackground(() -> Worlds.join(
                new Placement(0, 2, 0, 2, "127.0.0.1", 0, false, 0),
                announcing(port),
                Device.CPU,
                start,
                Duration.ofSeconds(600)));
        try (TcpStore silent = TcpStore.connect("127.0.0.1", port.take(), start).under("attempt-0/")) {
            silent.set("joined/1", "127.0.0.1");
            assertThatThrownBy(() -> first.get(60, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(FailureException.class)
                    .hasMessageContaining("rank [1] has come, but has not connected with the others for 3 s");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void a_worker_that_is_silent_until_heartbeats_run_is_named_within_the_start_time_out() throws Exception {
        Duration start = Duration.ofSeconds(3);
        BlockingQueue<Integer> port = new LinkedBlockingQueue<>();
        CompletableFuture<World> first = inBackground(() -> Worlds.join(
                new Placement(0, 2, 0, 2, "127.0.0.1", 0, false, 0),
                announcing(port),
                Device.CPU,
                start,
                Duration.ofSeconds(600)));
        Placement second = new Placement(1, 2, 1, 2, "127.0.0.1", port.take(), false, 0);
        try (World silent = Worlds.join(second, Rendezvous.fixed(), Device.CPU, start, Duration.ofSeconds(600));
                World world = first.get(60, TimeUnit.SECONDS)) {
            assertThat(silent.size()).isEqualTo(2);
            assertThatThrownBy(() -> Heartbeats.watch(world, "host0", start, Duration.ofSeconds(600), loss -> {}))
                    .isInstanceOf(FailureException.class)
                    .hasMessageContaining("rank [1] has not answered for 3 s");
        }
    }

    @Test
    void workers_that_start_again_with_the_same_store_do_not_see_what_the_last_ones_said() throws Exception {
        Duration start = Duration.ofSeconds(20);
        try (TcpStore agent = TcpStore.serve("127.0.0.1", 0, start)) {
            for (int attempt = 0; attempt < 2; attempt++) {
                List<CompletableFuture<List<String>>> ranks = new ArrayList<>();
                for (int rank = 0; rank < 2; rank++) {
                    Placement placement = new Placement(rank, 2, rank, 2, "127.0.0.1", agent.port(), true, attempt);
                    String text = "rank " + rank + ", attempt " + attempt;
                    ranks.add(inBackground(() -> {
                        try (World world = Worlds.join(placement, Rendezvous.fixed(), Device.CPU, start)) {
                            // Rank 0 must wait for rank 1, not find the text of the one before.
                            Thread.sleep(300L * world.rank());
                            return world.exchange(text);
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    }));
                }
                for (CompletableFuture<List<String>> rank : ranks) {
                    assertThat(rank.get(60, TimeUnit.SECONDS))
                            .containsExactly("rank 0, attempt " + attempt, "rank 1, attempt " + attempt);
                }
            }
        }
    }

    private static <T> CompletableFuture<T> inBackground(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, command -> new Thread(command).start());
    }

    private static Rendezvous announcing(BlockingQueue<Integer> port) {
        return new Rendezvous() {
            @Override
            public void announce(String address) {
                port.add(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
            }

            @Override
            public String await() {
                throw new AssertionError("rank 0 does not wait");
            }
        };
    }

    @Test
    void a_loopback_address_of_rank_0_is_not_given_to_workers_elsewhere() {
        List<String> two = List.of("127.0.1.1", "10.0.0.2");
        assertThat(Addresses.reachable("127.0.1.1", two, null, to -> "10.0.0.1"))
                .as("the peer decides")
                .isEqualTo("10.0.0.1");
        assertThat(Addresses.reachable("10.0.0.2", two, null, to -> "10.0.0.1")).isEqualTo("10.0.0.2");
        assertThat(Addresses.reachable("127.0.1.1", List.of("127.0.1.1", "127.0.0.1"), null, to -> "10.0.0.1"))
                .isEqualTo("127.0.1.1");
        assertThatThrownBy(() -> Addresses.reachable("127.0.1.1", two, null, to -> "127.0.0.1"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("10.0.0.2")
                .hasMessageContaining("GLOO_SOCKET_IFNAME");
        assertThatThrownBy(() -> Addresses.reachable("127.0.0.1", two, "lo", to -> "10.0.0.1"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("GLOO_SOCKET_IFNAME");
    }

    @Test
    void the_address_is_that_of_the_way_to_rank_0_or_of_the_chosen_interface() {
        assertThat(Addresses.towards("127.0.0.1", null)).isEqualTo("127.0.0.1");
        assertThat(Addresses.towards("127.0.0.1", "lo")).isEqualTo("127.0.0.1");
        assertThatThrownBy(() -> Addresses.towards("127.0.0.1", "no-such-interface"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no-such-interface");
    }

    @Test
    void one_worker_is_a_world_of_its_own() {
        try (World world = Worlds.join(
                new Placement(0, 1, 0, 1, "127.0.0.1", 0, false, 0), silent(), Device.CPU, Duration.ofSeconds(1))) {
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
