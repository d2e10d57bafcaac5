package dev.jumbo.serve.repository;

import static dev.jumbo.nn.layers.Layers.dense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.serve.repository.load.SavedVersions;
import dev.jumbo.serve.repository.settings.RepositoryConfig;
import dev.jumbo.serve.repository.settings.VersionPolicy;
import dev.jumbo.serve.wire.Refusal;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.infer.EngineChoice;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an unloaded model gives back; {@code -Djumbo.cycles=100 -Djumbo.width=4096} for more of it. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class UnloadTest {
    private static final int CYCLES = Integer.getInteger("jumbo.cycles", 12);
    private static final int WIDTH = Integer.getInteger("jumbo.width", 2048);
    private static final long MIB = 1 << 20;

    @TempDir
    static Path runs;

    @TempDir
    Path root;

    private static Path checkpoint() {
        Path run = runs.resolve("wide");
        return run.toFile().exists()
                ? Checkpoint.latest(run).directory()
                : CodedModels.checkpoint(run, 1, Sequential.of(dense(WIDTH), dense(WIDTH), dense(2)));
    }

    private static RepositoryConfig config(@Nullable Long memory) {
        return new RepositoryConfig(
                RepositoryConfig.Mode.EXPLICIT, 0.05, VersionPolicy.latest(), List.of(), 1, 1, memory, 120, 5);
    }

    /** Resident memory without the heap of Java, which grows as its collector likes. */
    private static long outsideTheHeap() {
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
        return NativeMemory.residentBytes() - heap;
    }

    @ParameterizedTest
    @EnumSource(EngineChoice.class)
    void a_model_that_is_unloaded_gives_its_memory_back_each_time(EngineChoice engine) throws Exception {
        CodedModels.copy(checkpoint(), root.resolve("a/1"));
        long weights = 4L * WIDTH * WIDTH;
        List<Long> unloaded = new ArrayList<>();
        long loaded = 0;
        int tensors = NativeMemory.liveTensors();
        try (Repository repository = Repository.open(root, config(null), new SavedVersions(engine))) {
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                repository.load("a", Map.of()).get(120, TimeUnit.SECONDS);
                try (Lease lease = repository.lease("a", null)) {
                    CodedModels.answer(lease);
                }
                loaded = outsideTheHeap();
                repository.unload("a", false);
                RepositoryTest.until(() -> repository.index(false).get(0).state() == VersionState.FOUND);
                unloaded.add(outsideTheHeap());
            }
        }
        assertThat(NativeMemory.liveTensors()).isEqualTo(tensors);
        long first = unloaded.get(CYCLES / 3);
        long last = unloaded.get(CYCLES - 1);
        System.err.printf(
                Locale.ROOT,
                "%s, weights of %d MiB, %d cycles: loaded %d MiB, unloaded %d MiB after the first, %d after a third, %d at the end%n",
                engine,
                weights / MIB,
                CYCLES,
                loaded / MIB,
                unloaded.get(0) / MIB,
                first / MIB,
                last / MIB);
        // Were nothing given back, each cycle would add the weights.
        assertThat(last - first).isLessThan(weights * (CYCLES - CYCLES / 3) / 4);
    }

    @Test
    void a_load_that_does_not_fit_is_refused_with_the_figures_over_the_call_too() throws Exception {
        CodedModels.copy(checkpoint(), root.resolve("a/1"));
        try (Repository repository = Repository.open(root, config(8 * MIB), new SavedVersions(EngineChoice.LIBTORCH))) {
            assertThatThrownBy(() -> repository.load("a", Map.of()).get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(Refusal.class)
                    .hasMessageContaining("of memory; of the 8 MiB of serve.repository.memory_bytes 8 MiB are free");
        }
    }
}
