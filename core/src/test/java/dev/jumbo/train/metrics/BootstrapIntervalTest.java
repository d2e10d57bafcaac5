package dev.jumbo.train.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.error.InputException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BootstrapIntervalTest {
    /** Scores of class 1 that are right in about nine of ten rows. */
    private static Predictions predictions(int rows) {
        SplittableRandom random = new SplittableRandom(1);
        float[] scores = new float[rows];
        long[] ids = new long[rows];
        for (int row = 0; row < rows; row++) {
            ids[row] = row % 2;
            boolean right = random.nextDouble() < 0.9;
            scores[row] = (float) ((ids[row] == 1) == right ? 0.5 + random.nextDouble() / 2 : random.nextDouble() / 2);
        }
        return Predictions.ofClasses(scores, ids);
    }

    @Test
    void the_interval_of_accuracy_is_the_one_of_a_binomial_share() {
        BootstrapInterval interval = BootstrapInterval.of(Metrics.accuracy(), predictions(10_000), 3);
        double half = 1.96 * Math.sqrt(interval.value() * (1 - interval.value()) / 10_000);
        assertThat(interval.lower()).isCloseTo(interval.value() - half, within(6e-4));
        assertThat(interval.upper()).isCloseTo(interval.value() + half, within(6e-4));
    }

    @Test
    void a_metric_over_all_rows_agrees_with_the_same_metric_as_a_mean() {
        Predictions predictions = predictions(500);
        BootstrapInterval mean = BootstrapInterval.of(Metrics.accuracy(), predictions, 0.9, 400, 5);
        BootstrapInterval any = BootstrapInterval.of(Metrics.f1(Average.MICRO), predictions, 0.9, 400, 5);
        assertThat(any.lower()).isCloseTo(mean.lower(), within(1e-12));
        assertThat(any.upper()).isCloseTo(mean.upper(), within(1e-12));
    }

    @Test
    void the_same_seed_gives_the_same_interval_and_another_one_does_not() {
        Predictions predictions = predictions(300);
        BootstrapInterval one = BootstrapInterval.of(Metrics.rocAuc(), predictions, 0.95, 200, 1);
        assertThat(BootstrapInterval.of(Metrics.rocAuc(), predictions, 0.95, 200, 1))
                .isEqualTo(one);
        assertThat(BootstrapInterval.of(Metrics.rocAuc(), predictions, 0.95, 200, 2))
                .isNotEqualTo(one);
        assertThat(one.value()).isBetween(one.lower(), one.upper());
    }

    @Test
    void resamples_without_a_defined_figure_are_left_out() {
        // With one positive row of six, a third of the resamples have none.
        Predictions predictions =
                Predictions.ofClasses(new float[] {0.1f, 0.2f, 0.3f, 0.4f, 0.9f, 0.5f}, new long[] {0, 0, 0, 0, 1, 0});
        BootstrapInterval interval = BootstrapInterval.of(Metrics.rocAuc(), predictions, 1);
        assertThat(interval.lower()).isEqualTo(1);
        assertThat(interval.upper()).isEqualTo(1);
    }

    @Test
    void a_confidence_outside_of_its_range_is_refused() {
        assertThatThrownBy(() -> BootstrapInterval.of(Metrics.accuracy(), predictions(10), 95, 10, 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received 95.0 and 10");
    }
}
