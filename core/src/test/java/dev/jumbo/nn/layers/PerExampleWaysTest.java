package dev.jumbo.nn.layers;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.ExampleBatch;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.PerExampleGradients;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.each.Lookups;
import dev.jumbo.nn.each.Products;
import dev.jumbo.nn.each.Rows;
import dev.jumbo.nn.layers.conv.Conv2d;
import dev.jumbo.nn.layers.conv.Padding;
import dev.jumbo.nn.layers.sequence.CrossAttention;
import dev.jumbo.nn.layers.sequence.Gru;
import dev.jumbo.nn.layers.sequence.Lstm;
import dev.jumbo.nn.layers.sequence.TransformerDecoderBlock;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Gradients per example on every way to compute them, of tied parameters and of a program's own layers, and what is refused. */
class PerExampleWaysTest {
    private static final RandomState SEED = RandomState.of(7);

    /** A size for each way: few or many positions, beside few or many weights, in one piece or several. */
    @TestFactory
    Stream<DynamicTest> every_way_agrees_with_back_propagation_one_by_one() {
        Map<String, List<Object>> cases = new TreeMap<>();
        cases.put("positions beside a large matrix", List.of(dense(300), Spec.floats(3, 200)));
        cases.put("many positions beside a small matrix", List.of(dense(4), Spec.floats(50, 5)));
        cases.put("a matrix in pieces", List.of(dense(1500), Spec.floats(2000, 900)));
        cases.put("a large kernel over few places", List.of(conv2d(64, 3), Spec.floats(96, 4, 4)));
        cases.put("a kernel over many places", List.of(conv2d(8, 3, RELU), Spec.floats(3, 40, 40)));
        cases.put(
                "a kernel in pieces",
                List.of(
                        Conv2d.of(512, conv2d(1, 5).kernelSize(), Activation.LINEAR)
                                .withPadding(Padding.same()),
                        Spec.floats(256, 9, 9)));
        cases.put("dropout in a recurrence", List.of(new Lstm(5, true, true, 2, 0), Spec.floats(6, 3)));
        cases.put("a long recurrence", List.of(new Gru(20, false, true, 2, 0), Spec.floats(40, 10)));
        cases.put("a table", List.of(Sequential.of(embedding(50, 6), lstm(4)), Spec.ids(30)));
        cases.put("tied", List.of(new Tied(20, 5), Spec.ids(7)));
        cases.put(
                "a decoder",
                List.of(
                        Sequential.of(
                                embedding(30, 16),
                                positionalEmbedding(12),
                                decoderBlock(4, 32, 0),
                                layerNorm(),
                                dense(30)),
                        Spec.ids(12)));
        cases.put(
                "an image behind a normalisation",
                List.of(
                        Sequential.of(
                                groupNorm(3), conv2d(20, 3, RELU), maxPool2d(2), flatten(), dense(32, RELU), dense(4)),
                        Spec.floats(3, 10, 10)));
        for (Activation function : Activation.values()) {
            cases.put(
                    "dense and " + function, List.of(Sequential.of(dense(32, function), dense(3)), Spec.floats(9, 16)));
            cases.put("conv2d and " + function, List.of(conv2d(20, 2, function), Spec.floats(5, 7, 6)));
        }
        return cases.entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> {
                    Layer layer = (Layer) e.getValue().get(0);
                    Spec spec = (Spec) e.getValue().get(1);
                    compare(layer, spec, e.getKey().contains("pieces") ? 10 : 5);
                }));
    }

    private static void compare(Layer layer, Spec spec, int n) {
        compare(layer, Specs.of(spec), n);
    }

    @Test
    void attention_across_two_sequences_agrees_with_back_propagation_one_by_one() {
        Specs in = Specs.of(Spec.floats(5, 8)).with(Masks.MEMORY, Spec.floats(7, 8));
        compare(new CrossAttention(2, 0, true), in, 4);
        compare(new CrossAttention(4, 0, false), in.with(Masks.MEMORY_MASK, Spec.of(Shape.of(7), DType.BOOL)), 4);
        compare(new TransformerDecoderBlock(2, 12, 0, Activation.GELU, true, Map.of()), in, 4);
        // Many weights for few steps, and the other way round.
        compare(new CrossAttention(2, 0, true), Specs.of(Spec.floats(1, 64)).with(Masks.MEMORY, Spec.floats(2, 64)), 3);
        compare(new CrossAttention(2, 0, true), Specs.of(Spec.floats(60, 4)).with(Masks.MEMORY, Spec.floats(50, 4)), 3);
    }

    private static void compare(Layer layer, Specs specs, int n) {
        try (Scope scope = Scope.open();
                Model model = Model.build(layer, specs, SEED)) {
            model.store().prepareTraining(false);
            SEED.derive("data").seedTorch();
            Map<String, Tensor> drawn = new LinkedHashMap<>();
            specs.names().forEach(name -> drawn.put(name, draw(specs.require(name), n)));
            Tensors xs = Tensors.of(drawn);
            Tensor outputs = model.forward(xs, Pass.inference()).main();
            List<Tensor> weights = List.of(Tensor.randn(outputs.shape()).mul(0.1));
            var expected = PerExampleGradientsTest.oneByOne(model, xs, weights, Pass.forTraining());
            try (PerExampleGradients perExample = new PerExampleGradients(model)) {
                for (int round = 0; round < 2; round++) {
                    model.store().zeroGradients();
                    ExampleBatch batch = perExample.of(
                            Pass.forTraining(), pass -> PerExampleGradientsTest.loss(model.forward(xs, pass), weights));
                    PerExampleGradientsTest.checkSums(batch, model, expected);
                    if (specs.has(Masks.MEMORY)) {
                        PerExampleGradientsTest.check(batch.gradients(), expected);
                    }
                }
            }
        }
    }

    private static Tensor draw(Spec spec, int n) {
        long[] shape = new long[spec.shape().rank() + 1];
        shape[0] = n;
        System.arraycopy(spec.shape().toArray(), 0, shape, 1, shape.length - 1);
        Tensor x = Tensor.randn(Shape.of(shape));
        if (spec.dtype() == DType.BOOL) {
            Tensor first = Tensor.zeros(Shape.of(n, 1)).add(1);
            return Tensor.cat(
                            List.of(
                                    first,
                                    x.narrow(1, 1, shape[1] - 1).clamp(0, 1).sign()),
                            1)
                    .to(DType.BOOL);
        }
        return spec.isIds() ? x.abs().mul(5).clamp(0, 19).to(DType.INT64) : x;
    }

    /** A language model of one table for ids and logits. */
    private record Tied(int vocabulary, int width) implements UnaryLayer {
        @Override
        public Shape outputShape(Shape input) {
            return Shape.of(input.size(0), vocabulary);
        }

        @Override
        public long flops(Shape input) {
            return 2 * input.elements() * vocabulary * width;
        }

        @Override
        public DType outputType(DType input) {
            return DType.FLOAT32;
        }

        @Override
        public UnaryNetwork build(Shape input, Parameters into) {
            Parameter table = into.weight("table", Shape.of(vocabulary, width), Initializers.randomNormal(1));
            Parameter head = into.child("head").alias("weight", table);
            return (x, pass) -> {
                Tensor taken = pass.perExample(
                        Functional.embedding(x, table.tensor(), -1),
                        (gradient, each) -> each.add(table, Lookups.of(gradient, x, vocabulary, -1)));
                Tensor inside = Functional.tanh(taken);
                return pass.perExample(
                        Functional.linear(inside, head.tensor(), null),
                        (gradient, each) -> each.add(head, Products.of(gradient, inside)));
            };
        }
    }

    /** Multiplies by a factor of its own, and says something about its gradients or not. */
    private record Scaled(String says) implements UnaryLayer {
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
            Parameter factor = into.weight("factor", Shape.of(input.size(-1)), Initializers.ones());
            return (x, pass) -> {
                Tensor y = x.mul(factor.tensor());
                Tensor followed = says.equals("nothing")
                        ? y
                        : pass.perExample(
                                y,
                                (gradient, each) -> each.add(
                                        factor, Rows.lastDimension(says.equals("truth") ? gradient.mul(x) : gradient)));
                return says.equals("overwrites") ? Functional.relu_(followed) : followed;
            };
        }
    }

    private static ExampleBatch batch(Layer layer, Shape input, int rounds) {
        try (Model model = Model.build(layer, input, SEED)) {
            model.store().prepareTraining(false);
            try (Scope scope = Scope.open();
                    PerExampleGradients perExample = new PerExampleGradients(model)) {
                Tensor x = Tensor.randn(Shape.of(4, input.elements())).reshape(all(input));
                ExampleBatch batch = perExample.of(
                        Pass.forTraining(),
                        pass -> model.forward(x, pass).pow(2).sum());
                for (int i = 1; i < rounds; i++) {
                    batch = perExample.of(
                            Pass.forTraining(),
                            pass -> model.forward(x, pass).pow(2).sum());
                }
                return batch;
            }
        }
    }

    private static long[] all(Shape input) {
        long[] shape = new long[input.rank() + 1];
        shape[0] = 4;
        System.arraycopy(input.toArray(), 0, shape, 1, input.rank());
        return shape;
    }

    @Test
    void a_layer_of_a_programs_own_that_says_how_is_taken() {
        compare(Sequential.of(dense(6), new Scaled("truth"), dense(3)), Spec.floats(4), 5);
    }

    @Test
    void one_that_does_not_say_how_or_says_it_wrong_is_refused_by_name() {
        assertThatThrownBy(() -> batch(Sequential.of(dense(6), new Scaled("nothing")), Shape.of(4), 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("layers.1 (Scaled) does not say how those of [layers.1.factor] follow")
                .hasMessageContaining("Pass.perExample");
        assertThatThrownBy(() -> batch(Sequential.of(dense(6), new Scaled("wrong")), Shape.of(4), 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("layers.1 (Scaled) says wrong how the gradients of \"layers.1.factor\" follow");
    }

    @Test
    void one_that_overwrites_what_it_has_told_is_refused() {
        assertThatThrownBy(() -> batch(new Scaled("overwrites"), Shape.of(4), 3))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("in place");
    }

    @Test
    void batch_normalisation_in_training_is_refused_by_name() {
        assertThatThrownBy(() -> batch(Sequential.of(dense(6), batchNorm()), Shape.of(4), 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("layers.1 (batch_norm)")
                .hasMessageContaining("group_norm");
    }

    @Test
    void gradients_that_were_there_stay_and_the_plain_way_goes_on() {
        try (Scope scope = Scope.open();
                Model model = Model.build(Sequential.of(dense(20, RELU), dense(3)), Shape.of(5), SEED);
                PerExampleGradients perExample = new PerExampleGradients(model)) {
            model.store().prepareTraining(false);
            Tensor x = Tensor.randn(Shape.of(8, 5));
            model.forward(x, Pass.forTraining()).pow(2).sum().backward();
            float[] plain = model.store().gradients().toFloats();
            for (int i = 0; i < 2; i++) {
                perExample.of(Pass.forTraining(), pass -> model.forward(x, pass).sum());
                assertThat(model.store().gradients().toFloats()).isEqualTo(plain);
            }
            model.store().zeroGradients();
            model.forward(x, Pass.forTraining()).pow(2).sum().backward();
            assertThat(model.store().gradients().toFloats()).isEqualTo(plain);
        }
    }

    @Test
    void bf16_gives_norms_near_those_of_fp32() {
        Layer layer = Sequential.of(conv2d(16, 3, RELU), maxPool2d(2), flatten(), dense(32, RELU), dense(4));
        float[] exact = norms(layer, false);
        float[] rounded = norms(layer, true);
        for (int i = 0; i < exact.length; i++) {
            assertThat(Math.abs(rounded[i] - exact[i])).isLessThan(0.1f * exact[i]);
        }
    }

    private static float[] norms(Layer layer, boolean bf16) {
        try (Scope scope = Scope.open();
                Model model = Model.build(layer, Shape.of(1, 12, 12), SEED);
                PerExampleGradients perExample = new PerExampleGradients(model)) {
            model.store().prepareTraining(bf16);
            SEED.derive("x").seedTorch();
            Tensor x = Tensor.randn(Shape.of(8, 1, 12, 12));
            perExample.of(
                    Pass.forTraining(), pass -> model.forward(x, pass).pow(2).sum());
            ExampleBatch batch = perExample.of(
                    Pass.forTraining(), pass -> model.forward(x, pass).pow(2).sum());
            batch.addSum(Tensor.ones(Shape.of(8)));
            model.store().gatherGradients();
            assertThat(model.store().gradients().norm().item()).isGreaterThan(0);
            return batch.norms().toFloats();
        }
    }

    @Test
    void native_memory_stays_flat_over_3000_steps_also_where_they_fail() {
        Layer layer = Sequential.of(conv2d(4, 3, RELU), flatten(), dense(16, RELU), dense(3));
        try (Model model = Model.build(layer, Shape.of(1, 8, 8), SEED);
                PerExampleGradients perExample = new PerExampleGradients(model)) {
            model.store().prepareTraining(false);
            run(model, perExample, 300);
            long bytes = NativeMemory.liveBytes();
            int tensors = NativeMemory.liveTensors();
            long resident = NativeMemory.residentBytes();
            run(model, perExample, 2700);
            assertThat(NativeMemory.liveBytes()).isEqualTo(bytes);
            assertThat(NativeMemory.liveTensors()).isEqualTo(tensors);
            assertThat(NativeMemory.residentBytes() - resident).isLessThan(24L << 20);
        }
    }

    /** Every third step fails behind the forward pass, or in the middle of it. */
    private static void run(Model model, PerExampleGradients perExample, int steps) {
        for (int step = 0; step < steps; step++) {
            int now = step;
            try (Scope scope = Scope.open()) {
                Tensor x = Tensor.randn(Shape.of(8, 1, 8, 8));
                ExampleBatch batch = perExample.of(Pass.forTraining(), pass -> {
                    Tensor y = model.forward(x, pass).pow(2).sum();
                    if (now % 3 == 1) {
                        throw new IllegalStateException("on purpose");
                    }
                    return y;
                });
                batch.addSum(batch.norms().add(1).pow(-1));
                assertThat(now % 3).isNotEqualTo(1);
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("on purpose");
            }
        }
    }
}
