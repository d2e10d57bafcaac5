package dev.jumbo.train.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.data.language.CharactersSource;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.metrics.Metrics;
import dev.jumbo.train.metrics.Predictions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside scikit-learn and scipy: {@code src/test/python/make_split_fixtures.py}. */
class EvaluationReportTest {
    private static final Offset<Double> EXACT = Offset.offset(1e-6);
    private static final JsonNode PEER = read();
    private static final List<String> NAMES = List.of("ant", "bee", "cat", "dog");
    private static final EvaluationReport REPORT = EvaluationReport.of(
            predictions(),
            NAMES,
            List.of(Metrics.accuracy(), Metrics.f1(dev.jumbo.train.metrics.Average.MACRO)),
            1000,
            0);

    @Test
    void figures_of_classes_and_their_means_are_those_of_classification_report() {
        ObjectNode json = REPORT.json();
        for (String name : NAMES) {
            assertLine(json.at("/per_class/" + name), PEER.at("/report/" + name));
        }
        assertLine(json.get("macro_avg"), PEER.at("/report/macro avg"));
        assertLine(json.get("weighted_avg"), PEER.at("/report/weighted avg"));
        assertThat(json.get("accuracy").asDouble())
                .isCloseTo(PEER.at("/report/accuracy").asDouble(), EXACT);
        assertThat(json.at("/confusion_matrix/counts"))
                .hasToString(PEER.get("confusion").toString());
        assertThat(json.at("/confusion_matrix/labels"))
                .hasToString(PEER.get("names").toString());
    }

    @Test
    void areas_under_the_curves_of_each_class_against_the_rest_are_scikit_learns() {
        for (int c = 0; c < NAMES.size(); c++) {
            JsonNode each = REPORT.json().at("/per_class/" + NAMES.get(c));
            assertThat(each.get("roc_auc").asDouble())
                    .isCloseTo(PEER.at("/roc_auc/" + c).asDouble(), EXACT);
            assertThat(each.get("average_precision").asDouble())
                    .isCloseTo(PEER.at("/average_precision/" + c).asDouble(), EXACT);
        }
    }

    @Test
    void the_reliability_of_probabilities_is_that_of_calibration_curve() {
        List<Double> accuracy = new ArrayList<>();
        List<Double> confidence = new ArrayList<>();
        for (JsonNode bin : REPORT.json().at("/calibration/bins")) {
            if (bin.get("rows").asInt() > 0) {
                accuracy.add(bin.get("accuracy").asDouble());
                confidence.add(bin.get("confidence").asDouble());
            }
        }
        assertThat(accuracy).hasSize(PEER.at("/calibration/accuracy").size());
        for (int i = 0; i < accuracy.size(); i++) {
            assertThat(accuracy.get(i))
                    .isCloseTo(PEER.at("/calibration/accuracy/" + i).asDouble(), EXACT);
            assertThat(confidence.get(i))
                    .isCloseTo(PEER.at("/calibration/confidence/" + i).asDouble(), EXACT);
        }
    }

    @Test
    void the_interval_of_the_accuracy_is_that_of_scipys_bootstrap() {
        JsonNode interval = REPORT.json().at("/intervals/accuracy");
        assertThat(interval.get("lower").asDouble())
                .isCloseTo(PEER.at("/interval/0").asDouble(), Offset.offset(0.006));
        assertThat(interval.get("upper").asDouble())
                .isCloseTo(PEER.at("/interval/1").asDouble(), Offset.offset(0.006));
        assertThat(REPORT.json().at("/intervals/f1_macro/lower").asDouble())
                .isLessThan(REPORT.json().get("f1_macro").asDouble());
        assertThat(REPORT.text()).contains("accuracy", "95 % interval", "weighted avg");
    }

    @Test
    void a_prediction_that_is_not_a_number_leaves_no_interval_and_is_told() {
        Predictions whole = predictions();
        float[] outputs = whole.outputs().clone();
        outputs[4] = Float.NaN;
        EvaluationReport report = EvaluationReport.of(
                Predictions.ofClasses(outputs, whole.classIds()), NAMES, List.of(Metrics.accuracy()), 100, 0);
        assertThat(report.text())
                .contains("accuracy             NaN\n")
                .doesNotContain("% interval")
                .contains(
                        "1 of " + whole.rows() + " examples has no finite prediction or target (NaN) and is left out");
        ObjectNode json = report.json();
        assertThat(json.get("accuracy").isNull()).isTrue();
        assertThat(json.at("/intervals/accuracy/lower").isNull()).isTrue();
        assertThat(json.at("/intervals/accuracy/upper").isNull()).isTrue();
        assertThat(json.get("undefined").asInt()).isEqualTo(1);
        assertThat(REPORT.json().has("undefined")).isFalse();
    }

