package dev.jumbo.dist.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.dist.Work;
import dev.jumbo.dist.World;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Tensor;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class HeartbeatsTest {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final List<AutoCloseable> open = new ArrayList<>();
    private final BlockingQueue<String> losses = new LinkedBlockingQueue<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    /** What ranks say to each other by a table in memory; collectives fail as they do when a connection breaks. */
    private record Table(int rank, String[] said, CyclicBarrier all) implements World {
        static List<World> of(int size) {
            String[] said = new String[size];
            CyclicBarrier all = new CyclicBarrier(size);
            List<World> worlds = new ArrayList<>();
            for (int rank = 0; rank < size; rank++) {
                worlds.add(new Table(rank, said, all));
            }
            return worlds;
        }

        @Override
        public int size() {
            return said.length;
        }

        @Override
        public List<String> exchange(String text) {
            try {
                said[rank] = text;
                all.await(10, TimeUnit.SECONDS);
                List<String> result = List.of(said.clone());
                all.await(10, TimeUnit.SECONDS);
                return result;
            } catch (Exception e) {
                throw new FailureException("a rank is missing", e);
            }
        }

        @Override
        public void barrier() {
            throw new FailureException("connection closed by peer");
        }

        @Override
        public Work allReduceSum(Tensor tensor) {
            return Work.DONE;
        }

        @Override
        public Work allGather(Tensor flat) {
            return Work.DONE;
        }

        @Override
        public void broadcast(Tensor tensor, int from) {}

        @Override
        public Work send(Tensor tensor, int to, int tag) {
            return Work.DONE;
        }

        @Override
        public Work receive(Tensor tensor, int from, int tag) {
            return Work.DONE;
        }

        @Override
        public void close() {}
    }

    private static <T> List<T> together(List<World> worlds, Function<World, T> work) {
        List<CompletableFuture<T>> running = worlds.stream()
                .map(world ->
                        CompletableFuture.supplyAsync(() -> work.apply(world), command -> new Thread(command).start()))
                .toList();
        return running.stream().map(CompletableFuture::join).toList();
    }

    private List<Heartbeats> start(int size) {
        List<Heartbeats> all = together(
                Table.of(size),
                world -> Heartbeats.start(
                        world,
                        "host" + world.rank(),
                        LIMIT,
                        LIMIT,
                        loss -> losses.add(world.rank() + " heard: " + loss)));
        open.addAll(all);
        return all;
    }

    /** Of two ranks: rank 0 watches, and rank 1 is only connected. */
    private List<Peer> connectTo0() {
        List<Object> both = together(
                Table.of(2),
                world -> world.isFirst()
                        ? Heartbeats.start(world, "host0", LIMIT, LIMIT, losses::add)
                        : Peers.connect(world, "host1", LIMIT, LIMIT));
        open.add((Heartbeats) both.get(0));
        List<Peer> peers = new ArrayList<>();
        for (Object peer : (List<?>) both.get(1)) {
            peers.add((Peer) peer);
        }
        open.addAll(peers);
        return peers;
    }

    @Test
    void workers_that_live_and_end_lose_nobody() throws Exception {
        List<Heartbeats> all = start(3);
        Thread.sleep(LIMIT.toMillis() + 500);
        for (Heartbeats each : all) {
            each.close();
        }
        assertThat(losses.poll(300, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void all_others_hear_why_a_worker_failed() throws Exception {
        start(3).get(1).fail("disk full\n  at x", false);

        List<String> heard = List.of(losses.take(), losses.take());
        assertThat(heard).allSatisfy(line -> assertThat(line).contains("rank 1 on host1 failed: disk full at x"));
        assertThat(losses.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void all_others_hear_that_starting_again_would_not_help() throws Exception {
        start(3).get(1).fail("data.dir: there is no directory x", true);

        List<String> heard = List.of(losses.take(), losses.take());
        assertThat(heard)
                .allSatisfy(
                        line -> assertThat(line)
                                .contains(
                                        "rank 1 on host1 cannot work with what it was given: data.dir: there is no directory x"))
                .allMatch(Heartbeats::isMistake);
        assertThat(Heartbeats.isMistake("rank 1 on host1 failed: disk full")).isFalse();
    }

    /** Where a rank listens is what it says first. */
    private static InetSocketAddress listening(String said) {
        String[] parts = said.split("\t", -1);
        return new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
    }

    @Test
    void strangers_that_say_nothing_or_hang_up_do_not_end_the_start() throws Exception {
        List<World> worlds = Table.of(2);
        CompletableFuture<List<Peer>> first = CompletableFuture.supplyAsync(
                () -> Peers.connect(worlds.get(0), "host0", LIMIT, LIMIT), command -> new Thread(command).start());
        String said = worlds.get(1).exchange("127.0.0.1\t1\thost1\tother").get(0);
        try (Socket silent = new Socket();
                Socket reset = new Socket();
                Socket rank1 = new Socket()) {
            silent.connect(listening(said));
            reset.connect(listening(said));
            reset.getOutputStream().write("GET".getBytes(StandardCharsets.UTF_8));
            reset.setSoLinger(true, 0); // Its end is a reset.
            reset.close();
            rank1.connect(listening(said));
            String word = said.split("\t", -1)[3];
            rank1.getOutputStream().write((word + "\t1\n").getBytes(StandardCharsets.UTF_8));

            List<Peer> peers = first.get(LIMIT.toMillis() + 1000, TimeUnit.MILLISECONDS);
            open.addAll(peers);
            assertThat(peers)
                    .singleElement()
                    .satisfies(peer -> assertThat(peer.rank).isEqualTo(1));
        }
    }

    @Test
    void silence_is_noticed_within_the_limit() throws Exception {
        connectTo0();
        long start = System.nanoTime();

        assertThat(losses.take()).contains("rank 1 on host1 is lost: nothing was heard of it for", "in starting");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(1), LIMIT);
    }

    @Test
    void the_end_of_a_connection_is_noticed_at_once() throws Exception {
        List<Peer> peers = connectTo0();
        peers.get(0).send("beat all-reduce 7 for 0 s");
        peers.get(0).close();

        assertThat(losses.poll(1, TimeUnit.SECONDS))
                .contains(
                        "rank 1 on host1 is lost: its connection ended",
                        "in all-reduce 7",
                        "rank 0 is in its own work");
    }

    @Test
    void a_failed_collective_names_who_was_lost_or_what_all_do() {
        Heartbeats heartbeats = start(2).get(0);
        World world = new WatchedWorld(Table.of(2).get(0), heartbeats);

        assertThatThrownBy(world::barrier)
                .isInstanceOf(FailureException.class)
                .hasMessageStartingWith("barrier 1 failed though all workers live (rank 0 in barrier 1 for ")
                .hasMessageContaining("rank 1 on host1 in its own work after start")
                .hasMessageEndingWith("connection closed by peer");
    }

    @Test
    void workers_that_differ_are_named_on_all_of_them(@TempDir Path directory) {
        List<Throwable> errors = together(Table.of(3), world -> {
            try {
                Preflight.on("host" + world.rank())
                        .fact("Java", "17", "set JAVA_HOME")
                        .fact("the data", world.rank() == 2 ? "b" : "a", "copy the files")
                        .check(world, directory);
                return new AssertionError("nothing was noticed");
            } catch (RuntimeException e) {
                return e;
            }
        });

        assertThat(errors)
                .allSatisfy(
                        error -> assertThat(error)
                                .isInstanceOf(InputException.class)
                                .hasMessage(
                                        "rank 2 on host2: expected the data a, as on rank 0 on host0, received b; copy the files"));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void a_run_directory_that_is_not_shared_is_noticed(@TempDir Path directory) {
        assertThatThrownBy(() -> together(Table.of(2), world -> {
                    Preflight.on("host").check(world, directory.resolve("of" + world.rank()));
                    return world;
                }))
                .isInstanceOf(CompletionException.class)
                .cause()
                .hasMessageContaining("to be there, as on rank 0")
                .hasMessageContaining("file system that all workers share");
    }
}
