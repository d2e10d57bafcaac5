package dev.jumbo.dist.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.FailureException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
@Timeout(30)
class WorkerProcessTest {
    /** What a worker wrote. */
    private static final class Lines implements WorkerProcess.Output {
        private final List<String> out = new CopyOnWriteArrayList<>();
        private final List<String> err = new CopyOnWriteArrayList<>();

        @Override
        public void out(String line) {
            out.add(line);
        }

        @Override
        public void err(String line) {
            err.add(line);
        }
    }

    private final Lines lines = new Lines();

    private WorkerProcess start(String script) {
        return WorkerProcess.start(List.of("sh", "-c", script), Map.of("RANK", "1"), null, lines);
    }

    private WorkerExit run(String script) {
        try (WorkerProcess worker = start(script)) {
            return worker.onExit().join();
        }
    }

    @Test
    void passes_lines_on_but_for_those_of_the_protocol() {
        WorkerExit exit =
                run("echo $RANK $JUMBO_GANG; echo '@jumbo rendezvous here:1'; echo '@jumbo later'; echo e >&2");

        assertThat(exit.isDone()).isTrue();
        assertThat(lines.out).containsExactly("1 1");
        assertThat(lines.err).containsExactly("e");
    }

    @Test
    void tells_one_worker_where_the_other_listens() {
        try (WorkerProcess first = start("echo '@jumbo rendezvous host:1234'; exec sleep 60");
                WorkerProcess second = start("read address; echo \"to $address\"")) {
            second.connectTo(first.rendezvous().join());

            assertThat(second.onExit().join().status()).isZero();
            assertThat(lines.out).containsExactly("to host:1234");
        }
    }

    @Test
    void a_worker_that_ends_before_it_listens_says_why() {
        try (WorkerProcess worker = start("echo 'jumbo: no such file' >&2; exit 2")) {
            assertThatThrownBy(() -> worker.rendezvous().get(10, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(FailureException.class)
                    .hasMessage("the worker ended before it could be reached: exit 2: no such file");
        }
    }

    @Test
    void an_exit_names_the_signal_or_the_last_error() {
        assertThat(run("kill -9 $$").describe()).isEqualTo("killed by SIGKILL");
        assertThat(run("echo 'jumbo: disk full' >&2; echo '  at x' >&2; exit 1").describe())
                .isEqualTo("exit 1: disk full");
        assertThat(run("echo 'Killed' >&2; exit 7").describe()).isEqualTo("exit 7: Killed");
    }

    @Test
    void closing_ends_a_worker_that_is_stopped_and_its_children() throws Exception {
        WorkerProcess worker = start("sleep 60 & echo $!; kill -STOP $$; wait");
        while (lines.out.isEmpty()) {
            Thread.sleep(5);
        }
        ProcessHandle child = ProcessHandle.of(Long.parseLong(lines.out.get(0))).orElseThrow();

        worker.close();

        assertThat(child.isAlive()).isFalse();
        assertThat(worker.isAlive()).isFalse();
        assertThat(worker.onExit().join().describe()).contains("SIGKILL");
    }

    @Test
    void a_worker_ends_also_where_nobody_can_take_its_lines() {
        WorkerProcess.Output broken = new WorkerProcess.Output() {
            @Override
            public void out(String line) {
                throw new IllegalStateException("the terminal is gone");
            }

            @Override
            public void err(String line) {}
        };
        // More than a pipe holds.
        List<String> command = List.of("sh", "-c", "yes line | head -n 20000; exit 5");
        try (WorkerProcess worker = WorkerProcess.start(command, Map.of(), null, broken)) {
            assertThat(worker.onExit().join().status()).isEqualTo(5);
        }
    }

    @Test
    void a_program_that_does_not_exist_is_a_failure() {
        assertThatThrownBy(() -> WorkerProcess.start(List.of("/no/such/java"), Map.of(), null, lines))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("/no/such/java");
    }

    @Test
    void a_worker_hears_of_rank_0_and_of_the_end_of_its_launcher() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        LauncherLink link = LauncherLink.open(
                new ByteArrayInputStream("host:77\n".getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                ended::countDown);
        link.announce("me:88");

        assertThat(link.await()).isEqualTo("host:77");
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(out.toString(StandardCharsets.UTF_8).strip()).isEqualTo("@jumbo rendezvous me:88");
    }
}