    @Test
    void charts_are_written_beside_each_other(@TempDir Path dir) {
        assertThat(REPORT.saveCharts(dir, "_test"))
                .extracting(file -> file.getFileName().toString())
                .containsExactly(
                        "confusion_matrix_test.png",
                        "roc_test.png",
                        "precision_recall_test.png",
                        "reliability_test.png");
        assertThat(dir.resolve("roc_test.png")).isNotEmptyFile();
    }

    @Test
    void of_a_vocabulary_of_5000_there_are_figures_alone_and_the_report_says_what_is_left_out(@TempDir Path dir)
            throws IOException {
        StringBuilder text = new StringBuilder();
        IntStream.range(0, 5000).forEach(i -> text.appendCodePoint(0x4e00 + i));
        Path file = Files.writeString(dir.resolve("text.txt"), text);
        DataParts parts = new CharactersSource(file, 8, 0.1, CharactersSource.Draw.ALL).load(null, dir);
        Checkpoint run = Trainer.of(Sequential.of(Layers.embedding(5000, 4), Layers.dense(5000)))
                .batchSize(8)
                .maxSteps(1)
                .seed(1)
                .saveTo(dir.resolve("run"))
                .build()
                .fit(parts.train());
        EvaluationReport report = EvaluationReport.of(
                run, Objects.requireNonNull(parts.validation()), 8, List.of(Metrics.accuracy()), 100, 1);
        assertThat(report.matrix()).isNull();
        assertThat(report.saveCharts(dir, "_test")).isEmpty();
        assertThat(report.text())
                .contains(
                        "accuracy",
                        "5,000 classes: no table of the classes, confusion matrix and charts, which are made of 1,000");
        assertThat(report.json().has("confusion_matrix")).isFalse();
        assertThat(report.json().has("per_class")).isFalse();
    }

    @Test
    void of_more_than_100_classes_there_is_a_table_and_no_chart_with_a_line_for_each(@TempDir Path dir) {
        int classes = 101;
        float[] outputs = new float[2 * classes];
        outputs[3] = 1;
        outputs[classes + 100] = 1;
        EvaluationReport report = EvaluationReport.of(
                Predictions.ofClasses(outputs, new long[] {3, 100}),
                IntStream.range(0, classes).mapToObj(Integer::toString).toList(),
                List.of(Metrics.accuracy()),
                0,
                1);
        assertThat(report.text()).contains("weighted avg", "101 classes: no charts of the classes");
        assertThat(report.saveCharts(dir, ""))
                .extracting(path -> path.getFileName().toString())
                .containsExactly("reliability.png");
    }

    @Test
    void mean_deviation_and_interval_over_folds_are_those_of_scipy() {
        assertSummary("folds", "student");
        assertSummary("many", "student40");
    }

    private static void assertSummary(String folds, String expected) {
        List<Map<String, Double>> figures = StreamSupport.stream(PEER.get(folds).spliterator(), false)
                .map(value -> Map.of("accuracy", value.asDouble()))
                .toList();
        CrossValidation.Summary summary =
                Objects.requireNonNull(new CrossValidation(figures).summaries().get("accuracy"));
        assertThat(summary.mean()).isCloseTo(PEER.at("/" + expected + "/0").asDouble(), EXACT);
        assertThat(summary.deviation()).isCloseTo(PEER.at("/" + expected + "/1").asDouble(), EXACT);
        assertThat(summary.lower()).isCloseTo(PEER.at("/" + expected + "/2").asDouble(), EXACT);
        assertThat(summary.upper()).isCloseTo(PEER.at("/" + expected + "/3").asDouble(), EXACT);
    }

    private static void assertLine(JsonNode line, JsonNode expected) {
        assertThat(line.get("precision").asDouble())
                .isCloseTo(expected.get("precision").asDouble(), EXACT);
        assertThat(line.get("recall").asDouble())
                .isCloseTo(expected.get("recall").asDouble(), EXACT);
        assertThat(line.get("f1").asDouble()).isCloseTo(expected.get("f1-score").asDouble(), EXACT);
        assertThat(line.get("support").asLong())
                .isEqualTo(expected.get("support").asLong());
    }

    private static Predictions predictions() {
        float[] outputs = new float[PEER.get("probabilities").size()];
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = (float) PEER.at("/probabilities/" + i).asDouble();
        }
        long[] right = new long[PEER.get("right").size()];
        for (int i = 0; i < right.length; i++) {
            right[i] = PEER.at("/right/" + i).asLong();
        }
        return Predictions.ofClasses(outputs, right);
    }

    private static JsonNode read() {
        try (var in = Objects.requireNonNull(
                EvaluationReportTest.class.getResourceAsStream("/fixtures/splits/report.json"))) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
