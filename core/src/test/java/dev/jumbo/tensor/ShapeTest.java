package dev.jumbo.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void counts_from_the_end_with_negative_dimensions() {
        Shape shape = Shape.of(2, 3, 4);
        assertThat(shape.size(-1)).isEqualTo(4);
        assertThat(shape.with(-2, 7)).isEqualTo(Shape.of(2, 7, 4));
        assertThat(shape.prepend(5)).isEqualTo(Shape.of(5, 2, 3, 4));
        assertThat(shape.elements()).isEqualTo(24);
        assertThat(Shape.of().elements()).isEqualTo(1);
        assertThat(shape).hasToString("[2, 3, 4]");
    }

    @Test
    void refuses_negative_sizes_and_more_elements_than_a_long_counts() {
        assertThatThrownBy(() -> Shape.of(2, -1)).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> Shape.of(1L << 40, 1L << 40)).isInstanceOf(InputException.class);
    }

    @Test
    void tells_errors_from_outside_in() {
        ShapeException error = new ShapeException("", "[C, H, W]", Shape.of(3))
                .within("layers.2")
                .within("encoder");
        assertThat(error).hasMessage("encoder.layers.2: expected [C, H, W], received [3]");
    }

    @Test
    void refuses_devices_that_are_not_there() {
        assertThat(Device.of("cpu")).isEqualTo(Device.CPU);
        assertThatThrownBy(() -> Device.of("tpu")).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> Device.of("cuda:" + Device.cudaDevices()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("-Pgpu");
    }
}
