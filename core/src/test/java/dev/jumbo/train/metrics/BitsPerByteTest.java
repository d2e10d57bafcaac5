package dev.jumbo.train.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Target;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BitsPerByteTest {
    /** Of the right tokens: 1/2, 1/4, 1/8, not counted, 1/2. */
    private static final float[] PROBABILITIES = {
        0.5f, 0.25f, 0.25f, 0.5f, 0.25f, 0.25f, 0.5f, 0.375f, 0.125f, 0.1f, 0.1f, 0.8f, 0.25f, 0.25f, 0.5f
    };

    private static final long[] RIGHT = {0, 1, 2, -100, 2};

    private static final Target CHARACTERS = new Target("next", Shape.of(5), true, List.of("a", "\u00e4", "\u20ac"));

    private static double value(Metric metric, double... weights) {
        Metric.Accumulator all = metric.start();
        Predictions predictions = Predictions.ofClasses(PROBABILITIES, RIGHT);
        all.add(weights.length == 0 ? predictions : predictions.weighted(weights));
        try (Scope scope = Scope.open()) {
            TensorRows rows =
                    TensorRows.ofClasses(Tensor.of(PROBABILITIES, Shape.of(5, 3)), Tensor.of(RIGHT, Shape.of(5)));
            Tensor sums = Objects.requireNonNull(metric.sums(weights.length == 0 ? rows : rows.weighted(weights)));
            Metric.Accumulator onDevice = metric.start();
            onDevice.merge(sums.toDoubles());
            assertThat(onDevice.value()).isCloseTo(all.value(), within(1e-9));
        }
        return all.value();
    }

    @Test
    void bits_of_the_right_tokens_are_divided_by_the_bytes_of_their_characters() {
        // 1 + 2 + 3 + 1 bits for 1 + 2 + 3 + 3 bytes.
        assertThat(value(Metrics.bitsPerByte().fitted(CHARACTERS))).isCloseTo(7 / 9.0, within(1e-6));
        assertThat(value(Metrics.bitsPerByte().fitted(CHARACTERS), 1, 3, 0, 1, 2))
                .isCloseTo((1 + 3 * 2 + 2) / (1.0 + 3 * 2 + 2 * 3), within(1e-6));
    }

    @Test
    void tokens_of_no_bytes_do_not_count_and_a_ratio_is_enough() {
        // nanochat's evaluate_bpb leaves special tokens out of both sums.
        assertThat(value(new BitsPerByte(List.of(2, 0, 4), 0))).isCloseTo((1 + 3 + 1) / 10.0, within(1e-6));
        assertThat(value(new BitsPerByte(List.of(), 3.5))).isCloseTo(7 / 4.0 / 3.5, within(1e-6));
        // log2 of perplexity, where a token is a byte.
        double perplexity = value(Metrics.perplexity());
        assertThat(value(new BitsPerByte(List.of(), 1))).isCloseTo(Math.log(perplexity) / Math.log(2), within(1e-6));
    }

    @Test
    void without_knowing_the_bytes_it_says_what_to_write() {
        Target nameless = new Target("next", Shape.of(5), true, List.of());
        assertThatThrownBy(() -> Metrics.bitsPerByte().fitted(nameless))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("bytes_per_token: N", "evaluate RUN --perplexity FILE");
        assertThatThrownBy(() -> value(new BitsPerByte(List.of(1, 2), 0)))
                .hasMessageContaining("expected a number for each id, received 2");
        assertThatThrownBy(() -> new BitsPerByte(List.of(1), 2)).hasMessageContaining("received both");
    }
}
