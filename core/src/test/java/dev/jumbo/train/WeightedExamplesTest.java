package dev.jumbo.train;

import static dev.jumbo.nn.layers.Layers.dense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.sets.WeightedDataset;
import dev.jumbo.data.split.Subset;
import dev.jumbo.dist.ThreadWorlds;
import dev.jumbo.dist.World;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.losses.CrossEntropy;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.objective.CountedLoss;
import dev.jumbo.train.optim.Optimizers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights of examples: against PyTorch and scikit-learn, and against examples that are there so many times. */
class WeightedExamplesTest {
    private static final JsonNode FIXTURE = JsonFixture.read("weights");
    private static final int SIZE = 37;

    @TempDir
    private Path dir;

    static Stream<Arguments> losses() {
        return Stream.of(
                Arguments.of("cross_entropy", Losses.crossEntropy()),
                Arguments.of("class_weights", new CrossEntropy(0, List.of(0.5, 1.0, 2.0, 3.0), -100, true, 1)),
                Arguments.of("sequences", Losses.sequenceCrossEntropy(-100)),
                Arguments.of("mse", Losses.mse()),
                Arguments.of("mae", Losses.mae()),
                Arguments.of("huber", Losses.huber()),
                Arguments.of("binary_cross_entropy", Losses.binaryCrossEntropy()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("losses")
    void the_mean_and_its_gradient_are_those_of_pytorch(String name, Loss loss) {
        JsonNode expected = FIXTURE.get(name);
        try (Scope scope = Scope.open()) {
            Tensor outputs = tensor(expected.get("outputs")).requiresGrad(true);
            CountedLoss counted = new CountedLoss(loss, JsonFixture.doubles(expected.get("weights")));
            Tensor value = counted.of(outputs, tensor(expected.get("targets")));
            assertThat(value.item()).isCloseTo(expected.get("loss").asDouble(), within(1e-6));
            if (!expected.get("sklearn").isNull()) {
                assertThat(value.item()).isCloseTo(expected.get("sklearn").asDouble(), within(1e-6));
            }
            value.backward();
            assertThat(outputs.grad().toFloats())
                    .containsExactly(JsonFixture.floats(expected.get("gradient")), within(1e-6f));
        }
    }

    private static Tensor tensor(JsonNode node) {
        Shape shape = Shape.of(JsonFixture.longs(node.get("shape")));
        return node.path("ids").asBoolean()
                ? Tensor.of(JsonFixture.longs(node.get("values")), shape)
                : Tensor.of(JsonFixture.floats(node.get("values")), shape);
    }

    private static Dataset points() {
        SplittableRandom random = new SplittableRandom(4);
        float[] x = new float[2 * SIZE];
        long[] y = new long[SIZE];
        for (int i = 0; i < SIZE; i++) {
            x[2 * i] = (float) random.nextDouble(-1, 1);
            x[2 * i + 1] = (float) random.nextDouble(-1, 1);
            y[i] = x[2 * i] + random.nextDouble(-0.5, 0.5) > 0 ? 1 : 0;
        }
        return ArrayDataset.of(Field.floats("x", Shape.of(2)), x, Field.classId("y", List.of("no", "yes")), y);
    }

    /** Example i counts i mod 4. */
    private static double[] counts() {
        return IntStream.range(0, SIZE).mapToDouble(i -> i % 4).toArray();
    }

    private static Dataset repeated() {
        return Subset.of(
                points(),
                IntStream.range(0, SIZE)
                        .flatMap(i -> IntStream.generate(() -> i).limit(i % 4))
                        .toArray());
    }

    private static Dataset weighted() {
        return WeightedDataset.of(points(), counts());
    }

    private TrainerBuilder trainer(String run) {
        return Trainer.of(Sequential.of(dense(3), dense(2)))
                .optimizer(Optimizers.sgd(0.5))
                .epochs(3)
                .seed(2)
                .shuffle(false)
                .saveTo(dir.resolve(run));
    }

    @Test
    void an_example_of_weight_3_counts_as_one_that_is_there_3_times() {
        Checkpoint once = trainer("once").batchSize(64).build().fit(weighted());
        Checkpoint times = trainer("times").batchSize(64).build().fit(repeated());
        assertSame(weights(once), weights(times));
        assertThat(loss(once)).isCloseTo(loss(times), within(1e-6));
        assertThat(Evaluator.evaluate(once, weighted()).get("loss"))
                .isCloseTo(Evaluator.evaluate(once, repeated()).get("loss"), within(1e-6));
    }

    @Test
    void accumulated_batches_of_different_weight_make_the_step_of_one_batch() {
        Checkpoint whole = trainer("whole").batchSize(64).build().fit(weighted());
        Checkpoint parts = trainer("parts")
                .batchSize(5) // Eight batches, the last one of two examples.
                .gradientAccumulation(8)
                .build()
                .fit(weighted());
        assertSame(weights(whole), weights(parts));
        assertThat(loss(whole)).isCloseTo(loss(parts), within(1e-6));
    }

    @Test
    void several_workers_make_the_steps_of_one() {
        Checkpoint one = trainer("one").batchSize(8).build().fit(weighted());
        for (int workers : new int[] {2, 3}) {
            List<Checkpoint> together = ThreadWorlds.run(workers, world -> fit(world, "workers-" + workers));
            assertSame(weights(one), weights(together.get(0)));
            assertThat(loss(one)).isCloseTo(loss(together.get(0)), within(1e-6));
        }
    }

    private Checkpoint fit(World world, String run) {
        return trainer(run).batchSize(8).world(world).build().fit(weighted());
    }

    private static double loss(Checkpoint checkpoint) {
        return Objects.requireNonNull(checkpoint.trainer().metrics().get("loss"));
    }

    private static Map<String, float[]> weights(Checkpoint checkpoint) {
        Map<String, float[]> weights = new java.util.TreeMap<>();
        try (Scope scope = Scope.open();
                var model = checkpoint.load()) {
            model.state().forEach((name, tensor) -> weights.put(name, tensor.toFloats()));
        }
        return weights;
    }

    private static void assertSame(Map<String, float[]> expected, Map<String, float[]> received) {
        assertThat(received.keySet()).isEqualTo(expected.keySet());
        expected.forEach(
                (name, values) -> assertThat(received.get(name)).as(name).containsExactly(values, within(1e-6f)));
    }

    @Test
    void weights_near_the_largest_weigh_as_small_ones_do() {
        double largest = 0x1p126;
        Dataset large = WeightedDataset.of(
                points(),
                Arrays.stream(counts()).map(count -> count / 2 * largest).toArray());
        Checkpoint small = trainer("small").batchSize(8).build().fit(weighted());
        Checkpoint scaled = trainer("large").batchSize(8).build().fit(large);
        assertSame(weights(small), weights(scaled));
        assertThat(loss(scaled)).isCloseTo(loss(small), within(1e-6));
    }

    @Test
    void weights_that_mean_nothing_are_refused() {
        assertThatThrownBy(() -> WeightedDataset.of(points(), new double[3]))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a weight for each of the 37 examples, received 3");
        for (double wrong : new double[] {-1, 1e39, Double.NaN, Double.POSITIVE_INFINITY}) {
            double[] weights = counts();
            weights[5] = wrong;
            assertThatThrownBy(() -> WeightedDataset.of(points(), weights))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("received " + wrong + " for example 5");
        }
        assertThatThrownBy(() -> WeightedDataset.of(points(), new double[SIZE]))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("nothing would be learned");
    }
}
