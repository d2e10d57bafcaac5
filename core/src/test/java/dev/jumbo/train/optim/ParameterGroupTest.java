package dev.jumbo.train.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.FirstValues;
import dev.jumbo.nn.FlatRange;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Segment;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.weights.ParameterGroup;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.nn.weights.Storage;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ParameterGroupTest {
    private static final JsonNode FIXTURE = JsonFixture.read("parameter_groups");
    private static final double BASE = 0.02;
    private static final ParameterGroups GROUPS = ParameterGroups.of(
            ParameterGroup.scaled("layers.0", 0.1).weightDecay(0.3), ParameterGroup.of("*.1.bias", 0.07));

    static Stream<Arguments> optimizers() {
        return Stream.of(
                Arguments.of("sgd", new Sgd(BASE, 0, false, 0.05, 0, false)),
                Arguments.of("sgd_momentum", new Sgd(BASE, 0.9, true, 0.05, 0, false)),
                Arguments.of("adam", new Adam(BASE, 0.9, 0.999, 1e-8, 0.05, false)),
                Arguments.of("adamw", new AdamW(BASE, 0.9, 0.999, 1e-8, 0.05, false)),
                Arguments.of("rmsprop", new RmsProp(BASE, 0.9, 0.9, true, 1e-8, 0.05, false)),
                Arguments.of("adagrad", new Adagrad(BASE, 0.1, 0.2, 1e-8, 0.05, false)),
                Arguments.of("lion", new Lion(BASE, 0.9, 0.99, 0.05, false)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("optimizers")
    void groups_with_their_own_rate_and_decay_go_as_pytorchs_param_groups(String name, Optimizer optimizer) {
        try (Model model = model(GROUPS);
                OptimizerState state = optimizer.build(model.store())) {
            check(model.store(), 0, 23, name, state);
        }
    }

    @Test
    void a_share_of_the_values_knows_which_of_its_values_are_of_which_group() {
        try (Model model = model(GROUPS);
                Scope scope = Scope.open();
                OptimizerState state =
                        new AdamW(BASE, 0.9, 0.999, 1e-8, 0.05, false).build(part(model.store(), 7, 22))) {
            check(model.store(), 7, 22, "adamw", state);
        }
    }

    private static void check(FlatSlice store, int from, int to, String name, OptimizerState state) {
        JsonNode after = FIXTURE.get("after").get(name);
        int step = 0;
        for (JsonNode gradient : FIXTURE.get("gradients")) {
            store.gradients().set_(JsonFixture.floats(gradient));
            state.step(BASE);
            JsonNode expected = after.get(Integer.toString(++step));
            if (expected != null) {
                float[] values = store.values().toFloats();
                for (int i = from; i < to; i++) {
                    assertThat(values[i])
                            .as("%d after step %d", i, step)
                            .isCloseTo((float) expected.get(i).asDouble(), within(2e-6f));
                }
            }
        }
    }

    @Test
    void segments_cover_the_values_and_neighbours_that_are_alike_are_one() {
        try (Model model = model(GROUPS);
                Model plain = model(ParameterGroups.none())) {
            assertThat(model.store().segments())
                    .containsExactly(
                            new Segment(new FlatRange(0, 12), "layers.0", true, 0.1, 0.3),
                            new Segment(new FlatRange(12, 18), "*", true, 1, null),
                            new Segment(new FlatRange(18, 21), "layers.0", false, 0.1, 0.3),
                            new Segment(new FlatRange(21, 23), "*.1.bias", false, 0.07 / BASE, null));
            assertThat(plain.store().segments())
                    .containsExactly(
                            new Segment(new FlatRange(0, 18), "*", true, 1, null),
                            new Segment(new FlatRange(18, 23), "*", false, 1, null));
        }
    }

    @Test
    void a_penalty_is_of_all_weights_whatever_their_group() {
        try (Model model = model(GROUPS);
                Model plain = model(ParameterGroups.none())) {
            Penalty penalty = new Penalty(0.1, 0.2);
            penalty.addToGradients(model.store());
            penalty.addToGradients(plain.store());
            assertThat(model.store().gradients().toFloats())
                    .isEqualTo(plain.store().gradients().toFloats());
            assertThat(penalty.value(model.store())).isEqualTo(penalty.value(plain.store()));
        }
    }

    @Test
    void the_first_group_that_matches_has_a_parameter() {
        ParameterGroups groups = ParameterGroups.of(
                ParameterGroup.frozen("layers.0.bias"), ParameterGroup.scaled("regex:layers\\.\\d+\\.bias", 2));
        assertThat(groups.of("layers.0.bias").frozen()).isTrue();
        assertThat(groups.of("layers.1.bias").learningRateScale()).isEqualTo(2);
        assertThat(groups.of("layers.1.weight")).isEqualTo(ParameterGroup.DEFAULT);
    }

    @Test
    void patterns_match_whole_names_layers_and_alternatives() {
        assertThat(ParameterGroup.frozen("layers.1").matches("layers.1.weight")).isTrue();
        assertThat(ParameterGroup.frozen("layers.1").matches("layers.10.weight"))
                .isFalse();
        assertThat(ParameterGroup.frozen("layers.{1,2}.*").matches("layers.2.attention.weight"))
                .isTrue();
        assertThat(ParameterGroup.frozen("layers.?").matches("layers.3.bias")).isTrue();
        assertThat(ParameterGroup.frozen("layersx1").matches("layers.1")).isFalse();
    }

    @Test
    void a_group_without_parameters_is_refused_with_the_nearest_names() {
        assertThatThrownBy(() -> model(ParameterGroups.of(ParameterGroup.frozen("layer.0.weight"))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("\"layer.0.weight\"")
                .hasMessageContaining("did you mean \"layers.0.weight\"?");
        assertThatThrownBy(() -> model(
                        ParameterGroups.of(ParameterGroup.frozen("layers.*"), ParameterGroup.scaled("layers.1", 0.1))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("\"layers.*\" has layers.1.weight")
                .hasMessageContaining("narrower group first");
    }

    @Test
    void settings_that_contradict_each_other_are_refused() {
        assertThatThrownBy(() -> new ParameterGroup("*", 0.1, 0.5, null, false, Storage.FP32))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received both");
        assertThatThrownBy(() -> new ParameterGroup("*", null, 1, null, false, Storage.INT8))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("frozen: true with storage: int8");
        assertThatThrownBy(() -> new ParameterGroup("*", null, 0.5, null, true, Storage.FP32))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("would do nothing");
        assertThatThrownBy(() -> ParameterGroup.frozen("regex:(")).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> ParameterGroup.frozen("layers.{0")).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> ParameterGroup.of("*", -1)).isInstanceOf(InputException.class);
    }

    private static FlatSlice part(FlatSlice store, int from, int to) {
        FlatRange range = new FlatRange(from, to);
        Tensor values = range.of(store.values());
        Tensor gradients = range.of(store.gradients());
        List<Segment> segments = Segment.within(range, store.segments());
        return new FlatSlice() {
            @Override
            public Tensor values() {
                return values;
            }

            @Override
            public Tensor gradients() {
                return gradients;
            }

            @Override
            public List<Segment> segments() {
                return segments;
            }

            @Override
            public void valuesChanged() {}
        };
    }

    /** In the order of memory: 12 and 6 weights, 3 and 2 biases. */
    private static Model model(ParameterGroups groups) {
        Model model = Model.build(
                Sequential.of(Layers.dense(3), Layers.dense(2)),
                Specs.of(Shape.of(4)),
                FirstValues.drawn(RandomState.of(1)),
                groups.relativeTo(BASE),
                Device.CPU);
        model.store().prepareTraining(false);
        model.store().values().set_(JsonFixture.floats(FIXTURE.get("start")));
        return model;
    }
}
