package dev.jumbo.nn.layers;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.Activation.TANH;
import static dev.jumbo.nn.layers.Layers.activation;
import static dev.jumbo.nn.layers.Layers.batchNorm;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.maxPool2d;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RewritesTest {
    private static final Shape IMAGE = Shape.of(3, 9, 9);

    @Test
    void a_rewritten_network_has_the_values_and_gradients_of_the_plain_one() {
        List<Layer> layers = List.of(conv2d(8, 3, RELU), maxPool2d(2), flatten(), dense(16, RELU), dense(4));
        assertSame(layers);
    }

    @Test
    void an_activation_layer_behind_a_normalisation_moves_behind_the_pool() {
        List<Layer> layers =
                List.of(conv2d(8, 3).withoutBias(), batchNorm(), activation(RELU), maxPool2d(2), flatten(), dense(4));
        assertThat(Rewrites.apply(layers, Specs.of(IMAGE)).get(2))
                .isEqualTo(activation(dev.jumbo.nn.Activation.LINEAR));
        assertSame(layers);
    }

    @Test
    void columns_are_reordered_through_element_wise_layers_between_flatten_and_dense() {
        List<Layer> layers = List.of(conv2d(8, 3, TANH), maxPool2d(3), flatten(), activation(TANH), dense(4));
        assertThat(Rewrites.apply(layers, Specs.of(IMAGE)).get(2)).isNotEqualTo(flatten());
        assertSame(layers);
    }

    @Test
    void a_function_that_falls_somewhere_stays_before_the_pool() {
        List<Layer> layers = List.of(conv2d(8, 3, dev.jumbo.nn.Activation.SILU), maxPool2d(2));
        assertThat(Rewrites.apply(layers, Specs.of(IMAGE))).isEqualTo(layers);
    }

    @Test
    void a_flatten_before_a_normalisation_of_columns_keeps_its_order() {
        List<Layer> layers = List.of(conv2d(8, 3), flatten(), batchNorm(), dense(4));
        assertThat(Rewrites.apply(layers, Specs.of(IMAGE))).isEqualTo(layers);
    }

    private static void assertSame(List<Layer> layers) {
        Layer fast = new Sequential(layers);
        assertThat(Rewrites.apply(layers, Specs.of(IMAGE)))
                .as("something is rewritten")
                .isNotEqualTo(layers);
        try (Scope scope = Scope.open();
                Model rewritten = Model.build(fast, IMAGE, RandomState.of(7));
                Model plain = Model.build(new Plain(layers), IMAGE, RandomState.of(8))) {
            plain.load(rewritten.state());
            RandomState.of(3).seedTorch();
            Tensor x = Tensor.randn(IMAGE.prepend(5));
            Map<String, float[]> expected = valuesAndGradients(plain, x);
            Map<String, float[]> actual = valuesAndGradients(rewritten, x);
            assertThat(actual.keySet()).isEqualTo(expected.keySet());
            expected.forEach((name, values) -> {
                float[] got = Objects.requireNonNull(actual.get(name));
                assertThat(got).as(name).hasSameSizeAs(values);
                for (int i = 0; i < values.length; i++) {
                    assertThat(got[i]).as(name).isCloseTo(values[i], within(1e-5f + 1e-5f * Math.abs(values[i])));
                }
            });
        }
    }

    private static Map<String, float[]> valuesAndGradients(Model model, Tensor x) {
        Map<String, float[]> found = new LinkedHashMap<>();
        model.store().prepareTraining(false);
        Tensor input = x.copy().requiresGrad(true);
        Tensor y = model.forward(input, Pass.forTraining());
        y.mul(y).sum().backward();
        found.put("output", y.toFloats());
        found.put("input gradient", input.grad().toFloats());
        model.store().gradientsByName().forEach((name, gradient) -> found.put(name, gradient.toFloats()));
        return found;
    }

    /** The layers in a row, each as it was described. */
    private record Plain(List<Layer> layers) implements Layer {
        @Override
        public Specs outputs(Specs in) {
            return new Sequential(layers).outputs(in);
        }

        @Override
        public long flops(Specs in) {
            return new Sequential(layers).flops(in);
        }

        @Override
        public List<Operation> work(Specs in, Compute how) {
            return new Sequential(layers).work(in, how);
        }

        @Override
        public Network build(Specs in, Parameters into) {
            List<Network> networks = new Sequential(layers)
                    .parts(in).stream()
                            .map(part -> into.build(part.path(), part.layer(), part.inputs()))
                            .toList();
            return (xs, pass) -> {
                Tensors y = xs;
                for (Network network : networks) {
                    y = network.forward(y, pass);
                }
                return y;
            };
        }
    }
}
