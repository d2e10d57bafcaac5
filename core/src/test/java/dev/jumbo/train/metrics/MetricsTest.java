package dev.jumbo.train.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MetricsTest {
    static List<MetricFixtures> fixtures() {
        return MetricFixtures.all();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void agrees_with_scikit_learn(MetricFixtures fixture) {
        SoftAssertions softly = new SoftAssertions();
        for (Map.Entry<String, JsonNode> expected :
                fixture.json().get("expected").properties()) {
            double value = value(Metrics.ofName(expected.getKey()), fixture.predictions());
            if (expected.getValue().isNull()) {
                softly.assertThat(value).as(expected.getKey()).isNaN();
            } else {
                double reference = expected.getValue().asDouble();
                softly.assertThat(value)
                        .as(expected.getKey())
                        .isCloseTo(reference, within(1e-6 * Math.max(1, Math.abs(reference))));
            }
        }
        softly.assertAll();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void gives_the_same_in_one_batch_and_in_many(MetricFixtures fixture) {
        for (String name : (Iterable<String>) fixture.json().get("expected")::fieldNames) {
            Metric metric = Metrics.ofName(name);
            Metric.Accumulator pieces = metric.start();
            Predictions all = fixture.predictions();
            for (int from = 0; from < all.rows(); from += 7) {
                pieces.add(slice(all, from, Math.min(all.rows(), from + 7)));
            }
            double whole = value(metric, all);
            if (Double.isNaN(whole)) {
                assertThat(pieces.value()).as(name).isNaN();
            } else {
                assertThat(pieces.value()).as(name).isCloseTo(whole, within(1e-9 * Math.max(1, Math.abs(whole))));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void gives_the_same_when_parts_are_merged_as_in_one(MetricFixtures fixture) {
        Predictions all = fixture.predictions();
        for (String name : (Iterable<String>) fixture.json().get("expected")::fieldNames) {
            Metric metric = Metrics.ofName(name);
            Metric.Accumulator merged = metric.start();
            merged.merge(metric.start().state()); // Of a worker that had no rows.
            for (int from = 0; from < all.rows(); from += 11) {
                Metric.Accumulator part = metric.start();
                part.add(slice(all, from, Math.min(all.rows(), from + 11)));
                merged.merge(part.state());
            }
            double whole = value(metric, all);
            if (Double.isNaN(whole)) {
                assertThat(merged.value()).as(name).isNaN();
            } else {
                assertThat(merged.value()).as(name).isCloseTo(whole, within(1e-9 * Math.max(1, Math.abs(whole))));
            }
        }
    }

    @Test
    void what_is_merged_can_be_added_to() {
        Predictions all = Predictions.ofClasses(
                new float[] {0.9f, 0.1f, 0.2f, 0.8f, 0.6f, 0.4f, 0.3f, 0.7f}, new long[] {0, 1, 1, 0});
        for (Class<? extends Metric> kind : Metrics.kinds().subList(0, 11)) {
            Metric metric = byKind(kind);
            Metric.Accumulator before = metric.start();
            before.add(slice(all, 0, 1));
            Metric.Accumulator after = metric.start();
            after.merge(before.state());
            after.add(slice(all, 1, 4));
            assertThat(after.value()).as(metric.name()).isCloseTo(value(metric, all), within(1e-12));
        }
    }

    @Test
    void rows_with_a_negative_class_id_do_not_count() {
        Predictions all =
                Predictions.ofClasses(new float[] {0.9f, 0.1f, 0.2f, 0.8f, 0.6f, 0.4f}, new long[] {0, 1, -100});
        Predictions two = Predictions.ofClasses(new float[] {0.9f, 0.1f, 0.2f, 0.8f}, new long[] {0, 1});
        for (Class<? extends Metric> kind : Metrics.kinds().subList(0, 11)) {
            Metric metric = byKind(kind);
            assertThat(value(metric, all)).as(metric.name()).isEqualTo(value(metric, two));
        }
    }

    @Test
    void no_rows_give_not_a_number() {
        for (Class<? extends Metric> kind : Metrics.kinds()) {
            Metric metric = byKind(kind);
            assertThat(metric.start().value()).as(metric.name()).isNaN();
        }
    }

    @Test
    void a_score_that_is_not_a_number_is_not_ranked() {
        Predictions predictions = Predictions.ofClasses(new float[] {0.1f, Float.NaN, 0.9f}, new long[] {0, 1, 1});
        assertThat(value(Metrics.rocAuc(), predictions)).isNaN();
        assertThat(value(Metrics.prAuc(), predictions)).isNaN();
        assertThat(value(Metrics.logLoss(), predictions)).isNaN();
    }

    @Test
    void negative_scores_and_zeros_of_both_signs_are_ordered() {
        // One pair of four is tied (0 and -0), the others are in the right order.
        Thresholds thresholds =
                Thresholds.of(new float[] {-3f, -0.0f, 0.0f, 2f}, new boolean[] {false, false, true, true});
        assertThat(thresholds.rocAuc()).isEqualTo(0.875);
    }

    @Test
    void names_that_are_not_known_get_the_nearest_one() {
        assertThat(Metrics.ofName("top_3_accuracy")).isEqualTo(Metrics.topK(3));
        assertThat(Metrics.ofName("f1_macro")).isEqualTo(Metrics.f1(Average.MACRO));
        assertThatThrownBy(() -> Metrics.ofName("acuracy"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("\"acuracy\"")
                .hasMessageContaining("did you mean \"accuracy\"?");
    }

    @Test
    void a_metric_of_values_refuses_class_ids() {
        Predictions predictions = Predictions.ofClasses(new float[] {0.9f, 0.1f}, new long[] {0});
        assertThatThrownBy(() -> value(Metrics.mae(), predictions))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received class ids");
    }

    @Test
    void predictions_of_a_wrong_length_or_class_are_refused() {
        assertThatThrownBy(() -> new Predictions(2, 3, new float[5], new long[2], new float[0]))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected 6 output values (2 rows of 3), received 5");
        assertThatThrownBy(() -> Predictions.ofClasses(new float[6], new long[] {0, 3}))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected class ids below 3")
                .hasMessageContaining("received 3 in row 1");
        assertThatThrownBy(() -> new Predictions(1, 1, new float[1], new long[0], new float[0]))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received 0 class ids and 0 values");
    }

    @Test
    void a_monitor_knows_which_way_is_better() {
        assertThat(Monitor.of("val_loss").isBetter(0.1, 0.2)).isTrue();
        assertThat(Monitor.of("val_accuracy").isBetter(0.1, 0.2)).isFalse();
        assertThat(Monitor.of("accuracy").isBetter(0.25, 0.2, 0.1)).isFalse();
        assertThat(Monitor.of("val_loss")
                        .isBetter(Double.NaN, Monitor.of("val_loss").worst()))
                .isFalse();
    }

    static double value(Metric metric, Predictions predictions) {
        Metric.Accumulator accumulator = metric.start();
        accumulator.add(predictions);
        return accumulator.value();
    }

    private static Metric byKind(Class<? extends Metric> kind) {
        String name = kind.getAnnotation(Kind.class).value();
        if (kind == OutputMetric.class) {
            return new OutputMetric("kind", Metrics.accuracy());
        }
        return Metrics.ofName(
                switch (name) {
                    case "top_k_accuracy" -> "top_1_accuracy";
                    case "f1", "precision", "recall" -> name + "_macro";
                    default -> name;
                });
    }

    private static Predictions slice(Predictions all, int from, int to) {
        int width = all.width();
        return new Predictions(
                to - from,
                width,
                Arrays.copyOfRange(all.outputs(), from * width, to * width),
                all.hasClassIds() ? Arrays.copyOfRange(all.classIds(), from, to) : new long[0],
                all.hasClassIds() ? new float[0] : Arrays.copyOfRange(all.values(), from * width, to * width));
    }
}
