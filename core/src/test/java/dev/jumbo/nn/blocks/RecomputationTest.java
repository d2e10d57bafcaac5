package dev.jumbo.nn.blocks;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.Activation.TANH;
import static dev.jumbo.nn.layers.Layers.batchNorm;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.dropout;
import static dev.jumbo.nn.layers.Layers.embedding;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.maxPool2d;
import static dev.jumbo.nn.layers.Layers.relu;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.FirstValues;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.layers.Graph;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.sequence.TransformerBlock;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compared with the same model whose forward pass runs once. */
class RecomputationTest {
    private record Case(String name, Layer model, Specs in, boolean bf16, int blocks) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Layer block() {
        return new TransformerBlock(2, 16, true, 0.3, Activation.GELU, true);
    }

    private static Layer language() {
        return Sequential.of(
                embedding(11, 8),
                dropout(0.1),
                Sequential.of(block(), block(), block()),
                Layers.layerNorm(),
                dense(11));
    }

    static Stream<Case> models() {
        Specs image = Specs.of(Shape.of(1, 8, 8));
        Layer images = Sequential.of(
                conv2d(4, 3, RELU),
                batchNorm(),
                relu(),
                maxPool2d(2),
                conv2d(6, 3),
                batchNorm(),
                relu(),
                flatten(),
                dropout(0.5),
                dense(12, TANH),
                batchNorm(),
                dense(5));
        Layer graph = Graph.of(g -> {
            String x = g.input("x");
            String row = g.add("row", Sequential.of(dense(8, TANH), dropout(0.2), dense(8, TANH), dense(8, TANH)), x);
            String other = g.add("other", Sequential.of(dense(8, TANH), dense(8, TANH)), x);
            String sum = g.add("sum", Layers.add(), row, other);
            g.output(g.add("one", dense(3), sum));
            g.output(g.add("two", Sequential.of(dense(4, TANH), dense(2)), row));
        });
        return Stream.of(
                new Case("images", images, image, false, 2),
                new Case("images in bf16", images, image, true, 2),
                new Case("language", language(), Specs.of(Spec.ids(6)), false, 5),
                new Case("language in bf16", language(), Specs.of(Spec.ids(6)), true, 5),
                new Case("a graph of two outputs", graph, Specs.of(Shape.of(4)), false, 7),
                new Case("a single layer", dense(3), Specs.of(Shape.of(4)), false, 0));
    }

    @ParameterizedTest
    @MethodSource("models")
    void outputs_gradients_and_running_statistics_are_the_same_to_the_bit(Case given) {
        int before = NativeMemory.liveTensors();
        List<float[]> plain = run(given, null);
        Recomputation recomputed = new Recomputation();
        List<float[]> again = run(given, recomputed);
        assertThat(recomputed.count()).isEqualTo(given.blocks());
        assertThat(again).hasSameSizeAs(plain);
        for (int i = 0; i < plain.size(); i++) {
            assertThat(again.get(i)).as("result " + i).containsExactly(plain.get(i));
        }
        assertThat(NativeMemory.liveTensors()).isEqualTo(before);
    }

    @Test
    void a_side_input_that_needs_a_gradient_gets_the_sum_of_those_of_all_blocks() {
        Layer model = Graph.of(g -> {
            String text = g.input("text");
            String image = g.input("image");
            String memory = g.add("memory", Sequential.of(dense(6, TANH), dropout(0.2), dense(6, TANH)), image);
            String joined = g.add("joined", Sequential.of(dense(6, TANH), dense(6, TANH)), text);
            String one = g.add("one", Layers.concatenate(), joined, memory);
            String upper = g.add("upper", Sequential.of(dense(6, TANH), dropout(0.3), dense(6, TANH)), one);
            g.output(g.add("end", dense(2), g.add("two", Layers.concatenate(), upper, memory)));
        });
        Map<String, Spec> in = new LinkedHashMap<>();
        in.put("text", Spec.floats(3));
        in.put("image", Spec.floats(5));
        List<float[]> plain = twoInputs(model, Specs.of(in), null);
        List<float[]> again = twoInputs(model, Specs.of(in), new Recomputation());
        for (int i = 0; i < plain.size(); i++) {
            assertThat(again.get(i)).containsExactly(plain.get(i));
        }
    }

    private static List<float[]> twoInputs(Layer layer, Specs in, @Nullable Recomputation division) {
        try (Model model = build(layer, in, division);
                Scope scope = Scope.open()) {
            model.store().prepareTraining(false);
            RandomState.of(5).seedTorch();
            Tensor text = Tensor.randn(Shape.of(4, 3)).requiresGrad(true);
            Tensor image = Tensor.randn(Shape.of(4, 5)).requiresGrad(true);
            Tensor y = model.forward(Tensors.of(List.of(text, image)), Pass.forTraining())
                    .main();
            model.backward(y.mul(y).sum());
            return List.of(
                    y.toFloats(),
                    text.grad().toFloats(),
                    image.grad().toFloats(),
                    model.store().gradients().toFloats());
        }
    }

    /** Changes what it is given. */
    private record Overwrites() implements UnaryLayer {
        @Override
        public Shape outputShape(Shape input) {
            return input;
        }

        @Override
        public long flops(Shape input) {
            return input.elements();
        }

