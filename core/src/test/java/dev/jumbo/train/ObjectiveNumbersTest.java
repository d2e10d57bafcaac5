package dev.jumbo.train;

import static dev.jumbo.nn.Activation.LINEAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Batch;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Loader;
import dev.jumbo.dist.ThreadWorlds;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.losses.ClassWeights;
import dev.jumbo.nn.losses.CrossEntropy;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.nn.losses.ScaledTargets;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.metrics.Average;
import dev.jumbo.train.metrics.Metric;
import dev.jumbo.train.metrics.Metrics;
import dev.jumbo.train.objective.Phases;
import dev.jumbo.train.objective.Supervised;
import dev.jumbo.train.optim.OneCycle;
import dev.jumbo.train.optim.Optimizers;
import dev.jumbo.train.optim.Schedules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Losses, steps and metrics beside those of PyTorch and scikit-learn, from src/test/python/make_training_fixtures.py. */
class ObjectiveNumbersTest {
    private static final JsonNode FIXTURES = fixtures();

    @TempDir
    Path dir;

    private static JsonNode fixtures() {
        try (InputStream file = ObjectiveNumbersTest.class.getResourceAsStream("/fixtures/training.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static float[] floats(JsonNode list) {
        float[] values = new float[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) list.get(i).asDouble();
        }
        return values;
    }

    private static long[] longs(JsonNode list) {
        long[] values = new long[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = list.get(i).asLong();
        }
        return values;
    }

    private static List<Double> doubles(JsonNode list) {
        List<Double> values = new ArrayList<>();
        list.forEach(value -> values.add(value.asDouble()));
        return values;
    }

    /** All parameters are 0 at first. */
    private static Layer linear(int units) {
        return Sequential.of(new Dense(units, LINEAR, true, Initializers.zeros(), Initializers.zeros()));
    }

    @Test
    void a_learning_rate_is_that_of_pytorch_also_in_short_runs() {
        for (JsonNode run : FIXTURES.get("schedules")) {
            var schedule = run.get("name").asText().equals("cosine")
                    ? Schedules.cosine()
                    : new OneCycle(
                            run.path("pct_start").asDouble(0.3),
                            run.path("div_factor").asDouble(25),
                            run.path("final_div_factor").asDouble(1e4));
            int total = run.get("total").asInt();
            for (int step = 0; step < total; step++) {
                assertThat(schedule.at(step, total, 0.1))
                        .as("%s, step %s", run, step)
                        .isCloseTo(run.get("rates").get(step).asDouble(), within(1e-12));
            }
        }
    }

    private static Dataset accumulated() {
        JsonNode run = FIXTURES.get("accumulation");
        return ArrayDataset.of(
                Field.floats("x", Shape.of(3)),
                floats(run.get("x")),
                Field.ids("y", Shape.of()),
                longs(run.get("ids")));
    }

    private TrainerBuilder accumulating(String name) {
        JsonNode run = FIXTURES.get("accumulation");
        return Trainer.of(linear(3))
                .optimizer(Optimizers.sgd(run.get("rate").asDouble()))
                .loss(new CrossEntropy(
                        0, doubles(run.get("weights")), run.get("ignore").asLong(), true, 1))
                .epochs(3)
                .batchSize(3)
                .gradientAccumulation(4)
                .shuffle(false)
                .saveTo(dir.resolve(name));
    }

    private static void assertAccumulated(Checkpoint trained, List<Double> losses) {
        JsonNode run = FIXTURES.get("accumulation");
        List<Double> right = doubles(run.get("losses"));
        for (int i = 0; i < right.size(); i++) {
            assertThat(losses.get(i)).isCloseTo(right.get(i), within(1e-6));
        }
        try (Predictor predictor = Predictor.of(trained)) {
            float[] outputs =
                    predictor.predict(List.of(floats(run.get("x"))), 10).get(0);
            float[] expected = floats(run.get("outputs"));
            for (int i = 0; i < outputs.length; i++) {
                assertThat(outputs[i]).isCloseTo(expected[i], within(1e-6f));
            }
        }
    }

    @Test
    void accumulated_batches_count_by_weight_and_one_in_which_nothing_counts_counts_nothing() {
        List<Double> losses = new ArrayList<>();
        Checkpoint trained = accumulating("one").callback(each(losses)).build().fit(accumulated());
        assertAccumulated(Checkpoint.latest(dir.resolve("one")), losses);
        assertThat(Evaluator.evaluate(trained, accumulated(), Metrics.accuracy())
                        .get("accuracy"))
                .isCloseTo(FIXTURES.get("accumulation").get("accuracy").asDouble(), within(1e-9));
    }

    @Test
    void workers_count_by_weight() {
        List<Double> losses = new ArrayList<>();
        ThreadWorlds.run(
                2,
                world -> accumulating("two")
                        .world(world)
                        .callback(world.isFirst() ? each(losses) : each(new ArrayList<>()))
                        .build()
                        .fit(accumulated()));
        assertAccumulated(Checkpoint.latest(dir.resolve("two")), losses);
    }

    private static Callback each(List<Double> losses) {
        return new Callback() {
            @Override
            public void onEpoch(TrainingState state, Map<String, Double> metrics) {
                losses.add(Objects.requireNonNull(metrics.get("loss")));
            }
        };
    }

    @Test
    void a_step_in_which_nothing_counts_changes_nothing_and_a_run_of_them_is_refused() {
        Dataset sorted = ArrayDataset.of(
                Field.floats("x", Shape.of(1)),
                new float[] {1, 2, 3, 4, 5, 6, 7, 8},
                Field.classId("y", List.of("a", "b")),
                new long[] {0, 0, 0, 0, 1, 1, 1, 1});
        Checkpoint trained = Trainer.of(linear(2))
                .loss(Losses.crossEntropy(ClassWeights.of(Map.of("a", 0.0))))
                .optimizer(Optimizers.adam(0.1))
                .batchSize(4)
                .shuffle(false)
                .epochs(2)
                .saveTo(dir.resolve("sorted"))
                .build()
                .fit(sorted);
        assertThat(trained.trainer().metrics().get("loss")).isFinite();
        Dataset ignored = ArrayDataset.of(
                Field.floats("x", Shape.of(1)), new float[] {1, 2}, Field.ids("y", Shape.of()), new long[] {-100, -100
                });
        assertThatThrownBy(() -> Trainer.of(linear(2))
                        .saveTo(dir.resolve("ignored"))
                        .build()
                        .fit(ignored))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("nothing counts in the training data");
    }

    /** Loss and metrics where the network gives its input. */
    private static Map<String, Double> figures(Dataset data, Loss loss, Metric... metrics) {
        Supervised supervised = Supervised.of(loss, data.targets());
        Phases phases = Phases.of(supervised);
        Evaluation evaluation = new Evaluation(phases, List.of(metrics));
        Loader loader = Loader.of(data).batchSize(4).build();
        try (Loader.Epoch batches = loader.epoch(0)) {
            while (batches.hasNext()) {
                try (Scope scope = Scope.open()) {
                    Batch batch = batches.next();
                    List<Tensor> outputs = List.of(batch.inputs().get(0).tensor());
                    Evaluator.add(evaluation, phases.all().get(0), supervised.terms(outputs, batch));
                    evaluation.addPredictions(List.of(outputs.get(0)), batch.targets(), null);
                }
            }
        }
        return evaluation.values("");
    }

    private static void assertFigures(Map<String, Double> figures, JsonNode right) {
        figures.forEach((name, value) -> {
            String known = name.equals("f1_macro") ? "f1" : name;
            if (right.has(known)) {
                assertThat(value).as(name).isCloseTo(right.get(known).asDouble(), within(1e-5));
            }
        });
    }

    @Test
    void metrics_leave_out_what_the_loss_ignores() {
        JsonNode run = FIXTURES.get("ignored");
        Dataset data = ArrayDataset.of(
                Field.floats("x", Shape.of(4)),
                floats(run.get("logits")),
                Field.ids("y", Shape.of()),
                longs(run.get("ids")));
        Map<String, Double> figures =
                figures(data, new CrossEntropy(0, List.of(), 0, true, 1), Metrics.accuracy(), Metrics.perplexity());
        assertThat(figures).containsOnlyKeys("loss", "accuracy", "perplexity");
        assertFigures(figures, run);
    }

    @Test
    void class_probabilities_of_sequences_are_compared_step_by_step_whichever_axis_has_the_classes() {
        JsonNode run = FIXTURES.get("sequences");
        Metric[] metrics = {Metrics.accuracy(), Metrics.f1(Average.MACRO)};
        float[] logits = floats(run.get("logits"));
        float[] targets = floats(run.get("targets"));
        List<String> names = List.of("a", "b", "c");
        Dataset last = ArrayDataset.of(
                Field.floats("x", Shape.of(5, 3)),
                logits,
                new Field("y", Shape.of(5, 3), DType.FLOAT32, names),
                targets);
        assertFigures(figures(last, new CrossEntropy(0, List.of(), -100, true, -1), metrics), run);
        Dataset first = ArrayDataset.of(
                Field.floats("x", Shape.of(3, 5)),
                transposed(logits),
                new Field("y", Shape.of(3, 5), DType.FLOAT32, names),
                transposed(targets));
        assertFigures(figures(first, Losses.crossEntropy(), metrics), run);
    }

    /** {@code [2, 5, 3]} as {@code [2, 3, 5]}. */
    private static float[] transposed(float[] values) {
        float[] result = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            int n = i / 15;
            int t = i % 15 / 3;
            int c = i % 3;
            result[n * 15 + c * 5 + t] = values[i];
        }
        return result;
    }

