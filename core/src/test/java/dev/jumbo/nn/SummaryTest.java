package dev.jumbo.nn;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.batchNorm;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.maxPool2d;
import static dev.jumbo.nn.layers.Layers.residual;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Specs;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private static final Layer ARTICLE = Sequential.of(
            conv2d(32, 3, RELU),
            maxPool2d(2),
            conv2d(64, 3, RELU),
            maxPool2d(2),
            flatten(),
            dense(128, RELU),
            dense(10));

    @Test
    void the_article_s_network_has_the_parameters_that_keras_prints() {
        Summary summary = Summary.of(ARTICLE, Specs.of(Shape.of(1, 28, 28)));
        assertThat(summary.rows().stream().map(Summary.Row::parameters))
                .containsExactly(320L, 0L, 18_496L, 0L, 0L, 204_928L, 1_290L);
        assertThat(summary.parameters()).isEqualTo(225_034);
        assertThat(summary.weightBytes()).isEqualTo(4 * 225_034);
        assertThat(summary.trainingBytes()).isEqualTo(12 * 225_034);
    }

    @Test
    void flops_count_a_multiply_add_as_two() {
        Summary summary = Summary.of(ARTICLE, Specs.of(Shape.of(1, 28, 28)));
        assertThat(summary.rows().get(0).flops()).isEqualTo(2L * 32 * 26 * 26 * 9);
        assertThat(summary.rows().get(2).flops()).isEqualTo(2L * 64 * 11 * 11 * 32 * 9);
        assertThat(summary.rows().get(5).flops()).isEqualTo(2L * 1600 * 128);
        assertThat(summary.flops())
                .isEqualTo(summary.rows().stream().mapToLong(Summary.Row::flops).sum());
    }

    @Test
    void the_table_shows_layers_shapes_and_totals() {
        assertThat(Summary.of(ARTICLE, Specs.of(Shape.of(1, 28, 28))).toString().lines())
                .contains("layers.0  conv2d      [32, 26, 26]         320    389,376      86.5 kB")
                .contains("Parameters:  225,034 trained, 0 other")
                .anyMatch(line -> line.startsWith("Memory:      900.1 kB weights; in training also 2.7 MB"));
    }

    @Test
    void memory_is_that_of_the_optimizer_which_trains_and_of_what_is_trained() {
        Summary summary = Summary.of(ARTICLE, Specs.of(Shape.of(1, 28, 28)));
        assertThat(summary.text("lion's state", 225_034, 225_034)).contains("also 1.8 MB gradients and lion's state, ");
        assertThat(summary.text("sgd's state", 1_290, 0)).contains("also 5.2 kB gradients, ");
    }

    @Test
    void containers_are_opened_and_buffers_are_counted_apart() {
        Layer layer = Sequential.of(residual(dense(4), batchNorm()), dense(2));
        Summary summary = Summary.of(layer, Specs.of(Shape.of(4)));
        assertThat(summary.rows().stream().map(Summary.Row::path))
                .containsExactly("layers.0.layers.0", "layers.0.layers.1", "layers.1");
        assertThat(summary.parameters()).isEqualTo(20 + 8 + 10);
        assertThat(summary.buffers()).isEqualTo(8);
    }

    @Test
    void a_block_is_printed_as_one_row_and_counted_by_its_layers() {
        Layer layer = Sequential.of(dense(8), Layers.encoderBlock(2, 16, 0), dense(2));
        Summary summary = Summary.of(layer, Specs.of(Shape.of(3, 4)));
        assertThat(summary.blocks().stream().map(Summary.Row::path))
                .containsExactly("layers.0", "layers.1", "layers.2");
        assertThat(summary.blocks().stream().mapToLong(Summary.Row::parameters).sum())
                .isEqualTo(summary.parameters());
        assertThat(summary.rows()).hasSize(7);
        assertThat(summary.toString().lines().filter(line -> line.startsWith("layers.")))
                .hasSize(3);
    }

    @Test
    void a_huge_model_is_described_at_once_and_without_native_memory() {
        long before = NativeMemory.liveBytes();
        int tensors = NativeMemory.liveTensors();
        Summary summary = Assertions.assertTimeout(
                Duration.ofSeconds(1),
                () -> Summary.of(Sequential.of(dense(1_000_000), dense(1_000_000)), Specs.of(Shape.of(1_000_000))));
        assertThat(summary.parameters()).isEqualTo(2 * (1_000_000_000_000L + 1_000_000));
        assertThat(summary.toString()).contains("8.0 TB weights").contains("24.0 TB gradients and Adam's state");
        assertThat(NativeMemory.liveBytes()).isEqualTo(before);
        assertThat(NativeMemory.liveTensors()).isEqualTo(tensors);
    }

    @Test
    void the_count_is_that_of_the_built_model() {
        Summary summary = Summary.of(ARTICLE, Specs.of(Shape.of(1, 28, 28)));
        try (Model model = Model.build(ARTICLE, Shape.of(1, 28, 28), RandomState.of(1))) {
            assertThat(model.store().values().elements()).isEqualTo(summary.parameters());
        }
    }

    @Test
    void what_does_not_fit_is_named_by_its_path() {
        assertThatThrownBy(() -> Summary.of(ARTICLE, Specs.of(Shape.of(1, 4, 4))))
                .isInstanceOf(ShapeException.class)
                .hasMessageStartingWith("layers.2: expected an image [C, H, W]")
                .hasMessageEndingWith("received [32, 1, 1]");
    }
}
