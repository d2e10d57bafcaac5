package dev.jumbo.train.plan.work;

import static dev.jumbo.nn.Activation.GELU;
import static dev.jumbo.nn.Activation.LINEAR;
import static dev.jumbo.nn.Activation.RELU;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.data.Field;
import dev.jumbo.nn.Cost;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.ActivationLayer;
import dev.jumbo.nn.layers.basic.BatchNorm;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.basic.Dropout;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.basic.Flatten;
import dev.jumbo.nn.layers.conv.Conv2d;
import dev.jumbo.nn.layers.conv.DepthwiseConv2d;
import dev.jumbo.nn.layers.conv.MaxPool2d;
import dev.jumbo.nn.layers.conv.Padding;
import dev.jumbo.nn.layers.conv.Size2d;
import dev.jumbo.nn.layers.sequence.GroupedQueryAttention;
import dev.jumbo.nn.layers.sequence.LlamaBlock;
import dev.jumbo.nn.layers.sequence.PositionalEmbedding;
import dev.jumbo.nn.layers.sequence.TransformerBlock;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.TrainConfig;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.plan.cost.DescribedCosts;
import dev.jumbo.train.plan.device.Devices;
import dev.jumbo.train.plan.memory.Sharding;
import dev.jumbo.train.plan.memory.StateBytes;
import dev.jumbo.train.plan.step.Passes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperationsTest {
    private static final Shape IMAGE = Shape.of(1, 28, 28);

    private static Layer model(String name) {
        return switch (name) {
            case "cnn" ->
                Sequential.of(
                        Conv2d.of(32, Size2d.of(3), RELU),
                        MaxPool2d.of(2),
                        Conv2d.of(64, Size2d.of(3), RELU),
                        MaxPool2d.of(2),
                        new Flatten(),
                        Dense.of(128, RELU),
                        Dense.of(10, LINEAR));
            case "strided" ->
                Sequential.of(
                        Conv2d.of(16, Size2d.of(5), LINEAR).withStride(2).withPadding(Padding.same()),
                        DepthwiseConv2d.of(Size2d.of(3), LINEAR),
                        Conv2d.of(24, Size2d.of(1), LINEAR));
            case "mlp" -> Sequential.of(Dense.of(128, RELU), Dense.of(64, LINEAR), Dense.of(2, LINEAR));
            case "lm" ->
                Sequential.of(
                        Embedding.of(1000, 64),
                        PositionalEmbedding.of(32),
                        new TransformerBlock(4, 256, false, 0, GELU, true),
                        new TransformerBlock(4, 256, false, 0, GELU, true),
                        new Dense(
                                1000,
                                LINEAR,
                                false,
                                Dense.of(1, LINEAR).kernelInitializer(),
                                Dense.of(1, LINEAR).biasInitializer()));
            case "llama" ->
                Sequential.of(
                        Embedding.of(1000, 64),
                        new LlamaBlock(GroupedQueryAttention.of(4, 2, 10000), 172, 1e-5, false, Map.of()),
                        new LlamaBlock(GroupedQueryAttention.of(4, 4, 10000), 172, 1e-5, false, Map.of()),
                        Dense.of(1000, LINEAR));
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Shape input(String name) {
        return switch (name) {
            case "cnn" -> IMAGE;
            case "strided" -> Shape.of(3, 32, 32);
            case "mlp" -> Shape.of(104);
            default -> Shape.of(32);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"cnn", "strided", "mlp", "lm"})
    void parameters_and_products_are_those_that_pytorch_counts(String name) {
        JsonNode expected = JsonFixture.read("plan").path(name);
        Passes passes = passes(model(name), input(name), name.equals("lm"));

        double products = passes.operations().stream()
                .filter(Operation::isProduct)
                .mapToDouble(Operation::flops)
                .sum();
        double others = passes.forwardFlops() - products;

        assertThat(passes.parameters()).isEqualTo(expected.path("parameters").asLong());
        assertThat(products).isEqualTo(expected.path("forward").asDouble());
        double training = expected.path("training").asDouble();
        if (!name.equals("strided")) { // PyTorch counts the backward pass of grouped convolutions as if they were not.
            assertThat(passes.trainingFlops()).isBetween(training, training + 3 * others);
        }
    }

    private static Passes passes(Layer model, Shape input, boolean ids) {
        Field field = ids ? Field.ids("x", input) : Field.floats("x", input);
        TrainConfig config = Trainer.of(model).config();
        Workload workload = new Workload(model, List.of(field), List.of(), 100, 0, config, Workload.Data.NONE);
        return Passes.of(workload, new DescribedCosts(Devices.load(null).named("L4"), false, 0.4));
    }

    /** The tensors that a forward pass makes, counted by the library itself. */
    @ParameterizedTest
    @ValueSource(strings = {"cnn", "mlp", "lm", "llama", "normalised", "dropped"})
    void what_a_forward_pass_leaves_in_its_scope_is_what_the_plan_says(String name) {
        Layer layer = name.equals("normalised") || name.equals("dropped") ? block(name) : model(name);
        Shape input = name.equals("normalised") || name.equals("dropped") ? IMAGE : input(name);
        int examples = 8;
        double planned = Cost.of(layer, Specs.of(input), Compute.CPU).stream()
                .mapToDouble(o -> examples * o.kept().scopeBytes(Float.BYTES))
                .sum();

        try (Model model = Model.build(layer, input, RandomState.of(0));
                Scope scope = Scope.open()) {
            model.store().prepareTraining(false);
            Shape batch = input.prepend(examples);
            Tensor x = name.equals("lm") || name.equals("llama")
                    ? Tensor.of(new long[(int) batch.elements()], batch)
                    : Tensor.zeros(batch);
            long before = NativeMemory.liveBytes();
            model.forward(x, Pass.forTraining());

            assertThat((double) NativeMemory.liveBytes() - before).isCloseTo(planned, within(0.03 * planned));
        }
    }

    private static Layer block(String name) {
        return name.equals("dropped")
                ? Sequential.of(new Flatten(), Dense.of(64, RELU), new Dropout(0.5), Dense.of(64, GELU))
                : Sequential.of(
                        Conv2d.of(16, Size2d.of(3), LINEAR).withPadding(Padding.same()),
                        new BatchNorm(0.1, 1e-5),
                        new ActivationLayer(RELU),
                        Conv2d.of(32, Size2d.of(3), LINEAR),
                        new BatchNorm(0.1, 1e-5),
                        new ActivationLayer(RELU),
                        MaxPool2d.of(2));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void state_is_what_a_training_allocates(boolean bf16) {
        Layer layer = model("mlp");
        TrainConfig config = Trainer.of(layer)
                .loss(Losses.crossEntropy())
                .precision(bf16 ? TrainConfig.Precision.BF16 : TrainConfig.Precision.FP32)
                .config();
        long before = NativeMemory.liveBytes();
        try (Model model = Model.build(layer, input("mlp"), RandomState.of(0))) {
            model.store().prepareTraining(bf16);
            try (var state = config.optimizer().build(model.store())) {
                double bytes = NativeMemory.liveBytes() - before;
                double parameters = model.store().values().elements();

                assertThat(bytes)
                        .isCloseTo(
                                parameters
                                        * StateBytes.of(config, Sharding.DATA_PARALLEL, 1)
                                                .total(),
                                within(64.0));
                assertThat(state.state()).hasSize(config.optimizer().slots() + 1);
            }
        }
    }

    @Test
    void the_activation_before_a_pooling_is_counted_behind_it() {
        List<Operation> operations = Cost.of(model("cnn"), Specs.of(IMAGE), Compute.CPU);

        assertThat(operations.stream().map(Operation::kind).limit(4))
                .containsExactly("conv2d", "max_pool2d", "relu", "conv2d");
        assertThat(operations.get(2).outputs()).isEqualTo(32 * 13 * 13);
    }

    @Test
    void attention_keeps_scores_in_bf16_on_a_cpu_only() {
        Layer block = new TransformerBlock(8, 512, true, 0, GELU, true);
        Specs input = Specs.of(Shape.of(1024, 128));
        double scores = 2.0 * 8 * 1024 * 1024;

        assertThat(kept(Cost.of(block, input, new Compute(true, false)))
                        - kept(Cost.of(block, input, new Compute(true, true))))
                .isGreaterThan(scores);
    }

    private static double kept(List<Operation> operations) {
        return operations.stream().mapToDouble(o -> o.kept().values()).sum();
    }
}