        @Override
        public UnaryNetwork build(Shape input, Parameters into) {
            return (x, pass) -> Functional.relu_(x);
        }
    }

    @Test
    void a_block_that_changes_its_input_in_place_is_refused() {
        Layer model = Sequential.of(
                dense(4), Layers.residual(new Overwrites(), dense(4, TANH), dense(4)), dense(2, TANH), dense(2));
        try (Model built = build(model, Specs.of(Shape.of(4)), new Recomputation());
                Scope scope = Scope.open()) {
            built.store().prepareTraining(false);
            Tensor x = Tensor.ones(Shape.of(2, 4));
            assertThatThrownBy(() -> built.forward(x, Pass.forTraining()))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("changes its input \"x\" in place")
                    .hasMessageContaining("recompute: false");
        }
    }

    /** Works once. */
    private record Fails(AtomicInteger runs) implements UnaryLayer {
        @Override
        public Shape outputShape(Shape input) {
            return input;
        }

        @Override
        public long flops(Shape input) {
            return 0;
        }

        @Override
        public UnaryNetwork build(Shape input, Parameters into) {
            return (x, pass) -> {
                if (runs.incrementAndGet() > 1) {
                    throw new InputException("the second time");
                }
                return x.mul(2);
            };
        }
    }

    @Test
    void what_goes_wrong_in_the_second_pass_is_thrown_and_nothing_stays_in_memory() {
        int before = NativeMemory.liveTensors();
        Layer model = Sequential.of(
                dense(4), Layers.residual(dense(4, TANH), new Fails(new AtomicInteger())), dense(3, TANH), dense(2));
        try (Model built = build(model, Specs.of(Shape.of(4)), new Recomputation());
                Scope scope = Scope.open()) {
            built.store().prepareTraining(false);
            Tensor y = built.forward(Tensor.ones(Shape.of(2, 4)), Pass.forTraining());
            assertThatThrownBy(() -> built.backward(y.sum()))
                    .isInstanceOf(InputException.class)
                    .hasMessage("the second time");
        }
        assertThat(NativeMemory.liveTensors()).isEqualTo(before);
    }

    @Test
    void what_a_forward_pass_keeps_is_the_inputs_of_the_blocks() {
        Layer model = Sequential.of(
                embedding(11, 64),
                new TransformerBlock(4, 256, true, 0, Activation.GELU, true),
                new TransformerBlock(4, 256, true, 0, Activation.GELU, true),
                new TransformerBlock(4, 256, true, 0, Activation.GELU, true),
                new TransformerBlock(4, 256, true, 0, Activation.GELU, true),
                dense(11));
        long one = 4L * 5 * 32 * 64; // bytes of a block's input
        long recomputed = kept(model, new Recomputation());
        assertThat(recomputed).isBetween(5 * one, 6 * one);
        assertThat(kept(model, null)).isGreaterThan(6 * recomputed);
    }

    /** Bytes of the tensors of a forward pass. */
    private static long kept(Layer layer, @Nullable Recomputation division) {
        try (Model model = build(layer, Specs.of(Spec.ids(32)), division);
                Scope scope = Scope.open()) {
            model.store().prepareTraining(false);
            Tensor x = Tensor.zeros(Shape.of(5, 32), DType.INT64);
            long before = NativeMemory.liveBytes();
            model.forward(x, Pass.forTraining());
            return NativeMemory.liveBytes() - before;
        }
    }

    private static Model build(Layer layer, Specs in, @Nullable Recomputation division) {
        return Model.build(
                layer, in, FirstValues.drawn(RandomState.of(3)), ParameterGroups.none(), Device.CPU, division);
    }

    /** Outputs, gradients and buffers of three passes, whose gradients add up. */
    private static List<float[]> run(Case given, @Nullable Recomputation division) {
        List<float[]> results = new ArrayList<>();
        try (Model model = build(given.model(), given.in(), division);
                Scope scope = Scope.open()) {
            model.store().prepareTraining(given.bf16());
            for (int pass = 0; pass < 3; pass++) {
                try (Scope step = Scope.open()) {
                    RandomState.of(pass).seedTorch();
                    Tensor x = inputs(given.in().main());
                    Tensors outputs = model.forward(Tensors.of(x), Pass.forTraining());
                    Tensor loss = Tensor.zeros(Shape.of());
                    for (Tensor y : outputs.all()) {
                        results.add(y.toFloats());
                        loss = loss.add(y.mul(y).sum());
                    }
                    model.backward(loss);
                    model.store().gatherGradients();
                    results.add(Tensor.randn(Shape.of(3)).toFloats()); // Draws go on where they would.
                }
            }
            results.add(model.store().gradients().toFloats());
            results.add(model.store().buffers().toFloats());
        }
        return results;
    }

    private static Tensor inputs(Spec spec) {
        if (!spec.isIds()) {
            return Tensor.randn(Shape.of(prepend(5, spec.shape().toArray())));
        }
        long[] ids = new long[5 * (int) spec.shape().elements()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (i * 7) % 11;
        }
        return Tensor.of(ids, Shape.of(prepend(5, spec.shape().toArray())));
    }

    private static long[] prepend(long first, long[] rest) {
        long[] all = new long[rest.length + 1];
        all[0] = first;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return all;
    }
}
