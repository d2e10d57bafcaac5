package dev.jumbo.train.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.Workers;
import dev.jumbo.dist.World;
import dev.jumbo.tensor.Scope;
import dev.jumbo.train.Evaluator;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.metrics.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings in processes of their own, over Gloo, beside the same in one. */
class PipelineTrainingTest {
    private static final double RELATIVE = 1e-5;

    @TempDir
    Path runs;

    @Test
    void has_the_losses_the_figures_and_the_weights_of_one_process() throws IOException {
        workers(2, "WHOLE", "WEIGHTED", "BF16", "REFUSED");
        Map<String, Double> one = figures(PipelineRuns.WHOLE.run(World.single(), runs.resolve("one"), 0));
        Map<String, Double> weighted = figures(PipelineRuns.WEIGHTED.run(World.single(), runs.resolve("weighted"), 0));
        Map<String, Double> bf16 = figures(PipelineRuns.BF16.run(World.single(), runs.resolve("low"), 0));
        for (int rank = 0; rank < 2; rank++) {
            assertSame(figures(lines("WHOLE", 2, rank)), one);
            assertSame(figures(lines("WEIGHTED", 2, rank)), weighted);
            assertSame(figures(lines("BF16", 2, rank)), bf16);
            assertThat(lines("REFUSED", 2, rank))
                    .singleElement()
                    .asString()
                    .contains("sync_batch_norm", "leave it out");
        }
        assertSameWeights(runs.resolve("WHOLE"), runs.resolve("one"));
        assertSameWeights(runs.resolve("WEIGHTED"), runs.resolve("weighted"));
        assertThat(Checkpoint.best(runs.resolve("WHOLE")).trainer().step())
                .isEqualTo(Checkpoint.best(runs.resolve("one")).trainer().step());
        Checkpoint last = Checkpoint.latest(runs.resolve("WHOLE"));
        assertThat(last.manifest().files()).containsKey("optimizer-00001-of-00002.safetensors");
        assertThat(Evaluator.evaluate(last, PipelineRuns.DATA, Metrics.accuracy()))
                .containsKey("accuracy");
    }

    @Test
    void goes_on_on_one_worker_and_on_three() throws IOException {
        workers(2, "RESUMED:8");
        assertThat(Checkpoint.latest(runs.resolve("RESUMED")).trainer().step()).isEqualTo(8);
        PipelineRuns.RESUMED.run(World.single(), runs.resolve("RESUMED"), 14);
        workers(3, "RESUMED:24");
        workers(3, "RESUMED");
        Map<String, Double> one = figures(PipelineRuns.RESUMED.run(World.single(), runs.resolve("one"), 0));
        Map<String, Double> resumed = figures(lines("RESUMED", 3, 2));
        assertThat(resumed).containsKey("step-25 loss").doesNotContainKey("step-24 loss");
        one.keySet().retainAll(resumed.keySet());
        assertSame(resumed, one);
        assertSameWeights(runs.resolve("RESUMED"), runs.resolve("one"));
    }

    private void workers(int size, String... what) {
        String[] arguments = new String[what.length + 1];
        arguments[0] = runs.toString();
        System.arraycopy(what, 0, arguments, 1, what.length);
        for (Workers.Ended worker : Workers.run(size, PipelineRuns.class, arguments)) {
            assertThat(worker.exit()).as(worker.output()).isZero();
        }
    }

    private List<String> lines(String run, int size, int rank) throws IOException {
        return Files.readAllLines(runs.resolve(run + "-of-" + size + "-rank-" + rank));
    }

    private static Map<String, Double> figures(List<String> lines) {
        Map<String, Double> figures = new LinkedHashMap<>();
        for (String line : lines) {
            assertThat(line).doesNotStartWith("failed");
            int space = line.lastIndexOf(' ');
            figures.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
        }
        return figures;
    }

    private static void assertSame(Map<String, Double> received, Map<String, Double> expected) {
        assertThat(received.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, value) -> {
            if (value.isNaN()) {
                assertThat(received.get(name)).as(name).isNaN();
            } else {
                assertThat(received.get(name)).as(name).isCloseTo(value, within(1e-9 + RELATIVE * Math.abs(value)));
            }
        });
    }

    private static void assertSameWeights(Path received, Path expected) {
        try (Scope scope = Scope.open()) {
            Map<String, float[]> weights = new LinkedHashMap<>();
            Checkpoint.latest(received).weights().forEach((name, t) -> weights.put(name, t.toFloats()));
            Checkpoint.latest(expected).weights().forEach((name, tensor) -> {
                float[] values = tensor.toFloats();
                float largest = 0;
                for (float value : values) {
                    largest = Math.max(largest, Math.abs(value));
                }
                assertThat(weights.remove(name)).as(name).containsExactly(values, within((float) RELATIVE * largest));
            });
            assertThat(weights).isEmpty();
        }
    }
}
