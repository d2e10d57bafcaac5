package dev.jumbo.train;

import static dev.jumbo.nn.layers.Layers.batchNorm;
import static dev.jumbo.nn.layers.Layers.dense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.config.YamlFile;
import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.sets.WeightedDataset;
import dev.jumbo.dist.ThreadWorlds;
import dev.jumbo.dist.World;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.losses.CrossEntropy;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.Kinds;
import dev.jumbo.train.optim.ClipExamples;
import dev.jumbo.train.optim.GradientRule;
import dev.jumbo.train.optim.Optimizers;
import dev.jumbo.train.optim.StepGradients;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training with a limit for each example's gradient, against one example after the other. */
class ClipExamplesTest {
    private static final int SIZE = 21;
    private static final int BATCH = 8;
    private static final double RATE = 0.5;
    private static final Sequential MODEL = Sequential.of(dense(16, Activation.TANH), dense(2));

    @TempDir
    private Path dir;

    private static float[] points() {
        SplittableRandom random = new SplittableRandom(4);
        float[] x = new float[2 * SIZE];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextDouble(-3, 3);
        }
        return x;
    }

    private static long[] labels() {
        float[] x = points();
        return IntStream.range(0, SIZE).mapToLong(i -> x[2 * i] > 0 ? 1 : 0).toArray();
    }

    private static Dataset data() {
        return ArrayDataset.of(
                Field.floats("x", Shape.of(2)), points(), Field.classId("y", List.of("no", "yes")), labels());
    }

    private static double[] weights() {
        return IntStream.range(0, SIZE).mapToDouble(i -> i % 3).toArray();
    }

    private TrainerBuilder trainer(String run, GradientRule... rules) {
        return Trainer.of(MODEL)
                .optimizer(Optimizers.sgd(RATE))
                .epochs(2)
                .batchSize(BATCH)
                .shuffle(false)
                .seed(5)
                .gradientRules(rules)
                .saveTo(dir.resolve(run));
    }

    private static float[] values(Checkpoint checkpoint) {
        try (Scope scope = Scope.open();
                var model = checkpoint.load()) {
            return model.store().values().toFloats();
        }
    }

    /** The same steps, one example after the other. @param counts what examples count @param batch examples of a step */
    private static float[] oneByOne(double limit, Loss loss, double[] counts, int batch) {
        try (Model model = Model.build(MODEL, Shape.of(2), RandomState.of(5).derive("init"))) {
            model.store().prepareTraining(false);
            for (int epoch = 0; epoch < 2; epoch++) {
                for (int from = 0; from < SIZE; from += batch) {
                    step(model, limit, loss, counts, from, Math.min(SIZE, from + batch));
                }
            }
            return model.store().values().toFloats();
        }
    }

    private static void step(Model model, double limit, Loss loss, double[] counts, int from, int to) {
        try (Scope scope = Scope.open()) {
            Tensor sum = model.store().gradients().mul(0);
            double all = 0;
            for (int i = from; i < to; i++) {
                model.store().zeroGradients();
                Tensor x = Tensor.of(new float[] {points()[2 * i], points()[2 * i + 1]}, Shape.of(1, 2));
                Tensor y = Tensor.of(new long[] {labels()[i]}, Shape.of(1));
                double count = counts[i] * loss.weight(y);
                all += count;
                loss.of(model.forward(x, Pass.forTraining()), y).backward();
                double norm = model.store().gradients().norm().item();
                sum.add_(model.store().gradients(), count * Math.min(1, limit / (norm + 1e-6)));
            }
            try (Autograd off = Autograd.noGrad()) {
                model.store().values().add_(sum, -RATE / all);
            }
        }
    }

    private static double[] ones() {
        return IntStream.range(0, SIZE).mapToDouble(i -> 1).toArray();
    }

    private static void assertClose(float[] received, float[] expected) {
        assertThat(received).containsExactly(expected, within(2e-6f));
    }

    @Test
    void each_example_is_limited_as_one_after_the_other() {
        float[] expected = oneByOne(0.1, Losses.crossEntropy(), ones(), BATCH);
        assertClose(values(trainer("limited", new ClipExamples(0.1, 0)).build().fit(data())), expected);
        float[] plain = values(trainer("plain").build().fit(data()));
        assertThat(IntStream.range(0, plain.length)
                        .mapToDouble(i -> Math.abs(plain[i] - expected[i]))
                        .max()
                        .orElse(0))
                .isGreaterThan(0.01);
    }

    @Test
    void a_limit_that_none_reaches_gives_plain_training() {
        float[] plain = values(trainer("plain").build().fit(data()));
        assertClose(values(trainer("large", new ClipExamples(1e6, 0)).build().fit(data())), plain);
    }

    @Test
    void accumulated_batches_make_the_step_of_one() {
        float[] expected = oneByOne(0.1, Losses.crossEntropy(), ones(), SIZE);
        Checkpoint parts = trainer("parts", new ClipExamples(0.1, 0))
                .batchSize(5)
                .gradientAccumulation(5)
                .build()
                .fit(data());
        assertClose(values(parts), expected);
    }

    @Test
    void several_workers_make_the_steps_of_one_with_the_same_noise() {
        float[] limited =
                values(trainer("one", new ClipExamples(0.1, 0)).build().fit(data()));
        float[] noisy =
                values(trainer("one-noisy", new ClipExamples(0.1, 0.5)).build().fit(data()));
        assertThat(noisy).isNotEqualTo(limited);
        for (int workers : new int[] {2, 3}) {
            assertClose(together(workers, 0, DistributedConfig.Strategy.DATA_PARALLEL), limited);
            assertClose(together(workers, 0.5, DistributedConfig.Strategy.DATA_PARALLEL), noisy);
        }
        assertClose(together(2, 0.5, DistributedConfig.Strategy.ZERO1), noisy);
    }

    private float[] together(int workers, double noise, DistributedConfig.Strategy strategy) {
        String run = "together-" + workers + noise + strategy;
        return values(ThreadWorlds.run(workers, world -> fit(world, run, noise, strategy))
                .get(0));
    }

    private Checkpoint fit(World world, String run, double noise, DistributedConfig.Strategy strategy) {
        return trainer(run, new ClipExamples(0.1, noise))
                .distributed(new DistributedConfig(strategy, true, 1e-5, 4, 30, 0, null))
                .world(world)
                .build()
                .fit(data());
    }

    @Test
    void examples_and_classes_of_different_weight_are_limited_before_they_are_weighed() {
        Loss loss = new CrossEntropy(0, List.of(0.5, 2.0), -100, true, 1);
        float[] expected = oneByOne(0.1, loss, weights(), SIZE);
        Checkpoint trained = trainer("weighted", new ClipExamples(0.1, 0))
                .loss(loss)
                .batchSize(32)
                .build()
                .fit(WeightedDataset.of(data(), weights()));
        assertClose(values(trained), expected);
    }

    /** As {@link ClipExamples}, on gradients that are written out. */
    private record WrittenOut(double limit) implements GradientRule {
        @Override
        public Looks looks() {
            return Looks.AT_GRADIENTS;
        }

        @Override
        public void example(Tensor gradients) {
            for (long i = 0; i < gradients.size(0); i++) {
                Tensor row = gradients.select(0, i);
                row.mul_(Math.min(1, limit / (row.norm().item() + 1e-6)));
            }
        }

        @Override
        public void step(StepGradients gradients, RandomState random) {}
    }

    @Test
    void a_rule_on_written_out_gradients_gives_the_same() {
        float[] limited =
                values(trainer("limited", new ClipExamples(0.1, 0)).build().fit(data()));
        assertClose(values(trainer("written", new WrittenOut(0.1)).build().fit(data())), limited);
        assertClose(
                values(trainer("both", new WrittenOut(0.1), new ClipExamples(5, 0))
                        .build()
                        .fit(data())),
                limited);
    }

    @Test
    void noise_has_the_deviation_of_the_limit_times_the_share_of_an_example() {
        try (Scope scope = Scope.open()) {
            Tensor gradients = Tensor.zeros(Shape.of(600_000));
            StepGradients step = new StepGradients(List.of(gradients), x -> x, 0, 1.0 / 64);
            new ClipExamples(3, 2).step(step, RandomState.of(1));
            assertThat(gradients.norm().item() / Math.sqrt(600_000)).isCloseTo(3 * 2 / 64.0, within(2e-4));
            assertThat(gradients.mean().item()).isCloseTo(0, within(1e-3));
            // Where workers divide the values, each draws its own part of the same noise.
            Tensor part = Tensor.zeros(Shape.of(300_000));
            new ClipExamples(3, 2).step(new StepGradients(List.of(part), x -> x, 200_000, 1.0 / 64), RandomState.of(1));
            assertThat(part.toFloats())
                    .isEqualTo(gradients.narrow(0, 200_000, 300_000).toFloats());
        }
    }

    @Test
    void a_resumed_run_has_the_same_limits_and_noise() {
        ClipExamples rule = new ClipExamples(0.1, 0.3);
        float[] whole = values(trainer("whole", rule).epochs(3).build().fit(data()));
        trainer("resumed", rule).epochs(1).build().fit(data());
        float[] resumed =
                values(trainer("resumed", rule).epochs(3).resume(true).build().fit(data()));
        assertThat(resumed).isEqualTo(whole);
    }

    @Test
    void bf16_is_limited_near_fp32() {
        float[] exact = values(trainer("fp32", new ClipExamples(0.1, 0)).build().fit(data()));
        float[] rounded = values(trainer("bf16", new ClipExamples(0.1, 0))
                .precision(TrainConfig.Precision.BF16)
                .build()
                .fit(data()));
        assertThat(rounded).containsExactly(exact, within(0.02f));
    }

    @Test
    void what_mixes_examples_or_runs_in_blocks_is_refused_before_the_first_step() {
        assertThatThrownBy(() -> Trainer.of(Sequential.of(dense(4), batchNorm(), dense(2)))
                        .gradientRules(new ClipExamples(1, 0))
                        .saveTo(dir.resolve("mixed"))
                        .build()
                        .fit(data()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("layers.1 (batch_norm)");
        assertThatThrownBy(() -> trainer("blocks", new ClipExamples(1, 0))
                        .recompute(true)
                        .build()
                        .fit(data()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("train.gradient_rules: clip_examples looks at")
                .hasMessageContaining("recompute");
    }

    @Test
    void files_name_the_rule() {
        TrainConfig config = Kinds.records()
                .read(
                        TrainConfig.class,
                        YamlFile.parse(
                                "run.yaml",
                                "gradient_rules: [{clip_examples: {max_norm: 0.5, noise_multiplier: 1.1}}]"));
        assertThat(config.gradientRules()).containsExactly(new ClipExamples(0.5, 1.1));
        assertThatThrownBy(() -> new ClipExamples(0, 0)).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> new ClipExamples(1, -1)).isInstanceOf(InputException.class);
    }
}
