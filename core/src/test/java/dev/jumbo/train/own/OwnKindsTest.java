package dev.jumbo.train.own;

import static dev.jumbo.nn.layers.Layers.dense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.config.Kind;
import dev.jumbo.config.UnknownKindException;
import dev.jumbo.config.YamlFile;
import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.JumboException;
import dev.jumbo.nn.Cache;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.Evaluator;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.Kinds;
import dev.jumbo.train.metrics.Metrics;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers and losses of a program's own, with a provider on the class path of these tests and without. */
class OwnKindsTest {
    @TempDir
    Path runs;

    private static Dataset sides() {
        float[] points = new float[2 * 64];
        long[] labels = new long[64];
        for (int i = 0; i < 64; i++) {
            labels[i] = i % 2;
            points[2 * i] = i % 2 == 0 ? -1 - i / 64f : 1 + i / 64f;
            points[2 * i + 1] = i / 64f;
        }
        return ArrayDataset.of(
                Field.floats("point", Shape.of(2)), points, Field.classId("side", List.of("left", "right")), labels);
    }

    @Test
    void a_layer_and_a_loss_of_a_provider_are_trained_saved_loaded_and_asked() {
        Checkpoint best = Trainer.of(Sequential.of(new Scaled(0.5), dense(2)))
                .loss(new Tripled())
                .epochs(20)
                .batchSize(8)
                .saveTo(runs.resolve("own"))
                .build()
                .fit(sides());

        Checkpoint opened = Checkpoint.open(best.directory());
        assertThat(opened.description().model()).isEqualTo(Sequential.of(new Scaled(0.5), dense(2)));
        assertThat(opened.description().loss()).isEqualTo(new Tripled());
        assertThat(Evaluator.evaluate(opened, sides(), Metrics.accuracy()).get("accuracy"))
                .isEqualTo(1);
        try (Predictor predictor = Predictor.of(opened)) {
            float[] answer = predictor.predict(List.of(new float[] {-3, 0}), 1).get(0);
            assertThat(answer[0] + answer[1]).isCloseTo(1, within(1e-6f));
            assertThat(answer[0]).isGreaterThan(answer[1]);
        }
    }

    @Test
    void a_file_names_them_as_it_names_all_others() {
        assertThat(Kinds.records().read(Layer.class, YamlFile.parse("m.yaml", "own_scaled: 3")))
                .isEqualTo(new Scaled(3));
        assertThat(Kinds.records().schema("layers", Layer.class).toString()).contains("own_scaled");
        assertThatThrownBy(() -> Kinds.records().read(Layer.class, YamlFile.parse("m.yaml", "own_scale: 3")))
                .hasMessageContaining("did you mean \"own_scaled\"");
    }

    /** What such a layer makes, which says that it gives what it is given. */
    private interface Making extends UnaryLayer {
        @Override
        default Shape outputShape(Shape input) {
            return input;
        }

        @Override
        default long flops(Shape input) {
            return 0;
        }
    }

