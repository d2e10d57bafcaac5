package dev.jumbo.nn.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.nn.Loss;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values, gradients and predictions against PyTorch's. */
class LossTest {
    private static final JsonNode FIXTURE = JsonFixture.read("losses");
    private static final List<Double> WEIGHTS = List.of(0.5, 1.0, 2.0, 3.0, 0.1);

    static Stream<Arguments> losses() {
        return Stream.of(
                Arguments.of("cross_entropy", "ids", Losses.crossEntropy()),
                Arguments.of("cross_entropy", "one_hot", Losses.crossEntropy()),
                Arguments.of("cross_entropy", "probabilities", Losses.crossEntropy()),
                Arguments.of("cross_entropy", "smoothing", Losses.crossEntropy(0.1)),
                Arguments.of("cross_entropy", "weights", new CrossEntropy(0, WEIGHTS, -100, true, 1)),
                Arguments.of(
                        "cross_entropy", "weights_smoothing_one_hot", new CrossEntropy(0.2, WEIGHTS, -100, true, 1)),
                Arguments.of("cross_entropy", "ignore", Losses.crossEntropy()),
                Arguments.of("cross_entropy", "images", Losses.crossEntropy()),
                Arguments.of("cross_entropy", "sequences", Losses.sequenceCrossEntropy(-1)),
                Arguments.of("cross_entropy", "sequence_probabilities", Losses.sequenceCrossEntropy(-1)),
                Arguments.of("cross_entropy", "from_probabilities", new CrossEntropy(0, List.of(), -100, false, 1)),
                Arguments.of(
                        "cross_entropy",
                        "from_probabilities_smoothing",
                        new CrossEntropy(0.1, List.of(), -100, false, -1)),
                Arguments.of("binary_cross_entropy", "logits", Losses.binaryCrossEntropy()),
                Arguments.of("binary_cross_entropy", "pos_weight", new BinaryCrossEntropy(2.5, true)),
                Arguments.of("binary_cross_entropy", "column_of_ids", Losses.binaryCrossEntropy()),
                Arguments.of("binary_cross_entropy", "from_probabilities", new BinaryCrossEntropy(2.5, false)),
                Arguments.of("differences", "mse", Losses.mse()),
                Arguments.of("differences", "mse_column", Losses.mse()),
                Arguments.of("differences", "mae", Losses.mae()),
                Arguments.of("differences", "huber", Losses.huber()),
                Arguments.of("differences", "huber_delta", Losses.huber(0.4)),
                Arguments.of("kl_divergence", "batch", Losses.klDivergence()),
                Arguments.of("kl_divergence", "sequences", Losses.klDivergence()),
                Arguments.of("ctc", "full", Losses.ctc()),
                Arguments.of("ctc", "input_lengths", new Ctc(0, true, false)),
                Arguments.of("ctc", "blank", new Ctc(4, false, false)),
                Arguments.of("ctc", "zero_infinity", new Ctc(0, false, true)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("losses")
    void has_the_value_and_the_gradient_of_pytorch(String kind, String name, Loss loss) {
        JsonNode expected = FIXTURE.get(kind).get(name);
        try (Scope scope = Scope.open()) {
            Tensor outputs = tensor(expected.get("outputs")).requiresGrad(true);
            Tensor value = loss.of(outputs, tensor(expected.get("targets")));
            double pytorch = expected.get("loss").asDouble();
            assertThat(value.shape()).isEqualTo(Shape.of());
            assertThat(value.item()).isCloseTo(pytorch, within(1e-5 * Math.max(1, Math.abs(pytorch))));
            value.backward();
            float[] gradient = JsonFixture.floats(expected.get("gradient"));
            assertThat(outputs.grad().toFloats()).containsExactly(gradient, within(largest(gradient) * 1e-5f));
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("losses")
    void is_the_sum_of_what_single_examples_lose_over_what_they_count(String kind, String name, Loss loss) {
        JsonNode expected = FIXTURE.get(kind).get(name);
        try (Scope scope = Scope.open()) {
            Tensor outputs = tensor(expected.get("outputs")).requiresGrad(true);
            Tensor targets = tensor(expected.get("targets"));
            Tensor each = loss.each(outputs, targets);
            double[] counts = loss.weights(targets);
            double counted = Arrays.stream(counts).sum();
            assertThat(each.shape()).isEqualTo(Shape.of(outputs.size(0)));
            assertThat(counts).hasSize((int) outputs.size(0));
            assertThat(counted).isCloseTo(loss.weight(targets), within(1e-9));
            Tensor value = each.sum().div(counted);
            double pytorch = expected.get("loss").asDouble();
            assertThat(value.item()).isCloseTo(pytorch, within(1e-5 * Math.max(1, Math.abs(pytorch))));
            value.backward();
            float[] gradient = JsonFixture.floats(expected.get("gradient"));
            assertThat(outputs.grad().toFloats()).containsExactly(gradient, within(largest(gradient) * 1e-5f));
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("losses")
    void says_what_outputs_mean(String kind, String name, Loss loss) {
        JsonNode expected = FIXTURE.get(kind).get(name);
        try (Scope scope = Scope.open()) {
            assertThat(loss.predictions(tensor(expected.get("outputs"))).toFloats())
                    .containsExactly(JsonFixture.floats(expected.get("predictions")), within(1e-6f));
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("losses")
    void accepts_the_shapes_that_it_computes_with(String kind, String name, Loss loss) {
        JsonNode expected = FIXTURE.get(kind).get(name);
        assertThatCode(() -> loss.check(example(expected.get("outputs")), example(expected.get("targets"))))
                .doesNotThrowAnyException();
    }

    @Test
    void every_kind_of_loss_is_tested_here() {
        assertThat(losses().<Class<?>>map(a -> a.get()[2].getClass()).distinct())
                .hasSameElementsAs(Losses.kinds());
    }

    private static Tensor tensor(JsonNode node) {
        Shape shape = Shape.of(JsonFixture.longs(node.get("shape")));
        JsonNode values = node.get("values");
        return node.path("ids").asBoolean()
                ? Tensor.of(JsonFixture.longs(values), shape)
                : Tensor.of(JsonFixture.floats(values), shape);
    }

    private static Shape example(JsonNode node) {
        Shape batch = Shape.of(JsonFixture.longs(node.get("shape")));
        return batch.slice(1, batch.rank());
    }

    private static float largest(float[] values) {
        float largest = 0;
        for (float v : values) {
            largest = Math.max(largest, Math.abs(v));
        }
        return largest;
    }
}
