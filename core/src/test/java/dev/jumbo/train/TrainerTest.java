package dev.jumbo.train;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.batchNorm;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.dropout;
import static dev.jumbo.nn.layers.Layers.relu;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.data.Dataset;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.train.TrainConfig.Checkpoints;
import dev.jumbo.train.TrainConfig.Precision;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.TrainerFile;
import dev.jumbo.train.metrics.Metrics;
import dev.jumbo.train.optim.Optimizers;
import dev.jumbo.train.optim.ReduceOnPlateau;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainerTest {
    @TempDir
    Path runs;

    private final Dataset moons = Moons.of(600, 1);

    private static Sequential network() {
        return Sequential.of(dense(16, RELU), dropout(0.1), dense(16, RELU), dense(2));
    }

    private TrainerBuilder trainer(String run) {
        return Trainer.of(network())
                .optimizer(Optimizers.adam(1e-2))
                .epochs(8)
                .batchSize(32)
                .validationSplit(0.2)
                .seed(7)
                .saveTo(runs.resolve(run));
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void learns_two_moons(Precision precision) {
        Checkpoint best =
                trainer("moons").epochs(25).precision(precision).build().fit(moons);
        Map<String, Double> figures = Evaluator.evaluate(best, Moons.of(500, 2), Metrics.accuracy());
        assertThat(figures.get("accuracy")).isGreaterThan(0.95);
    }

    @Test
    void gives_the_same_weights_for_the_same_seed_and_others_for_another() {
        String first = weights(trainer("a").build().fit(moons));
        String second = weights(trainer("b").build().fit(moons));
        String third = weights(trainer("c").seed(8).build().fit(moons));
        assertThat(second).isEqualTo(first);
        assertThat(third).isNotEqualTo(first);
    }

    @Test
    void goes_on_bit_for_bit_where_a_run_was_interrupted_in_the_middle_of_an_epoch() {
        Map<String, UnaryOperator<TrainerBuilder>> settings = Map.of(
                "plain", builder -> builder,
                "averaged", builder -> builder.emaDecay(0.95),
                "bf16", builder -> builder.precision(Precision.BF16).emaDecay(0.95),
                "plateau", builder -> builder.schedule(new ReduceOnPlateau("loss", 0.5, 0, 1e-4, 0, 0)));
        settings.forEach((name, set) -> {
            TrainerBuilder whole = set.apply(configured(name + "-whole"));
            whole.build().fit(moons);
            Callback interrupt = new Callback() {
                @Override
                public void onStep(TrainingState state) {
                    if (state.step() == 52) {
                        throw new IllegalStateException("pulled the plug");
                    }
                }
            };
            assertThatThrownBy(() -> set.apply(configured(name + "-part"))
                            .callback(interrupt)
                            .build()
                            .fit(moons))
                    .hasMessage("pulled the plug");
            assertThat(Checkpoint.latest(runs.resolve(name + "-part")).trainer().step())
                    .isEqualTo(50);
            set.apply(configured(name + "-part")).resume(true).build().fit(moons);
            for (String file : List.of("model.safetensors", "optimizer.safetensors")) {
                assertThat(latestHash(name + "-part", file)).isEqualTo(latestHash(name + "-whole", file));
            }
            TrainerFile resumed =
                    Checkpoint.latest(runs.resolve(name + "-part")).trainer();
            TrainerFile uninterrupted =
                    Checkpoint.latest(runs.resolve(name + "-whole")).trainer();
            for (String figure : List.of("loss", "accuracy", "val_loss", "val_accuracy", "learning_rate")) {
                assertThat(resumed.metrics().get(figure))
                        .as(figure)
                        .isEqualTo(uninterrupted.metrics().get(figure));
            }
            assertThat(resumed.state()).isEqualTo(uninterrupted.state());
        });
    }

    private TrainerBuilder configured(String run) {
        return Trainer.of(Sequential.of(dense(16), batchNorm(), relu(), dropout(0.1), dense(2)))
                .optimizer(Optimizers.adam(1e-2))
                .epochs(4)
                .batchSize(32)
                .validationSplit(0.2)
                .seed(7)
                .saveTo(runs.resolve(run))
                .checkpoints(new Checkpoints(10, 2));
    }

    @Test
    void averages_gradients_over_batches_as_one_large_batch_would() {
        Checkpoint large = plain("large", 64, 1);
        Checkpoint accumulated = plain("accumulated", 16, 4);
        assertThat(accumulated.trainer().step()).isEqualTo(large.trainer().step());
        assertThat(accumulated.trainer().metrics().get("loss"))
                .isCloseTo(large.trainer().metrics().get("loss"), within(1e-5));
    }

    @Test
    void averages_over_the_batches_that_are_left_in_the_last_step_of_an_epoch() {
        assertThat(gradientNorm("all", 32, 8)).isCloseTo(gradientNorm("whole", 96, 1), within(1e-5));
    }

    @Test
    void the_loss_of_a_step_is_that_of_all_its_batches() {
        assertThat(stepLoss("all", 32, 3)).isCloseTo(stepLoss("whole", 96, 1), within(1e-6));
        assertThat(stepLoss("uneven", 40, 3)).isCloseTo(stepLoss("again", 96, 1), within(1e-6));
    }

    private double stepLoss(String run, int batch, int accumulation) {
        double[] loss = new double[1];
        Trainer.of(Sequential.of(dense(8, RELU), dense(2)))
                .epochs(1)
                .batchSize(batch)
                .gradientAccumulation(accumulation)
                .callback(new Callback() {
                    @Override
                    public void onStep(TrainingState state) {
                        loss[0] = state.loss();
                    }
                })
                .saveTo(runs.resolve(run))
                .build()
                .fit(Moons.of(96, 1));
        return loss[0];
    }

    private double gradientNorm(String run, int batch, int accumulation) {
        double[] norm = new double[1];
        Trainer.of(Sequential.of(dense(8, RELU), dense(2)))
                .epochs(1)
                .batchSize(batch)
                .gradientAccumulation(accumulation)
                .callback(new Callback() {
                    @Override
                    public void onStep(TrainingState state) {
                        norm[0] = state.gradientNorm();
                    }
                })
                .saveTo(runs.resolve(run))
                .build()
                .fit(Moons.of(96, 1));
        return norm[0];
    }

    private Checkpoint plain(String run, int batch, int accumulation) {
        return Trainer.of(Sequential.of(dense(8, RELU), dense(2)))
                .optimizer(Optimizers.sgd(0.1))
                .epochs(3)
                .batchSize(batch)
                .gradientAccumulation(accumulation)
                .seed(3)
                .saveTo(runs.resolve(run))
                .build()
                .fit(Moons.of(640, 1));
    }

    @Test
    void stops_early_and_returns_the_best_weights() {
        List<Double> losses = new ArrayList<>();
        Callback record = new Callback() {
            @Override
            public void onEpoch(TrainingState state, Map<String, Double> metrics) {
                losses.add(metrics.get("val_loss"));
            }
        };
        Checkpoint best = trainer("early")
                .optimizer(Optimizers.adam(0.3))
                .epochs(200)
                .earlyStopping("val_loss", 3)
                .callback(record)
                .build()
                .fit(moons);
        double lowest = losses.stream().mapToDouble(x -> x).min().orElseThrow();
        assertThat(losses).hasSizeLessThan(200);
        assertThat(losses.indexOf(lowest)).isEqualTo(losses.size() - 1 - 3);
        assertThat(best.trainer().metrics()).containsEntry("val_loss", lowest);
    }

    @Test
    void lowers_the_learning_rate_on_a_plateau_and_remembers_it_on_resume() {
        ReduceOnPlateau rule = new ReduceOnPlateau("val_loss", 0.5, 1, 1e-4, 0, 0);
        List<Double> rates = new ArrayList<>();
        Callback record = new Callback() {
            @Override
            public void onEpoch(TrainingState state, Map<String, Double> metrics) {
                rates.add(metrics.get("learning_rate"));
            }
        };
        Supplier<TrainerBuilder> noisy = () -> trainer("plateau")
                .optimizer(Optimizers.adam(0.2))
                .schedule(rule)
                .callback(record);
        noisy.get().epochs(20).build().fit(moons);
        assertThat(rates).isSortedAccordingTo(Comparator.reverseOrder());
        double reached = rates.get(rates.size() - 1);
        assertThat(reached).isLessThan(0.2);
        noisy.get().epochs(21).resume(true).build().fit(moons);
        assertThat(rates.get(20)).isLessThanOrEqualTo(reached);
    }

    @Test
    void ends_with_a_clear_error_at_a_loss_that_is_not_finite_and_keeps_the_checkpoints() {
        TrainerBuilder diverging =
                trainer("diverging").optimizer(Optimizers.sgd(1e20)).checkpoints(new Checkpoints(1, 2));
        assertThatThrownBy(() -> diverging.build().fit(moons))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("expected a finite loss")
                .hasMessageContaining("lower the learning rate");
        assertThat(Checkpoint.latest(runs.resolve("diverging")).trainer().step())
                .isPositive();
    }

    @Test
    void never_saves_weights_that_are_not_finite() {
        Callback breaking = new Callback() {
            @Override
            public void onStep(TrainingState state) {
                if (state.step() == 2 * state.stepsPerEpoch()) {
                    state.model().store().values().fill_(Double.NaN);
                }
            }
        };
        assertThatThrownBy(() -> trainer("broken").callback(breaking).build().fit(moons))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("expected finite weights")
                .hasMessageContaining("max_grad_norm");
        assertThat(Checkpoint.latest(runs.resolve("broken")).trainer().epoch()).isEqualTo(1);
    }

    @Test
    void refuses_a_directory_that_holds_a_run() {
        trainer("taken").epochs(1).build().fit(moons);
        assertThatThrownBy(() -> trainer("taken").build().fit(moons))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("already holds a run");
    }

    @Test
    void a_run_that_has_lost_the_name_of_its_newest_checkpoint_is_not_overwritten_but_gone_on_with()
            throws IOException {
        long steps = trainer("nameless").epochs(1).build().fit(moons).trainer().step();
        Files.delete(runs.resolve("nameless/LATEST"));
        assertThatThrownBy(() -> trainer("nameless").epochs(2).build().fit(moons))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("already holds a run");
        trainer("nameless").epochs(2).resume(true).build().fit(moons);
        assertThat(Checkpoint.latest(runs.resolve("nameless")).trainer().step()).isEqualTo(2 * steps);
    }

    @Test
    void refuses_a_model_whose_outputs_are_not_the_classes_and_writes_nothing() {
        assertThatThrownBy(() -> Trainer.of(Sequential.of(dense(5)))
                        .saveTo(runs.resolve("wrong"))
                        .build()
                        .fit(Moons.of(100, 1, List.of("a", "b", "c"))))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("3 values, one for each class")
                .hasMessageContaining("[5]");
        assertThat(runs.resolve("wrong")).doesNotExist();
    }

    @Test
    void refuses_validation_and_test_data_whose_class_ids_mean_something_else() {
        var swapped = Moons.of(50, 3, List.of("lower", "upper"));
        assertThatThrownBy(() -> trainer("swapped").build().fit(moons, swapped))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected targets with the classes [[upper, lower]], received [[lower, upper]]");
        assertThat(runs.resolve("swapped")).doesNotExist();
        Checkpoint trained = trainer("right").epochs(1).build().fit(moons);
        assertThatThrownBy(() -> Evaluator.evaluate(trained, swapped, Metrics.accuracy()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received [[lower, upper]]");
    }

    @Test
    void refuses_to_monitor_what_is_not_measured_and_names_the_nearest() {
        assertThatThrownBy(() -> trainer("x").monitor("val_acuracy").build().fit(moons))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("did you mean \"val_accuracy\"");
    }

    @Test
    void frees_all_native_memory_also_when_training_fails() {
        long before = NativeMemory.liveBytes();
        trainer("clean").build().fit(moons);
        assertThatThrownBy(() -> trainer("failing")
                        .optimizer(Optimizers.sgd(1e20))
                        .build()
                        .fit(moons))
                .isInstanceOf(FailureException.class);
        assertThat(NativeMemory.liveBytes()).isEqualTo(before);
    }

    @Test
    void keeps_the_newest_checkpoints_and_the_best() throws Exception {
        trainer("kept").epochs(6).checkpoints(new Checkpoints(5, 2)).build().fit(moons);
        try (var entries = Files.list(runs.resolve("kept/checkpoints"))) {
            assertThat(entries.count()).isBetween(2L, 3L);
        }
    }

    private String latestHash(String run, String file) {
        return Checkpoint.latest(runs.resolve(run)).manifest().sha256(file);
    }

    private static String weights(Checkpoint checkpoint) {
        return checkpoint.manifest().sha256("model.safetensors");
    }
}
