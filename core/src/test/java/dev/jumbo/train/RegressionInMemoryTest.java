package dev.jumbo.train;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.dense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.nn.layers.Graph;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.nn.losses.Mse;
import dev.jumbo.nn.losses.ScaledTargets;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.callbacks.ProgressLog;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.RunDirectory;
import dev.jumbo.train.metrics.Metrics;
import dev.jumbo.train.optim.Optimizers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Numbers in arrays in memory, beside scikit-learn's mean and linear model, from src/test/python/make_regression_fixtures.py. */
class RegressionInMemoryTest {
    private static final int TRAIN = 500;

    private static final JsonNode FIXTURES = fixtures();

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.jumbo.train");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @TempDir
    Path dir;

    private static JsonNode fixtures() {
        try (InputStream file = RegressionInMemoryTest.class.getResourceAsStream("/fixtures/regression.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    private List<String> said(Level level) {
        return log.list.stream()
                .filter(event -> event.getLevel() == level)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private static JsonNode numbers(String name) {
        return FIXTURES.get("cases").get(name);
    }

    private static float[] floats(JsonNode list, int from, int to) {
        float[] values = new float[to - from];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) list.get(from + i).asDouble();
        }
        return values;
    }

    private static Dataset part(String name, int from, int to) {
        return ArrayDataset.of(
                Field.floats("x", Shape.of(3)),
                floats(FIXTURES.get("x"), 3 * from, 3 * to),
                Field.floats("y", Shape.of()),
                floats(numbers(name).get("y"), from, to));
    }

    private TrainerBuilder trainer(String run) {
        return Trainer.of(Sequential.of(dense(16, RELU), dense(1)))
                .optimizer(Optimizers.adam(1e-2))
                .loss(Losses.mse())
                .metrics(Metrics.rmse())
                .epochs(10)
                .seed(42)
                .saveTo(dir.resolve(run));
    }

    private static double rmse(Checkpoint trained, String name) {
        return Evaluator.evaluate(trained, part(name, TRAIN, 600), Metrics.rmse())
                .getOrDefault("rmse", Double.NaN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"thousands", "millionths", "kelvin"})
    void numbers_far_from_0_are_learned_nearly_as_well_as_by_a_linear_model(String name) {
        Checkpoint trained = trainer(name).build().fit(part(name, 0, TRAIN));

        double linear = numbers(name).get("linear_rmse").asDouble();
        assertThat(rmse(trained, name))
                .isLessThan(2 * linear)
                .isLessThan(numbers(name).get("mean_rmse").asDouble() / 4);
        ScaledTargets loss = (ScaledTargets) trained.description().loss();
        double deviation = numbers(name).get("deviation").asDouble();
        assertThat(loss.mean().get(0)).isCloseTo(numbers(name).get("mean").asDouble(), within(1e-6 * deviation));
        assertThat(loss.deviation().get(0)).isCloseTo(deviation, within(1e-6 * deviation));
        assertThat(said(Level.WARN)).singleElement().asString().contains("target_scaling: none");
    }

    @Test
    void held_out_targets_that_are_no_numbers_are_told_once_and_choose_no_best() {
        Dataset held = ArrayDataset.of(
                Field.floats("x", Shape.of(3)), new float[6], Field.floats("y", Shape.of()), new float[] {1, Float.NaN
                });
        Checkpoint last = trainer("held").epochs(3).build().fit(part("unit", 0, TRAIN), held);
        assertThat(said(Level.WARN).stream().filter(line -> line.contains("val_loss")))
                .singleElement()
                .asString()
                .startsWith("val_loss is not a number in epoch 1")
                .contains("never the best", "validation data");
        assertThat(last.trainer().epoch()).isEqualTo(3);
        assertThat(new RunDirectory(dir.resolve("held")).hasBest()).isFalse();
    }

    @Test
    void numbers_near_0_keep_the_loss_of_their_own_unit() {
        Checkpoint trained = trainer("unit").build().fit(part("unit", 0, TRAIN));

        assertThat(trained.description().loss()).isInstanceOf(Mse.class);
        assertThat(rmse(trained, "unit"))
                .isLessThan(2 * numbers("unit").get("linear_rmse").asDouble());
        assertThat(said(Level.WARN)).isEmpty();
    }

    @Test
    void several_numbers_are_scaled_each_on_its_own_where_one_is_far_from_0() {
        float[] thousands = floats(numbers("thousands").get("y"), 0, TRAIN);
        float[] unit = floats(numbers("unit").get("y"), 0, TRAIN);
        float[] both = new float[2 * TRAIN];
        for (int i = 0; i < TRAIN; i++) {
            both[2 * i] = thousands[i];
            both[2 * i + 1] = unit[i];
        }
        Dataset data = ArrayDataset.of(
                Field.floats("x", Shape.of(3)),
                floats(FIXTURES.get("x"), 0, 3 * TRAIN),
                Field.floats("y", Shape.of(2)),
                both);
        TrainConfig settled = Trainer.of(Sequential.of(dense(16, RELU), dense(2)))
                .saveTo(dir.resolve("both"))
                .build()
                .check(data, null);

        assertThat(settled.targetScaling()).isEqualTo(TargetScaling.STANDARD);
    }

    @Test
    void two_targets_of_numbers_are_scaled_each_on_its_own_where_one_is_far_from_0() {
        float[] thousands = floats(numbers("thousands").get("y"), 0, TRAIN);
        Dataset data = ArrayDataset.of(
                List.of(ArrayDataset.column(Field.floats("x", Shape.of(3)), floats(FIXTURES.get("x"), 0, 3 * TRAIN))),
                List.of(
                        ArrayDataset.column(
                                Field.floats("near", Shape.of()),
                                floats(numbers("unit").get("y"), 0, TRAIN)),
                        ArrayDataset.column(Field.floats("far", Shape.of()), thousands)));
        Graph graph = Graph.of(g -> {
            g.input("x");
            g.add("a", dense(1), "x");
            g.add("b", dense(1), "x");
            g.output("a");
            g.output("b");
        });
        TrainConfig settled =
                Trainer.of(graph).saveTo(dir.resolve("two")).build().check(data, null);

        assertThat(settled.targetScaling()).isEqualTo(TargetScaling.STANDARD);
        assertThat(settled.losses().keySet()).containsExactlyInAnyOrder("near", "far");

        Trainer.of(graph)
                .saveTo(dir.resolve("as they are"))
                .targetScaling(TargetScaling.NONE)
                .validationSplit(0.2)
                .epochs(1)
                .seed(1)
                .build()
                .fit(data);
        assertThat(said(Level.WARN)).anyMatch(line -> line.contains("predicts far worse than its mean would"));
    }

    @Test
    void a_regression_that_is_worse_than_the_mean_says_so_after_the_first_epoch_and_after_the_last() {
        var figures = trainer("unscaled")
                .targetScaling(TargetScaling.NONE)
                .validationSplit(0.2)
                .build()
                .fit(part("thousands", 0, TRAIN))
                .trainer()
                .metrics();

        assertThat(figures).containsKeys("rmse", "val_rmse").doesNotContainKeys("r2", "val_r2");
        assertThat(said(Level.WARN))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .contains("predicts y worse than its mean would", "validation", "TargetScaling.STANDARD"));
        assertThat(said(Level.WARN).get(1)).startsWith("after epoch 10 of 10");
    }

    @Test
    void each_epoch_has_a_line_in_the_log_unless_a_callback_shows_progress_already() {
        trainer("said").epochs(3).build().fit(part("unit", 0, TRAIN));
        assertThat(epochs()).hasSize(3).first().asString().contains("epoch 1/3", "rmse ");

        log.list.clear();
        trainer("once").epochs(3).callback(ProgressLog.create()).build().fit(part("unit", 0, TRAIN));
        assertThat(epochs()).hasSize(3);
    }

    private List<String> epochs() {
        return said(Level.INFO).stream()
                .filter(line -> line.startsWith("epoch "))
                .toList();
    }

    @Test
    void figures_are_the_same_bits_with_r2_beside_them_or_not() {
        var without = trainer("without").build().fit(part("unit", 0, TRAIN));
        var with = trainer("with").metrics(Metrics.rmse(), Metrics.r2()).build().fit(part("unit", 0, TRAIN));

        assertThat(without.trainer().metrics().get("loss"))
                .isEqualTo(with.trainer().metrics().get("loss"));
        assertThat(without.trainer().metrics().get("rmse"))
                .isEqualTo(with.trainer().metrics().get("rmse"));
    }
}
