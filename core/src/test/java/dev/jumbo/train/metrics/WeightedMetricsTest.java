package dev.jumbo.train.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.report.ClassificationReport;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    private static Predictions classified(JsonNode of, int from, int to) {
        int width = of.get("confusion_matrix").size();
        return Predictions.ofClasses(
                        Arrays.copyOfRange(JsonFixture.floats(of.get("outputs")), width * from, width * to),
                        Arrays.copyOfRange(JsonFixture.longs(of.get("classes")), from, to))
                .weighted(Arrays.copyOfRange(JsonFixture.doubles(of.get("weights")), from, to));
    }

    private static Metric ofClasses(String name) {
        Average average = Average.valueOf(name.substring(name.indexOf('_') + 1).toUpperCase(Locale.ROOT));
        return name.startsWith("f1")
                ? new F1(average)
                : name.startsWith("precision") ? new Precision(average) : new Recall(average);
    }

    @ParameterizedTest
    @ValueSource(strings = {"three_classes", "two_classes"})
    void what_is_read_off_a_confusion_matrix_or_off_ranks_goes_by_the_weights_of_rows(String set) {
        JsonNode of = FIXTURE.get(set);
        int rows = of.get("classes").size();
        Map<String, Metric> metrics = new LinkedHashMap<>();
        of.fieldNames().forEachRemaining(name -> {
            if (name.matches("(f1|precision|recall)_.*")) {
                metrics.put(name, ofClasses(name));
            }
        });
        assertThat(metrics).hasSize(set.equals("two_classes") ? 12 : 9);
        metrics.putAll(Map.of(
                "roc_auc",
                new RocAuc(),
                "pr_auc",
                new PrAuc(),
                "expected_calibration_error",
                new ExpectedCalibrationError(15)));
        metrics.forEach((name, metric) -> {
            assertThat(metric.isWeighted()).isTrue();
            Metric.Accumulator first = metric.start();
            Metric.Accumulator second = metric.start();
            first.add(classified(of, 0, 11));
            second.add(classified(of, 11, 30));
            second.add(classified(of, 30, rows));
            first.merge(second.state());
            assertThat(first.value()).as(name).isCloseTo(of.get(name).asDouble(), within(1e-6));
            Metric.Accumulator there = metric.start();
            try (Scope scope = Scope.open()) {
                Tensor sums = metric.sums(onDevice(classified(of, 0, 11)));
                if (sums != null) {
                    Tensor more = metric.sums(onDevice(classified(of, 11, rows)));
                    there.merge(metric.join(sums, Objects.requireNonNull(more)).toDoubles());
                    assertThat(there.value()).as(name).isCloseTo(of.get(name).asDouble(), within(1e-6));
                }
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"three_classes", "two_classes"})
    void the_confusion_matrix_and_the_report_by_class_are_scikit_learns_with_sample_weight(String set) {
        JsonNode of = FIXTURE.get(set);
        ConfusionMatrix matrix =
                ConfusionMatrix.of(classified(of, 0, of.get("classes").size()));
        ClassificationReport report = ClassificationReport.of(matrix, List.of());
        for (int c = 0; c < matrix.classes(); c++) {
            for (int said = 0; said < matrix.classes(); said++) {
                assertThat(matrix.count(c, said))
                        .isCloseTo(of.get("confusion_matrix").get(c).get(said).asDouble(), within(1e-9));
            }
            line(report.classes().get(c), of.get("report").get(Integer.toString(c)));
        }
        line(report.macro(), of.get("report").get("macro avg"));
        line(report.weighted(), of.get("report").get("weighted avg"));
        assertThat(report.accuracy()).isCloseTo(of.get("report").get("accuracy").asDouble(), within(1e-9));
    }

    private static void line(ClassificationReport.Line line, JsonNode right) {
        assertThat(line.precision()).isCloseTo(right.get("precision").asDouble(), within(1e-9));
        assertThat(line.recall()).isCloseTo(right.get("recall").asDouble(), within(1e-9));
        assertThat(line.f1()).isCloseTo(right.get("f1-score").asDouble(), within(1e-9));
        assertThat(line.support().doubleValue()).isCloseTo(right.get("support").asDouble(), within(1e-9));
    }

    @Test
    void a_row_that_counts_nothing_may_be_no_number() {
        Predictions rows = Predictions.ofClasses(new float[] {Float.NaN, Float.NaN, 0.2f, 0.8f}, new long[] {0, 1})
                .weighted(new double[] {0, 2.5});
        for (Metric metric : List.of(new F1(Average.MICRO), new PrAuc(), new ExpectedCalibrationError(15))) {
            Metric.Accumulator accumulator = metric.start();
            accumulator.add(rows);
            assertThat(accumulator.value()).as(metric.name()).isFinite();
        }
        assertThat(ConfusionMatrix.of(rows).rows()).isEqualTo(List.of(List.of(0L, 0L), List.of(0L, 2.5)));
    }

    /** As an own metric would be. */
    private record Own() implements Metric {
        @Override
        public String name() {
            return "own";
        }

        @Override
        public boolean higherIsBetter() {
            return true;
        }

        @Override
        public Accumulator start() {
            return new RocAuc().start();
        }
    }

    @Test
    void a_metric_of_a_programs_own_counts_each_row_once_unless_it_says_otherwise() {
        assertThat(new Own().isWeighted()).isFalse();
    }
}
