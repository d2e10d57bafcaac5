package dev.jumbo.nn;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.Activation.TANH;
import static dev.jumbo.nn.layers.Layers.batchNorm;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.maxPool2d;
import static dev.jumbo.nn.layers.Layers.relu;
import static dev.jumbo.nn.layers.Layers.sequential;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.nn.layers.conv.Conv2d;
import dev.jumbo.nn.layers.conv.MaxPool2d;
import dev.jumbo.nn.layers.conv.Padding;
import dev.jumbo.nn.layers.conv.Size2d;
import dev.jumbo.nn.weights.ParameterGroup;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Autograd is the oracle: every value and every gradient has the same bits. */
class TapeTest {
    private static final Shape IMAGE = Shape.of(3, 17, 15);
    private static final int ROWS = 11;

    private enum Precision {
        FP32(store -> store.prepareTraining(false)),
        BF16(store -> store.prepareTraining(true)),
        FP64(FlatStore::prepareExactTraining);

        private final Consumer<FlatStore> prepare;

        Precision(Consumer<FlatStore> prepare) {
            this.prepare = prepare;
        }
    }

    private static final List<Layer> NETWORKS = List.of(
            // The network of the article, in small: nothing is left to autograd.
            sequential(
                    conv2d(32, 3, RELU),
                    maxPool2d(2),
                    conv2d(16, 3, RELU),
                    maxPool2d(2),
                    flatten(),
                    dense(24, RELU),
                    dense(10)),
            // Windows that overlap, padding, strides, groups, no bias, a pool behind a function that keeps its result.
            sequential(
                    conv2d(12, 3, RELU).withPadding(Padding.same()),
                    conv2d(8, 3).withStride(2).withoutBias(),
                    new MaxPool2d(Size2d.of(3), Size2d.of(1), Padding.of(1)),
                    relu(),
                    grouped(),
                    maxPool2d(2),
                    flatten(),
                    dense(3)),
            // A pool first, which must not write into the caller's batch.
            sequential(maxPool2d(2), conv2d(8, 3, RELU), maxPool2d(2), flatten(), dense(20)),
            // Autograd goes on behind the first layers.
            sequential(conv2d(8, 3, RELU), maxPool2d(2), batchNorm(), conv2d(8, 3, TANH), flatten(), dense(20)),
            // Sides that differ are autograd's from the start, a function whose derivative is not known from there on.
            sequential(conv2d(8, 2, RELU).withPadding(Padding.same()), maxPool2d(2), flatten(), dense(20)),
            sequential(conv2d(8, 3, TANH), maxPool2d(2), flatten(), dense(20)),
            sequential(sequential(conv2d(8, 3, RELU), maxPool2d(2)), sequential(conv2d(8, 3), flatten(), dense(9))));

    private static Conv2d grouped() {
        Conv2d plain = conv2d(8, 3, RELU);
        return new Conv2d(
                8,
                plain.kernelSize(),
                RELU,
                plain.stride(),
                plain.padding(),
                plain.dilation(),
                4,
                true,
                plain.kernelInitializer(),
                plain.biasInitializer());
    }

    @ParameterizedTest
    @EnumSource
    void values_and_gradients_have_the_bits_of_autograd(Precision precision) {
        for (Layer layer : NETWORKS) {
            assertThat(trained(layer, ParameterGroups.none(), precision, true))
                    .as(layer.toString())
                    .isEqualTo(trained(layer, ParameterGroups.none(), precision, false));
        }
    }

    /** Two backward passes, whose gradients add up, as values by name. */
    private static Map<String, List<Float>> trained(
            Layer layer, ParameterGroups groups, Precision precision, boolean recorded) {
        Map<String, List<Float>> found = new LinkedHashMap<>();
        try (Scope scope = Scope.open();
                Model model =
                        Model.build(layer, Specs.of(IMAGE), FirstValues.drawn(RandomState.of(3)), groups, Device.CPU)) {
            precision.prepare.accept(model.store());
            model.store().zeroGradients();
            for (int i = 0; i < 2; i++) {
                RandomState.of(i).seedTorch();
                Tensor x = Tensor.randn(IMAGE.prepend(ROWS));
                Tensor input = precision == Precision.FP64 ? x.to(DType.FLOAT64) : x;
                float[] before = x.toFloats();
                Tape tape = new Tape();
                Tensor y = model.forward(input, recorded ? Pass.forTraining().recordedBy(tape) : Pass.forTraining());
                y.mul(y).sum().backward();
                tape.backward();
                model.store().gatherGradients();
                found.put("output " + i, list(y));
                assertThat(x.toFloats()).as("the batch").isEqualTo(before);
            }
            model.store().gradientsByName().forEach((name, gradient) -> found.put(name, list(gradient)));
        }
        assertThat(found.values()).allSatisfy(values -> assertThat(values).anyMatch(value -> value != 0));
        return found;
    }

    private static List<Float> list(Tensor tensor) {
        float[] values = tensor.detach().to(DType.FLOAT32).toFloats();
        List<Float> list = new ArrayList<>(values.length);
        for (float value : values) {
            list.add(value);
        }
        return list;
    }

    @Test
    void a_tape_takes_the_first_layers_that_know_their_own_backward_pass() {
        List<Boolean> taken = new ArrayList<>();
        for (Layer layer : NETWORKS) {
            try (Scope scope = Scope.open();
                    Model model = Model.build(layer, IMAGE, RandomState.of(3))) {
                model.store().prepareTraining(false);
                Tensor x = Tensor.randn(IMAGE.prepend(ROWS));
                Tape tape = new Tape();
                model.forward(x, Pass.forTraining().recordedBy(tape));
                taken.add(!tape.takes(x));
            }
        }
        assertThat(taken).containsExactly(true, true, true, true, false, true, true);
    }

    @Test
    void a_pass_that_is_heard_or_whose_input_has_a_gradient_is_left_to_autograd() {
        try (Scope scope = Scope.open();
                Model model = Model.build(NETWORKS.get(0), IMAGE, RandomState.of(3))) {
            model.store().prepareTraining(false);
            Tensor x = Tensor.randn(IMAGE.prepend(ROWS));
            Tape tape = new Tape();
            List<String> heard = new ArrayList<>();
            Pass pass = Pass.forTraining().recordedBy(tape).heardBy((path, in, out) -> heard.add(path));
            model.forward(x, pass);
            assertThat(heard).hasSize(7);
            assertThat(tape.takes(x)).as("is unused").isTrue();

            Tensor input = x.copy().requiresGrad(true);
            model.forward(input, Pass.forTraining().recordedBy(tape)).sum().backward();
            assertThat(input.grad().shape()).isEqualTo(x.shape());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FP32", "BF16"})
    void frozen_parameters_get_no_gradient_and_the_others_the_same(Precision precision) {
        for (String name : List.of("layers.0.*", "layers.2.bias", "layers.5.*")) {
            ParameterGroups frozen = ParameterGroups.of(ParameterGroup.frozen(name));
            Map<String, List<Float>> found = trained(NETWORKS.get(0), frozen, precision, true);
            assertThat(found).as(name).isEqualTo(trained(NETWORKS.get(0), frozen, precision, false));
            assertThat(found).hasSizeBetween(8, 9);
        }
    }

    @Test
    void without_recording_nothing_is_recorded() {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            assertThat(new Tape().takes(Tensor.randn(Shape.of(1)))).isFalse();
        }
    }
}