    private static void refused(Layer layer, String message) {
        try (Scope scope = Scope.open();
                Model model = Model.build(Sequential.of(layer, dense(2)), Shape.of(2), RandomState.of(1))) {
            Tensor x = Tensor.zeros(Shape.of(3, 2));
            assertThatThrownBy(() -> model.forward(x, Pass.inference()))
                    .isInstanceOf(JumboException.class)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void a_layer_that_makes_something_else_than_it_says_is_named_by_its_path() {
        record Halved() implements Making {
            @Override
            public UnaryNetwork build(Shape input, Parameters into) {
                return (x, pass) -> x.narrow(1, 0, 1);
            }
        }
        record Thrower() implements Making {
            @Override
            public UnaryNetwork build(Shape input, Parameters into) {
                return (x, pass) -> {
                    throw new IllegalStateException("no such thing");
                };
            }
        }
        refused(
                new Halved(),
                "layers.0 (Halved): expected a batch [N] of [2], as the layer says of itself, received [");
        record Endless() implements Making {
            @Override
            public UnaryNetwork build(Shape input, Parameters into) {
                return (x, pass) -> {
                    throw new StackOverflowError();
                };
            }
        }
        refused(new Thrower(), "layers.0 (Thrower): IllegalStateException: no such thing; it is the class ");
        refused(new Endless(), "layers.0 (Endless): StackOverflowError; it is the class ");
    }

    @Test
    @SuppressWarnings("NullAway") // What is not checked where the layer is written.
    void a_layer_that_gives_nothing_is_named() {
        record Shapeless() implements Making {
            @Override
            public Shape outputShape(Shape input) {
                return null;
            }

            @Override
            public UnaryNetwork build(Shape input, Parameters into) {
                return (x, pass) -> x;
            }
        }
        record Unbuilt() implements Making {
            @Override
            public UnaryNetwork build(Shape input, Parameters into) {
                return null;
            }
        }
        record Mute() implements Making {
            @Override
            public UnaryNetwork build(Shape input, Parameters into) {
                return (x, pass) -> null;
            }
        }
        assertThatThrownBy(() -> Model.build(Sequential.of(new Shapeless()), Shape.of(2), RandomState.of(1)))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("Shapeless")
                .hasMessageContaining("gave null by outputShape");
        assertThatThrownBy(() -> Model.build(Sequential.of(new Unbuilt()), Shape.of(2), RandomState.of(1)))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("Unbuilt")
                .hasMessageContaining("gave null by build");
        refused(new Mute(), "layers.0 (Mute): NullPointerException: its pass gave null");
    }

    @Test
    void a_layer_of_ones_own_goes_on_from_a_cache_as_others_do() {
        record Same() implements Making {
            @Override
            public boolean ignoresPadding(Shape input) {
                return true;
            }

            @Override
            public UnaryNetwork build(Shape input, Parameters into) {
                return (x, pass) -> x.mul(1);
            }
        }
        try (Scope scope = Scope.open();
                Model model = Model.build(Sequential.of(dense(3), new Same()), Shape.of(5, 2), RandomState.of(1));
                Cache cache = new Cache()) {
            Pass pass = Pass.inference().with(cache);
            model.forward(Tensor.zeros(Shape.of(1, 4, 2)), pass);
            assertThat(model.forward(Tensor.zeros(Shape.of(1, 1, 2)), pass).shape())
                    .isEqualTo(Shape.of(1, 1, 3));
        }
    }

    @Kind("unlisted")
    record Unlisted() implements UnaryLayer {
        @Override
        public Shape outputShape(Shape input) {
            return input;
        }

        @Override
        public long flops(Shape input) {
            return 0;
        }

        @Override
        public UnaryNetwork build(Shape input, Parameters into) {
            return (x, pass) -> x;
        }
    }

    @Test
    void a_layer_or_loss_that_no_provider_names_is_refused_before_the_first_step_with_what_to_do() {
        AtomicInteger steps = new AtomicInteger();
        Callback counting = new Callback() {
            @Override
            public void onStep(TrainingState state) {
                steps.incrementAndGet();
            }
        };
        Loss lambda = new Loss() {
            @Override
            public Tensor of(Tensor outputs, Tensor targets) {
                return Losses.crossEntropy().of(outputs, targets);
            }
        };
        assertThatThrownBy(() -> Trainer.of(Sequential.of(new Unlisted(), dense(2)))
                        .callback(counting)
                        .saveTo(runs.resolve("a"))
                        .build()
                        .fit(sides()))
                .isInstanceOf(UnknownKindException.class)
                .hasMessageContaining("Unlisted")
                .hasMessageContaining("META-INF/services/dev.jumbo.config.KindProvider");
        assertThatThrownBy(() -> Trainer.of(dense(2))
                        .loss(lambda)
                        .callback(counting)
                        .saveTo(runs.resolve("b"))
                        .build()
                        .fit(sides()))
                .isInstanceOf(UnknownKindException.class)
                .hasMessageContaining("make it a record with a @Kind");
        assertThat(steps).hasValue(0);
        assertThat(runs).isEmptyDirectory();
    }
}
