package dev.jumbo.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.tensor.RandomState;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training that is killed (SIGKILL) at random moments and resumed each time ends with the weights of one that was
 * not. {@code -Djumbo.kills=100} sets how many kills; a few by default.
 */
class KilledTrainingTest {
    private static final int KILLS = Integer.getInteger("jumbo.kills", 4);

    @TempDir
    Path runs;

    @Test
    void ends_with_the_weights_of_an_uninterrupted_run_however_often_it_is_killed() throws Exception {
        Path whole = runs.resolve("whole");
        long start = System.nanoTime();
        Process uninterrupted = start(whole);
        assertThat(uninterrupted.waitFor()).isZero();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        String expected = Checkpoint.latest(whole).manifest().sha256("model.safetensors");

        SplittableRandom random = RandomState.of(3).generator();
        int kills = 0;
        for (int round = 0; kills < KILLS; round++) {
            Path killed = runs.resolve("killed-" + round);
            for (boolean ended = false; !ended; ) {
                Process training = start(killed);
                ended = kills >= KILLS
                        ? training.waitFor(10 * millis, TimeUnit.MILLISECONDS)
                        : training.waitFor(random.nextLong(millis / 8, millis), TimeUnit.MILLISECONDS);
                if (ended) {
                    assertThat(training.exitValue())
                            .as("exit status after %d kills", kills)
                            .isZero();
                }
                if (!ended) {
                    training.destroyForcibly().waitFor();
                    kills++;
                    if (new RunDirectory(killed).hasCheckpoint()) {
                        assertThat(Checkpoint.latest(killed).trainer().step()).isPositive();
                    }
                }
            }
            assertThat(Checkpoint.latest(killed).manifest().sha256("model.safetensors"))
                    .as("weights of round %d after %d kills", round, kills)
                    .isEqualTo(expected);
        }
        assertThat(kills).isGreaterThanOrEqualTo(KILLS);
    }

    private static Process start(Path run) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        KillableTraining.class.getName(),
                        run.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
