package dev.jumbo.dist.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** With shell scripts for workers: what they do is not the launcher's business. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class LocalLauncherTest {
    @TempDir
    Path directory;

    private final List<String> news = new CopyOnWriteArrayList<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private LocalLauncher launcher(String script) {
        return new LocalLauncher(
                new LocalLauncher.Workers(
                        (rank, size) -> List.of("sh", "-c", script),
                        Map.of("DIR", directory.toString()),
                        "127.0.0.1",
                        this::output),
                this::checkpoint,
                news::add,
                Duration.ofSeconds(20));
    }

    private WorkerProcess.Output output(int rank) {
        return new WorkerProcess.Output() {
            @Override
            public void out(String line) {
                lines.add(rank + ": " + line);
            }

            @Override
            public void err(String line) {
                lines.add(rank + "! " + line);
            }
        };
    }

    private Optional<String> checkpoint() {
        try {
            Path file = directory.resolve("checkpoint");
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void all_ranks_get_their_place_and_the_address_of_rank_0() {
        launcher("""
                if [ $RANK = 0 ]; then echo "@jumbo rendezvous $MASTER_ADDR:55"; address=mine; else read address; fi
                echo $RANK of $WORLD_SIZE, $LOCAL_RANK of $LOCAL_WORLD_SIZE, $MASTER_PORT, $address""").run(3, 3, 0);

        assertThat(lines)
                .containsExactlyInAnyOrder(
                        "0: 0 of 3, 0 of 3, 0, mine",
                        "1: 1 of 3, 1 of 3, 0, 127.0.0.1:55",
                        "2: 2 of 3, 2 of 3, 0, 127.0.0.1:55");
    }

    @Test
    void a_killed_worker_is_named_and_all_start_again() {
        launcher("""
                [ -e $DIR/checkpoint ] && exit 0
                [ $RANK = 0 ] && exec sleep 60
                echo 1 > $DIR/checkpoint; kill -9 $$""").run(2, 2, 3);

        assertThat(news).hasSize(1);
        assertThat(news.get(0))
                .startsWith("rank 1 on ")
                .contains("killed by SIGKILL", "all 2 workers start again from the last checkpoint (restart 1)");
    }

    @Test
    void a_worker_that_was_told_to_end_and_saved_spends_no_restart() {
        launcher("""
                n=$(cat $DIR/checkpoint 2>/dev/null || echo 0)
                [ $n = 3 ] && exit 0
                [ $RANK = 0 ] && exec sleep 60
                echo $((n + 1)) > $DIR/checkpoint; kill -TERM $$""").run(2, 2, 0);

        assertThat(news).hasSize(3);
        assertThat(news.get(0)).contains("killed by SIGTERM", "all 2 workers start again", "counts as no restart");
    }

    @Test
    void one_that_is_told_to_end_and_saves_nothing_is_lost_like_any_other() {
        assertThatThrownBy(() -> launcher("kill -TERM $$").run(2, 2, 1))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("gave up after 1 restarts");
    }

    @Test
    void who_was_lost_counts_more_than_who_noticed_it() {
        assertThatThrownBy(() -> launcher("""
                        [ $RANK = 0 ] && echo 'jumbo: rank 1 was lost' >&2 && exit 3
                        sleep 0.2; echo 'jumbo: disk full' >&2; exit 1""").run(2, 2, 0))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("rank 1 on ")
                .hasMessageContaining("exit 1: disk full; gave up after 0 restarts");
    }

    @Test
    void a_mistake_is_said_once_and_never_tried_again() {
        assertThatThrownBy(() -> launcher("echo started; echo 'jumbo: no such key' >&2; exit 2")
                        .run(2, 2, 3))
                .isInstanceOf(InputException.class)
                .hasMessage("no such key");
        assertThat(lines.stream().filter(line -> line.endsWith("started"))).hasSizeLessThanOrEqualTo(2);
        assertThat(news).isEmpty();
    }

    @Test
    void goes_on_with_fewer_workers_where_so_many_cannot_be_had() {
        launcher("[ $WORLD_SIZE = 1 ] || kill -9 $$").run(2, 1, 3);

        assertThat(news).hasSize(2);
        assertThat(news.get(1)).contains("only 1 of 2 workers start again");
    }
}