    @Test
    void labels_that_do_not_exclude_each_other_are_a_row_each() {
        JsonNode run = FIXTURES.get("labels");
        Metric[] metrics = {Metrics.accuracy(), Metrics.f1(Average.MACRO), Metrics.logLoss()};
        Field logits = Field.floats("x", Shape.of(3));
        Dataset numbers = ArrayDataset.of(
                logits, floats(run.get("logits")), Field.floats("y", Shape.of(3)), floats(run.get("targets")));
        assertFigures(figures(numbers, Losses.binaryCrossEntropy(), metrics), run);
        Dataset ids = ArrayDataset.of(
                logits, floats(run.get("logits")), Field.ids("y", Shape.of(3)), longs(run.get("targets")));
        assertFigures(figures(ids, Losses.binaryCrossEntropy(), metrics), run);
    }

    @Test
    void balanced_class_weights_are_those_of_scikit_learn_and_are_saved_with_the_model() {
        JsonNode run = FIXTURES.get("balanced");
        long[] ids = longs(run.get("ids"));
        Dataset data = ArrayDataset.of(
                Field.floats("x", Shape.of(1)), new float[ids.length], Field.classId("y", List.of("a", "b", "c")), ids);
        Checkpoint trained = Trainer.of(linear(3))
                .loss(Losses.crossEntropy(ClassWeights.balanced()))
                .epochs(1)
                .saveTo(dir.resolve("balanced"))
                .build()
                .fit(data);
        assertThat(trained.description().loss()).isInstanceOfSatisfying(CrossEntropy.class, loss -> {
            List<Double> weights = ((ClassWeights.Listed) loss.classWeights()).weights();
            for (int c = 0; c < 3; c++) {
                assertThat(weights.get(c)).isCloseTo(run.get("weights").get(c).asDouble(), within(1e-12));
            }
        });
    }

