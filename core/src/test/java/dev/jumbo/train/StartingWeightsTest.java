package dev.jumbo.train;

import static dev.jumbo.nn.layers.Layers.batchNorm;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.dropout;
import static dev.jumbo.nn.layers.Layers.relu;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Dataset;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.sequence.LayerNorm;
import dev.jumbo.nn.weights.NameRule;
import dev.jumbo.nn.weights.ParameterGroup;
import dev.jumbo.nn.weights.Storage;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.TrainConfig.Checkpoints;
import dev.jumbo.train.TrainConfig.Precision;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.Manifest;
import dev.jumbo.train.metrics.Metrics;
import dev.jumbo.train.optim.Optimizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartingWeightsTest {
    private static final Layer OLD = Sequential.of(dense(16), batchNorm(), relu(), dense(2));
    /** The same backbone with a new head. */
    private static final Layer NEW = Sequential.of(dense(16), batchNorm(), relu(), dense(8), dense(2));

    private final Dataset moons = Moons.of(300, 1);

    @TempDir
    Path runs;

    private TrainerBuilder trainer(Layer model, String run) {
        return Trainer.of(model)
                .optimizer(Optimizers.adam(1e-2))
                .epochs(3)
                .batchSize(32)
                .seed(7)
                .saveTo(runs.resolve(run));
    }

    private TrainerBuilder tuned(String run, Storage storage) {
        return trainer(NEW, run)
                .initFrom(runs.resolve("old"))
                .initMissing("layers.3", "layers.4")
                .parameterGroups(
                        ParameterGroup.frozen("layers.{0,1}", storage), ParameterGroup.scaled("layers.3", 0.1));
    }

    @ParameterizedTest
    @CsvSource({"FP32, FP32", "BF16, FP32", "INT8, FP32", "INT4, BF16", "FP32, BF16"})
    void a_frozen_backbone_with_a_new_head_learns_is_saved_and_goes_on_without_its_source(
            Storage storage, Precision precision) throws IOException {
        trainer(OLD, "old").build().fit(moons);
        Checkpoint old = Checkpoint.best(runs.resolve("old"));
        tuned("whole", storage).precision(precision).build().fit(moons);
        Callback interrupt = new Callback() {
            @Override
            public void onStep(TrainingState state) {
                if (state.step() == 14) {
                    throw new IllegalStateException("pulled the plug");
                }
            }
        };
        assertThatThrownBy(() -> tuned("part", storage)
                        .precision(precision)
                        .checkpoints(new Checkpoints(5, 2))
                        .callback(interrupt)
                        .build()
                        .fit(moons))
                .hasMessage("pulled the plug");
        Map<String, float[]> before = values(old);
        Files.move(runs.resolve("old"), runs.resolve("gone"));
        tuned("part", storage)
                .precision(precision)
                .checkpoints(new Checkpoints(5, 2))
                .resume(true)
                .build()
                .fit(moons);

        Checkpoint whole = Checkpoint.latest(runs.resolve("whole"));
        Checkpoint part = Checkpoint.latest(runs.resolve("part"));
        for (String file : List.of("model.safetensors", "optimizer.safetensors")) {
            assertThat(part.manifest().sha256(file)).isEqualTo(whole.manifest().sha256(file));
        }
        Map<String, float[]> after = values(whole);
        for (String name : List.of("layers.1.running_mean", "layers.1.running_var", "layers.1.weight")) {
            assertThat(after.get(name)).as(name).isEqualTo(before.get(name));
        }
        if (storage == Storage.FP32) {
            assertThat(after.get("layers.0.weight")).isEqualTo(before.get("layers.0.weight"));
        }
        Manifest.Origin origin = Objects.requireNonNull(part.manifest().origin());
        assertThat(origin).isEqualTo(whole.manifest().origin());
        assertThat(origin.from()).contains("old");
        assertThat(origin.sha256())
                .containsExactlyEntriesOf(
                        Map.of("model.safetensors", old.manifest().sha256("model.safetensors")));
        assertThat(origin.loaded()).isEqualTo(6);
        assertThat(origin.fresh())
                .containsExactlyInAnyOrder("layers.3.weight", "layers.3.bias", "layers.4.weight", "layers.4.bias");
        assertThat(Evaluator.evaluate(whole, Moons.of(300, 2), Metrics.accuracy())
                        .get("accuracy"))
                .isGreaterThan(0.8);
    }

    private static Map<String, float[]> values(Checkpoint checkpoint) {
        Map<String, float[]> values = new LinkedHashMap<>();
        try (Scope scope = Scope.open()) {
            for (Map.Entry<String, Tensor> entry : checkpoint.weights().entrySet()) {
                values.put(entry.getKey(), entry.getValue().toFloats());
            }
        }
        return values;
    }

    @Test
    void what_does_not_fit_is_refused_before_anything_is_written() {
        trainer(OLD, "old").build().fit(moons);
        Path run = runs.resolve("new");
        assertThatThrownBy(() -> trainer(NEW, "new")
                        .initFrom(runs.resolve("old"))
                        .build()
                        .fit(moons))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("init_from: ")
                .hasMessageContaining("expected \"layers.3.weight\" to have the shape [8, 16], received [2, 16]")
                .hasMessageContaining("expected a tensor \"layers.4.bias\" [2], found none")
                .hasMessageContaining("init_missing");
        assertThat(run).doesNotExist();
        assertThatThrownBy(() -> trainer(NEW, "new")
                        .initFrom(runs.resolve("none"))
                        .build()
                        .check(moons, null))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found nothing");
        assertThatThrownBy(() ->
                        trainer(OLD, "new").initMissing("layers.0").build().fit(moons))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected init_from beside them");
        assertThatThrownBy(() -> trainer(OLD, "new")
                        .parameterGroups(ParameterGroup.frozen("*"))
                        .build()
                        .fit(moons))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected something to train");
        assertThatThrownBy(() -> trainer(OLD, "new")
                        .parameterGroups(ParameterGroup.frozen("layer.0.weight"))
                        .build()
                        .fit(moons))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("did you mean \"layers.0.weight\"?");
        assertThat(run).doesNotExist();
    }

    @Test
    void weights_of_which_none_fits_are_refused_even_where_all_may_be_missing() {
        Checkpoint old = trainer(OLD, "old").build().fit(moons);
        assertThatThrownBy(() -> trainer(
                                Sequential.of(Sequential.of(dense(5)), relu(), Sequential.of(dense(2))), "other")
                        .initFrom(old.directory())
                        .initMissing("*")
                        .build()
                        .fit(moons))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected tensors of the model, received none in " + old.directory())
                .hasMessageContaining("layers.0.layers.0.weight");
        assertThat(runs.resolve("other")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.NEGATIVE_INFINITY, 1e39})
    void weights_that_are_no_finite_numbers_in_fp32_are_refused_with_the_tensors_name(double wrong) {
        Path file = runs.resolve("wrong.safetensors");
        try (Scope scope = Scope.open()) {
            Tensor weight = Tensor.full(Shape.of(2, 2), wrong, DType.FLOAT64);
            Safetensors.write(
                    file, Map.of("layers.0.weight", weight, "layers.0.bias", Tensor.zeros(Shape.of(2))), Map.of());
        }
        assertThatThrownBy(() -> trainer(Sequential.of(dense(2)), "wrong")
                        .initFrom(file)
                        .build()
                        .fit(moons))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(
                        "\"layers.0.weight\", received 4 of 4 values that are NaN, infinite or too large");
    }

    @Test
    void a_whole_model_under_other_names_predicts_as_the_one_it_came_from() {
        Checkpoint old = trainer(OLD, "old").build().fit(moons);
        Layer nested = Sequential.of(Sequential.of(dense(16), batchNorm()), relu(), dense(2));
        Callback end = new Callback() {
            @Override
            public void onStart(TrainingState state) {
                try (Scope scope = Scope.open()) {
                    Map<String, Tensor> begun = state.model().state();
                    Map<String, float[]> expected = values(old);
                    assertThat(Objects.requireNonNull(begun.get("layers.0.layers.1.running_mean"))
                                    .toFloats())
                            .isEqualTo(expected.get("layers.1.running_mean"));
                    assertThat(Objects.requireNonNull(begun.get("layers.2.weight"))
                                    .toFloats())
                            .isEqualTo(expected.get("layers.3.weight"));
                }
                state.stop("seen");
            }
        };
        trainer(nested, "nested")
                .initFrom(old.directory())
                .initMap(
                        NameRule.rename("layers\\.([01])\\.(.*)", "layers.0.layers.$1.$2"),
                        NameRule.rename("layers\\.3\\.(.*)", "layers.2.$1"))
                .callback(end)
                .build()
                .fit(moons);
    }

    @Test
    void half_the_rate_for_all_is_a_training_at_half_the_rate() {
        Checkpoint halved = trainer(OLD, "halved")
                .learningRate(0.02)
                .parameterGroups(ParameterGroup.scaled("*", 0.5))
                .build()
                .fit(moons);
        Checkpoint absolute = trainer(OLD, "absolute")
                .learningRate(0.04)
                .parameterGroups(ParameterGroup.of("layers.0", 0.01), ParameterGroup.of("*", 0.01))
                .build()
                .fit(moons);
        Checkpoint plain = trainer(OLD, "plain").learningRate(0.01).build().fit(moons);
        assertThat(halved.manifest().sha256("model.safetensors"))
                .isEqualTo(plain.manifest().sha256("model.safetensors"));
        assertThat(values(absolute).keySet()).isEqualTo(values(plain).keySet());
        assertThat(plain.manifest().origin()).isNull();
    }

    @Test
    void weights_of_another_network_are_refused_with_all_that_differs_unless_it_is_asked_for() {
        Layer before = Sequential.of(dense(16, Activation.RELU), new LayerNorm(1e-6), dense(8), relu(), dense(2));
        Layer after = Sequential.of(dense(16, Activation.GELU), new LayerNorm(1e-5), dense(8), dropout(0.1), dense(2));
        trainer(before, "old").build().fit(moons);
        TrainerBuilder other = trainer(after, "new").initFrom(runs.resolve("old"));
        assertThatThrownBy(() -> other.build().fit(moons))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll(
                        "activation relu of the base, gelu configured (layers.0)",
                        "epsilon 1.0E-6 of the base, 1.0E-5 configured (layers.1)",
                        "layer ActivationLayer of the base, Dropout configured (layers.3)",
                        "init_differing")
                .hasMessageNotContaining("init_map");
        assertThat(runs.resolve("new")).doesNotExist();
        other.initDiffering("activation", "epsilon", "layer").build().fit(moons);
        assertThat(Checkpoint.best(runs.resolve("new")).manifest().origin()).isNotNull();
    }

    @Test
    void a_new_head_other_dropout_and_first_values_are_the_same_network() {
        Layer before = Sequential.of(dense(16, Activation.RELU), dropout(0.1), dense(2));
        Layer after = Sequential.of(dense(16, Activation.RELU), dropout(0.3), dense(8), dense(2));
        trainer(before, "old").build().fit(moons);
        trainer(after, "new")
                .initFrom(runs.resolve("old"))
                .initMissing("layers.{2,3}")
                .build()
                .fit(moons);
        assertThat(Checkpoint.best(runs.resolve("new")).manifest().origin()).isNotNull();
    }
}
