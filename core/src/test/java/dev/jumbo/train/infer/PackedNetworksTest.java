package dev.jumbo.train.infer;

import static dev.jumbo.nn.Activation.GELU;
import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.Activation.TANH;
import static dev.jumbo.nn.layers.Layers.activation;
import static dev.jumbo.nn.layers.Layers.batchNorm;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.dropout;
import static dev.jumbo.nn.layers.Layers.encoderBlock;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.globalAvgPool;
import static dev.jumbo.nn.layers.Layers.lstm;
import static dev.jumbo.nn.layers.Layers.maxPool2d;
import static dev.jumbo.nn.layers.Layers.relu;
import static dev.jumbo.nn.layers.Layers.sequential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Field;
import dev.jumbo.nn.FirstValues;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Packing;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.layers.Residual;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.conv.Padding;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.nn.weights.Weights;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is prepared on libtorch answers as the model does. */
class PackedNetworksTest {
    @TempDir
    private Path dir;

    private Checkpoint trained(Layer layer, Shape shape) {
        SplittableRandom random = new SplittableRandom(3);
        float[] values = new float[12 * (int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.5 + random.nextGaussian());
        }
        return Trainer.of(layer)
                .epochs(3)
                .batchSize(6)
                .seed(1)
                .saveTo(dir.resolve("run" + System.nanoTime()))
                .build()
                .fit(ArrayDataset.of(
                        Field.floats("x", shape),
                        values,
                        Field.classId("y", List.of("a", "b", "c")),
                        random.longs(12, 0, 3).toArray()));
    }

    /** Agreement to 1e-5, and what was said about it. */
    private static String requireAgreement(Checkpoint checkpoint) {
        SeededInputs made = SeededInputs.of(checkpoint.description());
        int before = NativeMemory.liveTensors();
        Engine plain = LibtorchEngine.plain(checkpoint);
        EngineProvider.Preparation prepared = new PackedNetworks(made, PackedNetworks.none()).prepare(checkpoint);
        Engine engine = Objects.requireNonNull(prepared.engine(), prepared.note());
        Golden golden = Golden.made(made, plain);
        assertThat(golden.isFinite()).isTrue();
        assertThat(golden.disagreement(engine)).isEmpty();
        plain.close();
        engine.close();
        assertThat(NativeMemory.liveTensors()).isEqualTo(before);
        return prepared.note();
    }

    @Test
    void normalisations_and_functions_behind_convolutions_are_folded_into_them() {
        Layer block = new Residual(
                List.of(
                        conv2d(8, 3).withPadding(Padding.of(1)).withStride(2).withoutBias(),
                        batchNorm(),
                        relu(),
                        dropout(0.1),
                        conv2d(8, 3).withPadding(Padding.of(1)),
                        batchNorm()),
                sequential(conv2d(8, 1).withStride(2).withoutBias(), batchNorm()),
                RELU);
        Sequential network = sequential(
                conv2d(4, 3).withoutBias(),
                batchNorm(),
                activation(TANH),
                maxPool2d(2),
                block,
                globalAvgPool(),
                dense(6),
                batchNorm(),
                relu(),
                dense(3));
        Checkpoint checkpoint = trained(network, Shape.of(2, 12, 12));
        requireAgreement(checkpoint);
        Map<String, Tensor> weights;
        try (Scope scope = Scope.open()) {
            weights = new LinkedHashMap<>(checkpoint.weights());
            new Folding(weights).fold(checkpoint.description().model(), Specs.of(Shape.of(2, 12, 12)));
        }
        assertThat(weights.keySet()).noneMatch(name -> name.endsWith("running_mean"));
    }

    @Test
    void padding_that_is_no_number_and_functions_of_all_kinds_stay_right() {
        requireAgreement(trained(
                sequential(
                        conv2d(5, 2, GELU).withPadding(Padding.same()).withStride(2),
                        conv2d(6, 3, TANH).withPadding(Padding.same()),
                        maxPool2d(2),
                        flatten(),
                        dense(20, GELU),
                        dense(3)),
                Shape.of(1, 9, 9)));
    }

    @Test
    void recurrent_layers_and_attention_run_as_in_training_beside_packed_products() {
        assertThat(requireAgreement(trained(sequential(lstm(8), flatten(), dense(3)), Shape.of(5, 4))))
                .contains("1 of 1 products");
        requireAgreement(trained(sequential(encoderBlock(2, 16, 0), flatten(), dense(3)), Shape.of(5, 4)));
    }

    /** A layer of somebody's own, of which nothing is known here. */
    @Test
    void a_layer_that_preparation_does_not_know_answers_as_the_model_does() {
        UnaryLayer swirl = new Swirl();
        try (Scope scope = Scope.open()) {
            var in = Specs.of(Shape.of(6));
            Sequential network = sequential(dense(8, RELU), swirl, dense(3));
            var model = Model.build(network, in, RandomState.of(1));
            var packing = new Packing(PackedNetworks.none());
            var prepared = Model.buildForInference(
                    new Folding(model.state()).fold(network, in),
                    in,
                    FirstValues.loaded(Weights.of(TensorSource.of(model.state()))),
                    packing);
            Tensor x = Tensor.randn(Shape.of(4, 6));
            float[] expected = model.forward(x, Pass.inference()).toFloats();
            float[] received = prepared.forward(x, Pass.inference()).toFloats();
            assertThat(received).containsExactly(expected, within(1e-5f));
            prepared.close();
            packing.close();
            model.close();
        }
    }

    private record Swirl() implements UnaryLayer {
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
            return (x, pass) -> x.mul(x.abs()).add(x);
        }
    }
}
