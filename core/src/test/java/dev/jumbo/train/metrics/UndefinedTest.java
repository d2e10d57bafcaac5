package dev.jumbo.train.metrics;

import static dev.jumbo.nn.losses.Losses.*;
import static dev.jumbo.train.metrics.Metrics.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.nn.Loss;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A network that gives NaN has no predicted class, and is never the best. */
class UndefinedTest {
    private static final float NAN = Float.NaN;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void every_metric_is_nan_with_an_output_that_is(int width) {
        float[] outputs = width == 1 ? new float[] {0.2f, NAN, 0.9f} : new float[] {1, 0, 0, NAN, NAN, NAN, 0, 0, 1};
        Predictions classes = Predictions.ofClasses(outputs, new long[] {0, 0, 1});
        List<Metric> metrics = List.of(
                accuracy(),
                topK(2),
                precision(Average.MACRO),
                recall(Average.MICRO),
                f1(Average.WEIGHTED),
                rocAuc(),
                prAuc(),
                logLoss(),
                brierScore(),
                expectedCalibrationError(),
                perplexity());
        for (Metric metric : metrics) {
            assertUndefined(metric, classes);
        }
        Predictions numbers = Predictions.ofValues(outputs, new float[3 * width], width);
        for (Metric metric : List.of(meanAbsoluteError(), meanSquaredError(), rmse(), mape(), r2())) {
            assertUndefined(metric, numbers);
        }
    }

    private static void assertUndefined(Metric metric, Predictions predictions) {
        Metric.Accumulator one = metric.start();
        one.add(predictions);
        assertThat(one.value()).as(metric.name()).isNaN();
        Metric.Accumulator merged = metric.start();
        merged.merge(one.state());
        assertThat(merged.value()).as(metric.name() + " merged").isNaN();
        Monitor monitor = new Monitor(metric.name(), metric.higherIsBetter());
        assertThat(monitor.isBetter(one.value(), monitor.worst()))
                .as(metric.name())
                .isFalse();
    }

    @Test
    void a_row_that_does_not_count_may_be_nan() {
        Metric.Accumulator accuracy = accuracy().start();
        accuracy.add(Predictions.ofClasses(new float[] {1, 0, NAN, NAN}, new long[] {0, -1}));
        assertThat(accuracy.value()).isEqualTo(1);
    }

    @Test
    void losses_and_metrics_may_be_imported_side_by_side() {
        Loss loss = mse();
        assertThat(loss).isEqualTo(mse());
        assertThat(mae()).isInstanceOf(Loss.class);
        assertThat(Metrics.mse()).isEqualTo(meanSquaredError());
        assertThat(Metrics.mae()).isEqualTo(meanAbsoluteError());
    }
}
