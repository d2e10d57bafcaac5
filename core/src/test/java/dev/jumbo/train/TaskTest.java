package dev.jumbo.train;

import static dev.jumbo.nn.layers.Layers.dense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.BatchNorm;
import dev.jumbo.nn.losses.BinaryCrossEntropy;
import dev.jumbo.nn.losses.CrossEntropy;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.nn.losses.Mse;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.metrics.Average;
import dev.jumbo.train.metrics.Metric;
import dev.jumbo.train.metrics.Metrics;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every loss beside every kind of target beside every metric: what fits is taken, all else is refused before training. */
class TaskTest {
    private static final List<String> TWO = List.of("no", "yes");
    private static final List<String> THREE = List.of("a", "b", "c");

    private static final Set<String> OF_CLASSES = Set.of(
            "accuracy",
            "precision_macro",
            "recall_macro",
            "f1_macro",
            "roc_auc",
            "pr_auc",
            "log_loss",
            "brier_score",
            "expected_calibration_error",
            "perplexity",
            "top_2_accuracy");
    private static final Set<String> OF_NUMBERS = Set.of("mae", "mse", "rmse", "mape", "r2");

    @TempDir
    Path dir;

    private static Map<String, Loss> losses() {
        Map<String, Loss> all = new LinkedHashMap<>();
        all.put("cross_entropy", Losses.crossEntropy());
        all.put("sequence_cross_entropy", Losses.sequenceCrossEntropy(-1));
        all.put("binary_cross_entropy", Losses.binaryCrossEntropy());
        all.put("mse", Losses.mse());
        all.put("mae", Losses.mae());
        all.put("huber", Losses.huber());
        all.put("kl_divergence", Losses.klDivergence());
        all.put("ctc", Losses.ctc());
        return all;
    }

    /** A target, and for each loss that can learn it the output that it needs. */
    private record Kind(Field target, Map<String, Shape> outputs) {}

    private static List<Kind> kinds() {
        Shape three = Shape.of(3);
        Shape one = Shape.of(1);
        Shape steps = Shape.of(4, 3);
        return List.of(
                new Kind(
                        Field.classId("two classes", TWO),
                        Map.of(
                                "cross_entropy",
                                Shape.of(2),
                                "sequence_cross_entropy",
                                Shape.of(2),
                                "binary_cross_entropy",
                                one)),
                new Kind(
                        Field.classId("three classes", THREE),
                        Map.of("cross_entropy", three, "sequence_cross_entropy", three)),
                new Kind(
                        Field.ids("ids", Shape.of()),
                        Map.of("cross_entropy", three, "sequence_cross_entropy", three, "binary_cross_entropy", one)),
                new Kind(
                        Field.ids("tokens", Shape.of(4)),
                        Map.of(
                                "cross_entropy", Shape.of(3, 4),
                                "sequence_cross_entropy", steps,
                                "binary_cross_entropy", Shape.of(4),
                                "ctc", Shape.of(9, 5))),
                new Kind(
                        new Field("one hot", three, DType.FLOAT32, THREE),
                        Map.of(
                                "cross_entropy", three,
                                "sequence_cross_entropy", three,
                                "binary_cross_entropy", three,
                                "kl_divergence", three)),
                new Kind(
                        Field.floats("number", Shape.of()),
                        Map.of("mse", one, "mae", one, "huber", one, "binary_cross_entropy", one)),
                new Kind(
                        Field.floats("column", one),
                        Map.of("mse", one, "mae", one, "huber", one, "binary_cross_entropy", one)),
                // Three numbers may be probabilities: their values tell.
                new Kind(
                        Field.floats("numbers", three),
                        Map.of(
                                "mse", three,
                                "mae", three,
                                "huber", three,
                                "binary_cross_entropy", three,
                                "cross_entropy", three,
                                "sequence_cross_entropy", three,
                                "kl_divergence", three)));
    }

    private static Stream<Arguments> pairs() {
        return kinds().stream()
                .flatMap(kind -> losses().keySet().stream()
                        .map(loss -> Arguments.of(kind.target().name(), loss)));
    }

