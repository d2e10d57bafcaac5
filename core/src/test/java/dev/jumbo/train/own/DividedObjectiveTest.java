package dev.jumbo.train.own;

import static dev.jumbo.nn.layers.Layers.dense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.dist.ThreadWorlds;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.layers.ModelGroup;
import dev.jumbo.nn.layers.ModelGroup.GroupedModel;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.train.DistributedConfig;
import dev.jumbo.train.DistributedConfig.Strategy;
import dev.jumbo.train.TrainConfig.Precision;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.TrainerBuilder;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.objective.Phase;
import dev.jumbo.train.optim.Optimizers;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Objectives of a program's own and phases where workers divide the optimizer's state, beside data-parallel workers. */
class DividedObjectiveTest {
    /** Of 61 examples the last batch of 20 has one: fewer than workers. */
    private static final Dataset DATA = points(61);

    @TempDir
    Path runs;

    private static Dataset points(int size) {
        SplittableRandom random = new SplittableRandom(4);
        float[] points = new float[16 * size];
        for (int i = 0; i < points.length; i++) {
            points[i] = (float) (random.nextDouble() - 0.5);
        }
        return ArrayDataset.of(
                List.of(ArrayDataset.column(Field.floats("point", Shape.of(16)), points)),
                List.of(ArrayDataset.column(Field.floats("none", Shape.of()), new float[size])));
    }

    private static Layer one() {
        return Sequential.of(dense(24, Activation.TANH), dense(24, Activation.TANH), dense(16));
    }

    private static ModelGroup two() {
        Map<String, GroupedModel> models = new LinkedHashMap<>();
        models.put("encoder", new GroupedModel(null, Sequential.of(dense(24, Activation.TANH), dense(5))));
        models.put("decoder", new GroupedModel(Spec.floats(5), Sequential.of(dense(24, Activation.TANH), dense(16))));
        return new ModelGroup(models, "decoder");
    }

    private TrainerBuilder objective(int passes, boolean once) {
        return Trainer.of(one()).objective(new Restores(passes, once)).optimizer(Optimizers.adam(0.01));
    }

    private TrainerBuilder phases() {
        return Trainer.of(two())
                .phases(
                        new Phase("code", "encoder", new Recodes(1), Optimizers.adam(0.01), 1),
                        new Phase("back", "decoder*weight", new Recodes(0.5), Optimizers.sgd(0.01, 0.9), 2));
    }

    private Path train(String name, int workers, Strategy strategy, Supplier<TrainerBuilder> builder) {
        Path run = runs.resolve(name);
        ThreadWorlds.run(
                workers,
                world -> builder.get()
                        .epochs(4)
                        .batchSize(20)
                        .seed(3)
                        .maxGradNorm(0.5)
                        .distributed(new DistributedConfig(strategy, false, 0.001, 4, 30, 3, null))
                        .world(world)
                        .saveTo(run)
                        .build()
                        .fit(DATA));
        return run;
    }

    private static Map<String, float[]> weights(Path run) {
        try (Scope scope = Scope.open();
                Model model = Checkpoint.latest(run).load()) {
            Map<String, float[]> weights = new LinkedHashMap<>();
            model.state().forEach((name, tensor) -> weights.put(name, tensor.toFloats()));
            return weights;
        }
    }

    private static void assertSame(Path received, Path expected, float tolerance) {
        Map<String, float[]> right = weights(expected);
        weights(received)
                .forEach((name, values) ->
                        assertThat(values).as(name).containsExactly(right.get(name), within(tolerance)));
        Map<String, Double> figures = Checkpoint.latest(expected).trainer().metrics();
        Checkpoint.latest(received)
                .trainer()
                .metrics()
                .forEach((name, value) ->
                        assertThat(value).as(name).isCloseTo(figures.get(name), within(10.0 * tolerance)));
    }

    /** Over several batches, workers that divide the state add up in bf16. */
    private static int batches(Precision precision) {
        return precision == Precision.BF16 ? 1 : 2;
    }

    @ParameterizedTest
    @CsvSource({"2, FP32", "3, FP32", "3, BF16"})
    void an_objective_trains_as_data_parallel_workers_train_it(int workers, Precision precision) {
        int before = NativeMemory.liveTensors();
        Supplier<TrainerBuilder> own =
                () -> objective(2, false).precision(precision).gradientAccumulation(batches(precision));
        Path plain = train("plain", workers, Strategy.DATA_PARALLEL, own);
        Path divided = train("zero", workers, Strategy.ZERO1, own);
        assertSame(divided, plain, 1e-5f);
        assertThat(NativeMemory.liveTensors()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"2, FP32", "3, FP32", "3, BF16"})
    void phases_train_as_data_parallel_workers_train_them(int workers, Precision precision) {
        int before = NativeMemory.liveTensors();
        Supplier<TrainerBuilder> own = () -> phases().precision(precision).gradientAccumulation(batches(precision));
        Path plain = train("plain", workers, Strategy.DATA_PARALLEL, own);
        Path divided = train("zero", workers, Strategy.ZERO1, own);
        assertSame(divided, plain, 1e-5f);
        assertThat(NativeMemory.liveTensors()).isEqualTo(before);
    }

    @Test
    void phases_saved_by_three_go_on_with_two_and_with_one_that_has_all() {
        Path whole = train("whole", 3, Strategy.ZERO1, this::phases);
        for (int workers : new int[] {2, 1}) {
            String name = "broken" + workers;
            Supplier<TrainerBuilder> stopping = () -> phases().callback(new Callback() {
                @Override
                public void onStep(TrainingState state) {
                    if (state.step() == 7) {
                        state.stop("enough");
                    }
                }
            });
            train(name, 3, Strategy.ZERO1, stopping);
            Path resumed = train(
                    name, workers, workers == 1 ? Strategy.DATA_PARALLEL : Strategy.ZERO1, () -> phases().resume(true));
            assertSame(resumed, whole, 1e-5f);
        }
    }

    @Test
    void an_objective_of_one_pass_trains_fully_sharded() {
        Path plain = train("plain", 3, Strategy.DATA_PARALLEL, () -> objective(1, true));
        Path divided = train("sharded", 3, Strategy.FULLY_SHARDED, () -> objective(1, true));
        assertSame(divided, plain, 1e-5f);
    }

    @Test
    void what_cannot_be_divided_is_refused_with_what_works() {
        assertThatThrownBy(() -> train("a", 2, Strategy.FULLY_SHARDED, () -> objective(1, false)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected data_parallel or zero1 for an objective of its own, unless it says by"
                        + " passesOnce() that it is one pass through the whole model, received fully_sharded");
        assertThatThrownBy(() -> train("b", 2, Strategy.FULLY_SHARDED, this::phases))
                .hasMessageContaining("expected data_parallel or zero1 for phases, received fully_sharded");
        assertThatThrownBy(() -> train("c", 2, Strategy.PIPELINE, () -> objective(1, true)))
                .hasMessageContaining("expected data_parallel or zero1 for an objective of its own, received pipeline");
    }

    @Test
    void an_objective_that_passes_more_often_than_it_says_is_refused_when_it_does() {
        assertThatThrownBy(() -> train("lie", 2, Strategy.FULLY_SHARDED, () -> objective(2, true)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("one pass");
    }
}
