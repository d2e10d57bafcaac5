package dev.jumbo.data.table.encode;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TargetPrecisionTest {
    private static double[] values(double from, double step) {
        return IntStream.range(0, 100).mapToDouble(i -> from + step * i).toArray();
    }

    @Test
    void a_target_that_float32_would_round_to_a_few_values_is_refused() {
        // numpy: len(set((1_700_000_000 + 10 * numpy.arange(100)).astype("float32"))) is 9.
        assertThatThrownBy(() -> TargetPrecision.require("time", values(1.7e9, 10)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("subtract a constant first")
                .hasMessageContaining("time");
    }

    @Test
    void ordinary_targets_pass_whatever_their_unit() {
        TargetPrecision.require("price", values(15_000, 5_000));
        TargetPrecision.require("small", values(1e-12, 1e-13));
        TargetPrecision.require("large", values(1e30, 1e29));
        TargetPrecision.require("year", values(1950, 1));
        TargetPrecision.require("constant", values(5, 0));
    }
}
