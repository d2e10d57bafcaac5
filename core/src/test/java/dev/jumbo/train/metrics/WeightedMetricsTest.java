package dev.jumbo.train.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Metrics that count rows by weights: against scikit-learn's sample_weight. */
class WeightedMetricsTest {
    private static final JsonNode FIXTURE = JsonFixture.read("weighted_metrics");
    private static final float[] OUTPUTS = JsonFixture.floats(FIXTURE.get("outputs"));
    private static final long[] CLASSES = JsonFixture.longs(FIXTURE.get("classes"));
    private static final float[] NUMBERS = JsonFixture.floats(FIXTURE.get("numbers"));
    private static final float[] VALUES = JsonFixture.floats(FIXTURE.get("values"));
    private static final double[] WEIGHTS = JsonFixture.doubles(FIXTURE.get("weights"));

    private static Metric metric(String name) {
        return switch (name) {
            case "accuracy" -> new Accuracy();
            case "top_2_accuracy" -> new TopKAccuracy(2);
            case "log_loss" -> new LogLoss();
            case "perplexity" -> new Perplexity();
            case "mse" -> new MeanSquaredError();
            case "rmse" -> new RootMeanSquaredError();
            case "mae" -> new MeanAbsoluteError();
            default -> new R2();
        };
    }

    private static Predictions rows(String name, int from, int to) {
        double[] weights = Arrays.copyOfRange(WEIGHTS, from, to);
        return (name.contains("accuracy") || name.equals("log_loss") || name.equals("perplexity")
                        ? Predictions.ofClasses(
                                Arrays.copyOfRange(OUTPUTS, 3 * from, 3 * to), Arrays.copyOfRange(CLASSES, from, to))
                        : Predictions.ofValues(
                                Arrays.copyOfRange(NUMBERS, from, to), Arrays.copyOfRange(VALUES, from, to), 1))
                .weighted(weights);
    }

    private static TensorRows onDevice(Predictions rows) {
        Tensor outputs = Tensor.of(rows.outputs(), Shape.of(rows.rows(), rows.width()));
        TensorRows all = rows.hasClassIds()
                ? TensorRows.ofClasses(outputs, Tensor.of(rows.classIds(), Shape.of(rows.rows())))
                : TensorRows.ofValues(outputs, Tensor.of(rows.values(), Shape.of(rows.rows(), rows.width())));
        return all.weighted(rows.weights());
    }

    @ParameterizedTest
    @ValueSource(strings = {"accuracy", "top_2_accuracy", "log_loss", "perplexity", "mse", "rmse", "mae", "r2"})
    void a_metric_of_weighted_rows_is_scikit_learns_in_arrays_and_on_the_device(String name) {
        Metric metric = metric(name);
        assertThat(metric.isWeighted()).isTrue();
        Metric.Accumulator here = metric.start();
        Metric.Accumulator there = metric.start();
        try (Scope scope = Scope.open()) {
            here.add(rows(name, 0, 4));
            here.add(rows(name, 4, 6));
            Tensor first = Objects.requireNonNull(metric.sums(onDevice(rows(name, 0, 4))));
            Tensor second = Objects.requireNonNull(metric.sums(onDevice(rows(name, 4, 6))));
            there.merge(metric.join(first, second).toDoubles());
        }
        assertThat(here.value()).isCloseTo(FIXTURE.get(name).asDouble(), within(1e-6));
        assertThat(there.value()).isCloseTo(FIXTURE.get(name).asDouble(), within(1e-6));
    }

    @Test
    void metrics_that_count_each_row_once_say_so() {
        assertThat(new RocAuc().isWeighted()).isFalse();
        assertThat(new F1(Average.MACRO).isWeighted()).isFalse();
    }
}