    @Test
    void scaled_targets_are_learned_as_scaled_and_measured_and_predicted_in_their_own_unit() {
        JsonNode run = FIXTURES.get("scaling");
        float[] x = floats(run.get("x"));
        Dataset data =
                ArrayDataset.of(Field.floats("x", Shape.of(2)), x, Field.floats("y", Shape.of()), floats(run.get("y")));
        List<Double> losses = new ArrayList<>();
        Trainer.of(linear(1))
                .targetScaling(TargetScaling.STANDARD)
                .optimizer(Optimizers.sgd(run.get("rate").asDouble()))
                .batchSize(12)
                .shuffle(false)
                .epochs(4)
                .callback(each(losses))
                .saveTo(dir.resolve("scaled"))
                .build()
                .fit(data);
        for (int i = 0; i < 4; i++) {
            assertThat(losses.get(i)).isCloseTo(run.get("losses").get(i).asDouble(), within(1e-5));
        }
        Checkpoint trained = Checkpoint.latest(dir.resolve("scaled"));
        ScaledTargets loss = (ScaledTargets) trained.description().loss();
        assertThat(loss.mean().get(0)).isCloseTo(run.get("mean").asDouble(), within(1e-6));
        assertThat(loss.deviation().get(0)).isCloseTo(run.get("deviation").asDouble(), within(1e-6));
        assertThat(Evaluator.evaluate(trained, data, Metrics.rmse(), Metrics.r2()))
                .hasEntrySatisfying(
                        "rmse", v -> assertThat(v).isCloseTo(run.get("rmse").asDouble(), within(0.5)))
                .hasEntrySatisfying(
                        "r2", v -> assertThat(v).isCloseTo(run.get("r2").asDouble(), within(1e-5)));
        try (Predictor predictor = Predictor.of(trained)) {
            float[] outputs = predictor.predict(List.of(x), 12).get(0);
            for (int i = 0; i < 12; i++) {
                assertThat((double) outputs[i])
                        .isCloseTo(run.get("predictions").get(i).asDouble(), within(0.5));
            }
        }
    }
}
