package dev.jumbo.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.SharedData;
import dev.jumbo.Workers;
import dev.jumbo.dist.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two workers against one on the joined batches. They go through all scenarios in one process each, as starting one costs seconds. */
class DataParallelTest {
    /** Sums over two parts and one sum over all round differently. */
    private static final double RELATIVE = 1e-5;

    @TempDir
    static Path directory;

    private static Path mnist = Path.of("");

    @BeforeAll
    static void two_workers_do_all_scenarios() {
        mnist = SharedData.find("mnist").orElse(mnist);
        List<String> arguments =
                new ArrayList<>(List.of(directory.resolve("two").toString(), mnist.toString()));
        for (Scenario scenario : scenarios()) {
            arguments.add(scenario == Scenario.RESUMED ? "RESUMED:9" : scenario.name());
        }
        requireDone(Workers.run(2, ScenarioWorker.class, arguments.toArray(String[]::new)));
    }

    @Test
    void follow_the_loss_of_one_worker_over_a_hundred_steps() {
        List<String> one = alone(Scenario.CONVOLUTION);
        assertThat(Trace.of(one, "step")).hasSize(100);
        assertSame(two(Scenario.CONVOLUTION, 0), one);
    }

    @Test
    void follow_the_loss_of_one_worker_over_a_hundred_steps_on_mnist() {
        SharedData.require("mnist");
        List<String> one = alone(Scenario.MNIST);
        assertThat(Trace.of(one, "step")).hasSize(100);
        assertSame(two(Scenario.MNIST, 0), one);
    }

    @Test
    void weigh_means_clip_penalise_average_and_accumulate_as_one_worker_does() {
        List<String> one = alone(Scenario.WEIGHTED);
        assertThat(Trace.of(one, "step")).hasSize(15);
        assertSame(two(Scenario.WEIGHTED, 0), one);
    }

    @Test
    void normalise_by_the_whole_batch_as_one_worker_does() {
        assertSame(two(Scenario.SYNC_BATCH_NORM, 0), alone(Scenario.SYNC_BATCH_NORM));
    }

    @Test
    void mix_augment_and_compute_in_bf16_as_one_worker_does() {
        List<String> one = alone(Scenario.MIXED);
        // Gradients of a part are rounded to bf16, which has three digits, before they are added up.
        assertSame(two(Scenario.MIXED, 0), one, 5e-3);
    }

    @Test
    void have_the_same_parameters_buffers_and_figures() {
        for (Scenario scenario : scenarios()) {
            assertThat(two(scenario, 1)).as(scenario.name()).isEqualTo(two(scenario, 0));
        }
    }

    @Test
    void stop_early_in_the_same_epoch() {
        List<String> one = alone(Scenario.EARLY_STOPPING);
        assertThat(Trace.of(one, "epoch-2")).isNotEmpty();
        assertThat(Trace.of(one, "epoch-3")).isEmpty();
        assertSame(two(Scenario.EARLY_STOPPING, 0), one);
    }

    @Test
    void all_fail_with_a_loss_that_is_not_finite_in_the_part_of_any() {
        List<String> one = alone(Scenario.NOT_FINITE);
        List<String> failures = Trace.of(two(Scenario.NOT_FINITE, 1), "failed");
        assertThat(failures).singleElement().asString().contains("expected a finite loss");
        assertThat(failures).isEqualTo(Trace.of(one, "failed"));
    }

    @Test
    void resume_on_another_number_of_workers_and_back() throws IOException {
        List<String> whole = alone(Scenario.RESUMED);
        Path run = directory.resolve("two");
        requireDone(Workers.run(3, ScenarioWorker.class, run.toString(), "", "RESUMED:22"));
        // The middle of the second epoch, begun by two and interrupted under three.
        List<String> one = Scenario.RESUMED
                .run(World.single(), run.resolve("RESUMED"), Path.of(""), 33)
                .lines();
        List<String> two = two(Scenario.RESUMED, 0);
        requireDone(Workers.run(2, ScenarioWorker.class, run.toString(), "", "RESUMED"));

        List<String> parts = new ArrayList<>(two);
        parts.addAll(Files.readAllLines(run.resolve("RESUMED-of-3-rank-0")));
        parts.addAll(one);
        parts.addAll(two(Scenario.RESUMED, 0));
        Map<String, Double> expected = figures(whole);
        Map<String, Double> received = figures(parts);
        assertThat(received.keySet()).containsAll(expected.keySet());
        assertClose(received, expected, RELATIVE);
    }

    private static List<Scenario> scenarios() {
        return Stream.of(Scenario.values())
                .filter(scenario ->
                        scenario != Scenario.MNIST || !mnist.toString().isEmpty())
                .toList();
    }

    private static List<String> alone(Scenario scenario) {
        return scenario.run(World.single(), directory.resolve("one-" + scenario), mnist, 0)
                .lines();
    }

    private static List<String> two(Scenario scenario, int rank) {
        try {
            return Files.readAllLines(directory.resolve("two/" + scenario + "-of-2-rank-" + rank));
        } catch (IOException e) {
            throw new AssertionError("rank " + rank + " left no trace of " + scenario, e);
        }
    }

    private static void assertSame(List<String> workers, List<String> one) {
        assertSame(workers, one, RELATIVE);
    }

    private static void assertSame(List<String> workers, List<String> one, double relative) {
        assertThat(Trace.of(one, "failed")).isEmpty();
        assertThat(Trace.of(workers, "end")).isEqualTo(Trace.of(one, "end"));
        assertThat(figures(workers).keySet()).isEqualTo(figures(one).keySet());
        assertClose(figures(workers), figures(one), relative);
    }

    private static void assertClose(Map<String, Double> received, Map<String, Double> expected, double relative) {
        expected.forEach((name, value) -> assertThat(received.get(name))
                .as(name)
                .isCloseTo(value, within(Math.max(1e-9, relative * Math.abs(value)))));
    }

    /** The loss of each step and the figures of each epoch; of a step done again after a resume, the last. */
    private static Map<String, Double> figures(List<String> lines) {
        Map<String, Double> figures = new LinkedHashMap<>();
        for (String line : lines) {
            if (line.startsWith("step") || line.startsWith("epoch")) {
                int space = line.lastIndexOf(' ');
                figures.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
            }
        }
        return figures;
    }

    private static void requireDone(List<Workers.Ended> workers) {
        for (Workers.Ended worker : workers) {
            assertThat(worker.exit()).as(worker.output()).isZero();
        }
    }
}
