package dev.jumbo.train.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.Workers;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker of a fully sharded training that is gone in the middle of it. */
class FullShardKilledTest {
    @TempDir
    Path run;

    @Test
    void the_other_says_what_is_gone_and_nothing_is_half_written() throws IOException {
        List<Workers.Ended> ended = Workers.run(2, FullShardWorker.class, run.toString(), "7");
        assertThat(ended.get(1).exit()).isEqualTo(9);
        assertThat(ended.get(0).exit()).as(ended.get(0).output()).isEqualTo(FullShardWorker.TOLD);
        assertThat(ended.get(0).output()).contains("told: ", "rank 1 on here").doesNotContain(".cc:");
        // Saved every 2 steps; the one that died had finished its seventh.
        assertThat(Checkpoint.latest(run).trainer().step()).isEqualTo(6);
        try (Stream<Path> all = Files.walk(run)) {
            assertThat(all.map(path -> path.getFileName().toString())).noneMatch(name -> name.startsWith(".tmp"));
        }
    }
}
