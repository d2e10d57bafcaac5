package dev.jumbo.train;

import static dev.jumbo.nn.layers.Layers.dense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.config.YamlFile;
import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.layers.Graph;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.EarlyStopping;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.Kinds;
import dev.jumbo.train.metrics.Average;
import dev.jumbo.train.metrics.ConfusionMatrix;
import dev.jumbo.train.metrics.Metric;
import dev.jumbo.train.metrics.Metrics;
import dev.jumbo.train.metrics.Predictions;
import dev.jumbo.train.optim.Optimizers;
import dev.jumbo.train.report.EvaluationReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics of a model with several outputs: each by the output's name, as large as if the output were alone. */
class OutputMetricsTest {
    @TempDir
    Path runs;

    private static final int ROWS = 90;
    private static final float[] POINTS = new float[2 * ROWS];
    private static final long[] SIDES = new long[ROWS];
    private static final long[] THIRDS = new long[ROWS];
    private static final float[] SUMS = new float[ROWS];

    static {
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < ROWS; i++) {
            POINTS[2 * i] = (float) random.nextDouble(-1, 1);
            POINTS[2 * i + 1] = (float) random.nextDouble(-1, 1);
            SIDES[i] = POINTS[2 * i] + 0.3 * random.nextDouble(-1, 1) > 0 ? 1 : 0;
            THIRDS[i] = POINTS[2 * i + 1] < -0.3 ? 0 : POINTS[2 * i + 1] < 0.4 ? 1 : 2;
            SUMS[i] = POINTS[2 * i] + 2 * POINTS[2 * i + 1];
        }
    }

    private static Dataset points() {
        return ArrayDataset.of(
                List.of(ArrayDataset.column(Field.floats("point", Shape.of(2)), POINTS)),
                List.of(
                        ArrayDataset.column(Field.classId("side", List.of("left", "right")), SIDES),
                        ArrayDataset.column(Field.floats("sum", Shape.of(1)), SUMS),
                        ArrayDataset.column(Field.classId("third", List.of("a", "b", "c")), THIRDS)));
    }

    private static Graph model() {
        return Graph.of(g -> {
            g.input("point");
            g.add("side", dense(2), "point");
            g.add("sum", dense(1), "point");
            g.add("third", dense(3), "point");
            g.output("side");
            g.output("sum");
            g.output("third");
        });
    }

    private TrainerBuilder trainer(List<Map<String, Double>> epochs) {
        return Trainer.of(model())
                .optimizer(Optimizers.adam(0.02))
                .epochs(4)
                .batchSize(16)
                .seed(1)
                .validationSplit(0.2)
                .callback(new Callback() {
                    @Override
                    public void onEpoch(TrainingState state, Map<String, Double> metrics) {
                        epochs.add(metrics);
                    }
                })
                .saveTo(runs.resolve("run"));
    }

    private static double of(Metric metric, Predictions predictions) {
        Metric.Accumulator accumulator = metric.start();
        accumulator.add(predictions);
        return accumulator.value();
    }

    @Test
    void each_output_is_measured_by_what_its_target_asks_for_and_as_large_as_alone() {
        List<Map<String, Double>> epochs = new ArrayList<>();
        Checkpoint best = trainer(epochs).build().fit(points());
        assertThat(epochs.get(3))
                .containsKeys(
                        "side/accuracy",
                        "third/accuracy",
                        "sum/rmse",
                        "sum/r2",
                        "val_side/accuracy",
                        "val_third/accuracy",
                        "val_sum/rmse")
                .doesNotContainKeys("accuracy", "rmse", "side/rmse", "sum/accuracy");

        Map<String, Double> figures = Evaluator.evaluate(
                best,
                points(),
                Metrics.accuracy(),
                Metrics.f1(Average.MACRO),
                Metrics.ofOutput("side", Metrics.rocAuc()),
                Metrics.rmse());
        List<float[]> outputs;
        try (Predictor predictor = Predictor.of(best)) {
            outputs = predictor.predict(List.of(POINTS), ROWS);
        }
        Predictions side = Predictions.ofClasses(outputs.get(0), SIDES);
        Predictions third = Predictions.ofClasses(outputs.get(2), THIRDS);
        Predictions sum = Predictions.ofValues(outputs.get(1), SUMS, 1);
        Map<String, Double> right = Map.of(
                "side/accuracy", of(Metrics.accuracy(), side),
                "third/accuracy", of(Metrics.accuracy(), third),
                "side/f1_macro", of(Metrics.f1(Average.MACRO), side),
                "third/f1_macro", of(Metrics.f1(Average.MACRO), third),
                "side/roc_auc", of(Metrics.rocAuc(), side),
                "sum/rmse", of(Metrics.rmse(), sum));
        assertThat(figures).hasSize(right.size() + 4).doesNotContainKey("third/roc_auc"); // And the losses.
        right.forEach((name, value) -> assertThat(figures.get(name)).as(name).isCloseTo(value, within(1e-6)));
    }

    @Test
    void a_run_may_watch_a_metric_of_one_output_and_stop_by_it() {
        List<Map<String, Double>> epochs = new ArrayList<>();
        Checkpoint best = trainer(epochs)
                .metrics(Metrics.ofOutput("third", Metrics.accuracy()))
                .epochs(60)
                .monitor("val_third/accuracy")
                .earlyStopping(new EarlyStopping.Settings("val_third/accuracy", 3, 0.0, EarlyStopping.Mode.AUTO))
                .build()
                .fit(points());
        assertThat(epochs.size()).isLessThan(60);
        assertThat(best.trainer().monitor()).isEqualTo("val_third/accuracy");
        double top = epochs.stream()
                .mapToDouble(epoch -> epoch.get("val_third/accuracy"))
                .max()
                .orElse(0);
        assertThat(best.trainer().metrics().get("val_third/accuracy")).isEqualTo(top);
    }

    @Test
    void a_report_has_the_classes_of_every_output() {
        Checkpoint best = trainer(new ArrayList<>()).build().fit(points());
        EvaluationReport report = EvaluationReport.of(best, points(), 32, null, 50, 1);
        assertThat(report.outputs()).containsOnlyKeys("side", "sum", "third");
        ConfusionMatrix thirds =
                Objects.requireNonNull(report.outputs().get("third")).matrix();
        assertThat(Objects.requireNonNull(thirds).total()).isEqualTo(ROWS);
        assertThat(Objects.requireNonNull(report.outputs().get("sum")).matrix()).isNull();
        assertThat(report.intervals()).containsKeys("side/accuracy", "sum/rmse", "sum/r2", "third/accuracy");
        assertThat(report.json().get("outputs").get("third").get("per_class").size())
                .isEqualTo(3);
        assertThat(report.text()).contains("side/accuracy", "third/accuracy", "sum/rmse");
        assertThat(report.saveCharts(runs, "_test"))
                .contains(
                        runs.resolve("confusion_matrix_test_side.png"),
                        runs.resolve("confusion_matrix_test_third.png"));
    }

    @Test
    void a_metric_of_no_target_or_that_fits_none_is_refused_before_anything_is_built() {
        assertThatThrownBy(() -> trainer(new ArrayList<>())
                        .metrics(Metrics.ofOutput("thrid", Metrics.accuracy()))
                        .build()
                        .fit(points()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("there is no target \"thrid\"")
                .hasMessageContaining("third");
        assertThatThrownBy(() -> trainer(new ArrayList<>())
                        .metrics(Metrics.ofOutput("sum", Metrics.accuracy()))
                        .build()
                        .fit(points()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("accuracy does not fit")
                .hasMessageContaining("for the output sum");
        assertThatThrownBy(() -> trainer(new ArrayList<>())
                        .monitor("val_accuracy")
                        .build()
                        .fit(points()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("there is no metric \"val_accuracy\"")
                .hasMessageContaining("/accuracy");
    }

    @Test
    void a_file_names_the_output_of_a_metric() {
        TrainConfig config = Kinds.records()
                .read(
                        TrainConfig.class,
                        YamlFile.parse("train.yaml", "metrics: [accuracy, output: {output: sum, metric: rmse}]"));
        assertThat(config.metrics()).containsExactly(Metrics.accuracy(), Metrics.ofOutput("sum", Metrics.rmse()));
    }
}