    private static Kind kind(String name) {
        return kinds().stream()
                .filter(k -> k.target().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void a_loss_takes_the_targets_that_it_can_learn_and_refuses_all_others_with_what_to_write(
            String target, String name) {
        Kind kind = kind(target);
        Loss loss = Objects.requireNonNull(losses().get(name));
        @Nullable Shape right = kind.outputs().get(name);
        for (Shape output : List.of(
                Shape.of(1), Shape.of(2), Shape.of(3), Shape.of(4), Shape.of(4, 3), Shape.of(3, 4), Shape.of(9, 5))) {
            Task objective = new Task(loss, List.of(), TargetScaling.NONE);
            boolean open =
                    kind.target().classes().isEmpty() && kind.target().shape().rank() == 0 && output.rank() == 1;
            boolean anyClasses = open
                    && kind.target().dtype() == DType.INT64
                    && output.size(0) > 1
                    && name.endsWith("_entropy")
                    && !name.startsWith("binary");
            boolean ctc = name.equals("ctc") && target.equals("tokens") && output.rank() == 2;
            if ((right != null && output.equals(right)) || anyClasses || ctc) {
                assertThatCode(() -> objective.check(List.of(output), List.of(kind.target())))
                        .as("%s on %s with %s", name, target, output)
                        .doesNotThrowAnyException();
            } else {
                assertThat(catchThrowable(() -> objective.check(List.of(output), List.of(kind.target()))))
                        .as("%s on %s with %s", name, target, output)
                        .isInstanceOf(InputException.class)
                        .hasMessageMatching("(?s).*(write|set|expected).*");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void a_metric_fits_what_the_loss_makes_of_the_target(String target, String name) {
        Kind kind = kind(target);
        Loss loss = Objects.requireNonNull(losses().get(name));
        @Nullable Shape output = kind.outputs().get(name);
        if (output == null) {
            return;
        }
        Shape shape = name.equals("cross_entropy") && target.equals("ids") ? Shape.of(3) : output;
        boolean numbers = Set.of("mse", "mae", "huber").contains(name);
        boolean labels =
                name.equals("binary_cross_entropy") && kind.target().shape().elements() > 1;
        boolean three = shape.elements() % 3 == 0 && !labels;
        for (Metric metric : List.of(
                Metrics.accuracy(),
                Metrics.topK(2),
                Metrics.precision(Average.MACRO),
                Metrics.recall(Average.MACRO),
                Metrics.f1(Average.MACRO),
                Metrics.rocAuc(),
                Metrics.prAuc(),
                Metrics.logLoss(),
                Metrics.brierScore(),
                Metrics.expectedCalibrationError(),
                Metrics.perplexity(),
                Metrics.meanAbsoluteError(),
                Metrics.meanSquaredError(),
                Metrics.rmse(),
                Metrics.mape(),
                Metrics.r2())) {
            boolean fits = numbers
                    ? OF_NUMBERS.contains(metric.name())
                    : !name.equals("ctc")
                            && OF_CLASSES.contains(metric.name())
                            && !(labels
                                    && Set.of("perplexity", "top_2_accuracy").contains(metric.name()))
                            && (three || !metric.name().equals("top_2_accuracy"));
            Task objective = new Task(loss, List.of(metric), TargetScaling.NONE);
            if (fits) {
                assertThatCode(() -> objective.check(List.of(shape), List.of(kind.target())))
                        .as("%s of %s on %s", metric.name(), name, target)
                        .doesNotThrowAnyException();
            } else {
                assertThat(catchThrowable(() -> objective.check(List.of(shape), List.of(kind.target()))))
                        .as("%s of %s on %s", metric.name(), name, target)
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("metrics: " + metric.name());
            }
        }
    }

    private static Task settled(Field target, Shape output) {
        return Task.settle(null, null, null, List.of(output), List.of(target), false);
    }

    @Test
    void what_is_left_open_follows_from_the_target() {
        Task numbers = settled(Field.floats("y", Shape.of()), Shape.of(1));
        assertThat(numbers.loss()).isInstanceOf(Mse.class);
        assertThat(numbers.metrics()).containsExactly(Metrics.rmse(), Metrics.r2());
        Task classes = settled(Field.classId("y", THREE), Shape.of(3));
        assertThat(classes.loss()).isEqualTo(Losses.crossEntropy());
        assertThat(classes.metrics()).containsExactly(Metrics.accuracy());
        assertThat(settled(Field.classId("y", TWO), Shape.of(1)).loss()).isInstanceOf(BinaryCrossEntropy.class);
        assertThat(((CrossEntropy) settled(Field.ids("y", Shape.of(4)), Shape.of(4, 9))
                                .loss())
                        .classAxis())
                .isEqualTo(-1);
        assertThat(((CrossEntropy) settled(Field.ids("y", Shape.of(4)), Shape.of(9, 4))
                                .loss())
                        .classAxis())
                .isEqualTo(1);
        assertThatThrownBy(() -> settled(Field.ids("y", Shape.of(4)), Shape.of(4, 4)))
                .hasMessageContaining("class_axis: -1");
    }

    private Trainer trainer(Layer model) {
        return Trainer.of(model).saveTo(dir.resolve("run")).epochs(1).build();
    }

    private static Dataset numbers(float... y) {
        return ArrayDataset.of(Field.floats("x", Shape.of(1)), new float[y.length], Field.floats("y", Shape.of()), y);
    }

    @Test
    void a_regression_without_settings_is_trained_as_one() {
        var trained = trainer(Sequential.of(dense(1))).fit(numbers(1, 2, 3, 4));
        assertThat(trained.description().loss()).isInstanceOf(Mse.class);
        assertThat(trained.trainer().metrics()).containsKeys("rmse", "r2").doesNotContainKey("accuracy");
    }

    @Test
    void numbers_are_no_classes_and_values_out_of_range_no_probabilities() {
        Dataset data = numbers(1, 2, 3, 4);
        assertThatThrownBy(() -> Trainer.of(Sequential.of(dense(1)))
                        .loss(Losses.crossEntropy())
                        .saveTo(dir.resolve("a"))
                        .build()
                        .fit(data))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("loss: mse")
                .hasMessageContaining("columns: {y: category}");
        assertThatThrownBy(() -> Trainer.of(Sequential.of(dense(1)))
                        .loss(Losses.binaryCrossEntropy())
                        .saveTo(dir.resolve("b"))
                        .build()
                        .fit(data))
                .hasMessageContaining("from 0 to 1")
                .hasMessageContaining("loss: mse");
        Dataset three = ArrayDataset.of(
                Field.floats("x", Shape.of(1)), new float[2], Field.floats("y", Shape.of(3)), new float[] {
                    1, 2, 3, 4, 5, 6
                });
        assertThatThrownBy(() -> Trainer.of(Sequential.of(dense(3)))
                        .loss(Losses.crossEntropy())
                        .saveTo(dir.resolve("c"))
                        .build()
                        .fit(three))
                .hasMessageContaining("loss: mse");
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void averages_and_ranks_that_make_no_sense_for_the_classes_are_refused() {
        Field three = Field.classId("y", THREE);
        for (Metric metric : List.of(Metrics.f1(Average.BINARY), Metrics.precision(Average.BINARY), Metrics.topK(3))) {
            assertThatThrownBy(() -> Task.checkMetrics(Losses.crossEntropy(), List.of(metric), Shape.of(3), three))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(metric.name());
        }
    }

    @Test
    void a_loss_of_the_users_own_may_have_any_metric() {
        Loss own = (Tensor outputs, Tensor targets) -> outputs.sub(targets).sum();
        Task objective = new Task(own, List.of(Metrics.rmse(), Metrics.accuracy()), TargetScaling.NONE);
        assertThatCode(() -> objective.check(List.of(Shape.of(1)), List.of(Field.floats("y", Shape.of(1)))))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {33, 65})
    void a_last_batch_that_batch_norm_cannot_take_is_known_before_the_first_step(int examples) {
        Layer model = Sequential.of(dense(4), new BatchNorm(0.1, 1e-5), dense(1));
        assertThatThrownBy(() -> trainer(model).fit(numbers(new float[examples])))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("layers.1")
                .hasMessageContaining("drop_last: true");
        assertThat(dir).isEmptyDirectory();
        Trainer.of(model)
                .dropLast(true)
                .epochs(1)
                .saveTo(dir.resolve("kept"))
                .build()
                .fit(numbers(new float[examples]));
    }

    @Test
    void ids_are_refused_by_a_model_of_numbers_before_the_first_step() {
        Dataset ids = ArrayDataset.of(
                List.of(ArrayDataset.column(Field.ids("x", Shape.of(3)), new long[6])),
                List.of(ArrayDataset.column(Field.classId("y", TWO), new long[] {0, 1})));
        assertThatThrownBy(() -> trainer(Sequential.of(dense(2))).fit(ids))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("layers.0")
                .hasMessageContaining("embedding");
        assertThatCode(() -> trainer(Sequential.of(Layers.embedding(5, 2), Layers.flatten(), dense(2)))
                        .fit(ids))
                .doesNotThrowAnyException();
    }

    @Test
    void validation_of_sequences_takes_no_more_than_a_training_batch_at_once() {
        TrainConfig config = Trainer.of(dense(1)).batchSize(4).config();
        assertThat(ValidationBatch.of(config, List.of(Field.ids("x", Shape.of(512))), 2))
                .isEqualTo(4);
        assertThat(ValidationBatch.of(config, List.of(Field.floats("x", Shape.of(512, 8))), 2))
                .isEqualTo(4);
        assertThat(ValidationBatch.of(config, List.of(Field.floats("x", Shape.of(3, 8, 8))), 2))
                .isEqualTo(256);
        TrainConfig said = Trainer.of(dense(1)).validationBatchSize(7).config();
        assertThat(ValidationBatch.of(said, List.of(Field.floats("x", Shape.of(3))), 2))
                .isEqualTo(7);
    }
}
