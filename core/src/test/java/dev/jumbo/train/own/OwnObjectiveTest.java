package dev.jumbo.train.own;

import static dev.jumbo.nn.layers.Layers.dense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.config.YamlFile;
import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.layers.Graph;
import dev.jumbo.nn.layers.ModelGroup;
import dev.jumbo.nn.layers.ModelGroup.GroupedModel;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.train.Evaluator;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.TrainConfig;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.TrainerBuilder;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.Kinds;
import dev.jumbo.train.metrics.Metrics;
import dev.jumbo.train.objective.OutputLoss;
import dev.jumbo.train.objective.Phase;
import dev.jumbo.train.optim.Optimizers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objectives of a provider's, models by name, phases, and several losses. */
class OwnObjectiveTest {
    @TempDir
    Path runs;

    private static Dataset points(int size) {
        SplittableRandom random = new SplittableRandom(4);
        float[] points = new float[4 * size];
        long[] sides = new long[size];
        float[] sums = new float[size];
        for (int i = 0; i < size; i++) {
            double t = random.nextDouble() * 2 - 1;
            for (int c = 0; c < 4; c++) {
                points[4 * i + c] = (float) (t * (c + 1) + 0.05 * random.nextDouble());
                sums[i] += points[4 * i + c];
            }
            sides[i] = t > 0 ? 1 : 0;
        }
        return ArrayDataset.of(
                List.of(ArrayDataset.column(Field.floats("point", Shape.of(4)), points)),
                List.of(
                        ArrayDataset.column(Field.classId("side", List.of("left", "right")), sides),
                        ArrayDataset.column(Field.floats("sum", Shape.of(1)), sums)));
    }

    private static ModelGroup autoencoder() {
        Map<String, GroupedModel> models = new LinkedHashMap<>();
        models.put("encoder", new GroupedModel(null, Sequential.of(dense(8, Activation.TANH), dense(2))));
        models.put("decoder", new GroupedModel(Spec.floats(1), Sequential.of(dense(8, Activation.TANH), dense(4))));
        return new ModelGroup(models, "decoder");
    }

    private static ModelGroup players() {
        Map<String, GroupedModel> models = new LinkedHashMap<>();
        models.put("generator", new GroupedModel(Spec.floats(3), Sequential.of(dense(8, Activation.RELU), dense(4))));
        models.put("discriminator", new GroupedModel(null, Sequential.of(dense(8, Activation.RELU), dense(1))));
        return new ModelGroup(models, "generator");
    }

    private TrainerBuilder playing(String run) {
        return Trainer.of(players())
                .phases(
                        new Phase("judge", "discriminator", new Discriminates(), Optimizers.adam(0.01), 1),
                        new Phase("make", "generator", new Generates(), Optimizers.sgd(0.01), 2))
                .epochs(2)
                .batchSize(16)
                .emaDecay(0.9)
                .validationSplit(0.25)
                .seed(2)
                .saveTo(runs.resolve(run));
    }

    private static Map<String, float[]> weights(Checkpoint checkpoint) {
        try (Scope scope = Scope.open();
                Model model = checkpoint.load()) {
            Map<String, float[]> weights = new LinkedHashMap<>();
            model.state().forEach((name, tensor) -> weights.put(name, tensor.toFloats()));
            return weights;
        }
    }

    @Test
    void an_objective_of_a_provider_is_trained_logged_saved_and_evaluated() {
        List<Map<String, Double>> epochs = new ArrayList<>();
        Checkpoint best = Trainer.of(autoencoder())
                .objective(new Variational(0.01))
                .optimizer(Optimizers.adam(0.01))
                .epochs(30)
                .batchSize(16)
                .validationSplit(0.25)
                .monitor("val_error")
                .callback(new Callback() {
                    @Override
                    public void onEpoch(TrainingState state, Map<String, Double> metrics) {
                        epochs.add(metrics);
                    }
                })
                .saveTo(runs.resolve("vae"))
                .build()
                .fit(points(128));
        Map<String, Double> last = epochs.get(29);
        assertThat(last).containsKeys("loss", "error", "divergence", "val_loss", "val_error", "val_divergence");
        assertThat(last.get("loss")).isCloseTo(last.get("error") + 0.01 * last.get("divergence"), within(1e-5));
        assertThat(last.get("val_error")).isLessThan(epochs.get(0).get("val_error") / 4);

        Checkpoint opened = Checkpoint.open(best.directory());
        assertThat(opened.description().objective()).isEqualTo(new Variational(0.01));
        assertThat(Evaluator.evaluate(opened, points(64))).containsKeys("loss", "error", "divergence");
        try (Predictor predictor = Predictor.of(opened)) {
            assertThat(predictor.predict(List.of(new float[] {0.5f}), 1).get(0)).hasSize(4);
            assertThat(predictor.answer(List.of(new float[] {0.5f}), 1)).isNotNull();
        }
    }

    @Test
    void phases_train_their_own_parameters_and_a_resumed_run_has_the_same_bits() {
        Checkpoint whole = playing("whole").build().fit(points(128));
        Trainer stopping = playing("broken")
                .callback(new Callback() {
                    @Override
                    public void onStep(TrainingState state) {
                        if (state.step() == 3) {
                            state.stop("enough");
                        }
                    }
                })
                .build();
        stopping.fit(points(128));
        Checkpoint resumed = playing("broken").resume(true).build().fit(points(128));
        assertThat(Checkpoint.latest(runs.resolve("broken")).trainer().metrics())
                .isEqualTo(Checkpoint.latest(runs.resolve("whole")).trainer().metrics())
                .containsKeys("loss", "judge_loss", "make_loss", "val_judge_loss");
        Map<String, float[]> expected = weights(whole);
        weights(resumed).forEach((name, values) -> assertThat(values).isEqualTo(expected.get(name)));
        assertThat(expected).containsKeys("generator.layers.0.weight", "discriminator.layers.0.weight");
        assertThat(Evaluator.evaluate(whole, points(64))).containsKeys("loss", "judge_loss", "make_loss");
        try (Predictor predictor = Predictor.of(whole)) {
            assertThat(predictor.predict(List.of(new float[3]), 1).get(0)).hasSize(4);
        }
    }

    @Test
    void a_phase_changes_no_parameters_but_its_own() {
        Checkpoint before = playing("before").epochs(1).build().fit(points(128));
        Checkpoint judged = Trainer.of(players())
                .phases(Phase.of("judge", "discriminator", new Discriminates(), Optimizers.adam(0.01)))
                .epochs(1)
                .seed(2)
                .saveTo(runs.resolve("judged"))
                .build()
                .fit(points(128));
        Checkpoint longer = Trainer.of(players())
                .phases(Phase.of("judge", "discriminator", new Discriminates(), Optimizers.adam(0.01)))
                .epochs(3)
                .seed(2)
                .saveTo(runs.resolve("longer"))
                .build()
                .fit(points(128));
        Map<String, float[]> first = weights(Checkpoint.latest(runs.resolve("judged")));
        Map<String, float[]> last = weights(Checkpoint.latest(runs.resolve("longer")));
        first.forEach((name, values) -> {
            if (name.startsWith("generator")) {
                assertThat(last.get(name)).as(name).isEqualTo(values);
            } else {
                assertThat(last.get(name)).as(name).isNotEqualTo(values);
            }
        });
        assertThat(before.description().phases()).hasSize(2);
        assertThat(judged.description().phases()).isEqualTo(longer.description().phases());
    }

    @Test
    void several_losses_are_added_by_their_weights_and_each_is_logged() {
        List<Map<String, Double>> epochs = new ArrayList<>();
        Map<String, OutputLoss> losses = new LinkedHashMap<>();
        losses.put("sum", new OutputLoss(Losses.mse(), 0.3));
        losses.put("side", new OutputLoss(Losses.crossEntropy(), 1));
        Checkpoint best = Trainer.of(Graph.of(g -> {
                    g.input("point");
                    g.add("side", dense(2), "point");
                    g.add("sum", dense(1), "point");
                    g.output("side");
                    g.output("sum");
                }))
                .losses(losses)
                .metrics(Metrics.accuracy())
                .optimizer(Optimizers.adam(0.02))
                .epochs(20)
                .batchSize(16)
                .callback(new Callback() {
                    @Override
                    public void onEpoch(TrainingState state, Map<String, Double> metrics) {
                        epochs.add(metrics);
                    }
                })
                .saveTo(runs.resolve("several"))
                .build()
                .fit(points(128));
        Map<String, Double> last = epochs.get(19);
        assertThat(last.get("loss")).isCloseTo(last.get("side") + 0.3 * last.get("sum"), within(1e-6));
        Map<String, Double> figures = Evaluator.evaluate(best, points(64), Metrics.accuracy());
        assertThat(figures.get("side/accuracy")).isGreaterThan(0.9);
        assertThat(figures).containsKeys("side", "sum").doesNotContainKeys("accuracy", "sum/accuracy");
        try (Predictor predictor = Predictor.of(best)) {
            float[] said =
                    predictor.predict(List.of(new float[] {1, 2, 3, 4}), 1).get(0);
            assertThat(said[0] + said[1]).isCloseTo(1, within(1e-5f));
        }
    }

    @Test
    void a_file_says_all_of_it_and_mistakes_are_named() {
        TrainConfig config = Kinds.records().read(TrainConfig.class, YamlFile.parse("run.yaml", """
                        phases:
                          - {name: judge, trains: discriminator, objective: discriminates, optimizer: {adam: 0.01}}
                          - {name: make, trains: generator, objective: generates, every: 2}
                        """));
        assertThat(config.phases()).hasSize(2);
        assertThatThrownBy(() -> Kinds.records()
                        .read(TrainConfig.class, YamlFile.parse("run.yaml", "{loss: mse, objective: generates}")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(
                        "expected one of loss, losses, objective and phases, received loss and objective");
        assertThatThrownBy(() -> playing("wrong")
                        .phases(Phase.of("judge", "discriminator_", new Discriminates(), Optimizers.adam(0.01)))
                        .build()
                        .fit(points(32)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("phases.judge.trains: no parameter is named \"discriminator_\"");
        assertThatThrownBy(() -> Trainer.of(dense(2))
                        .objective(new Generates())
                        .saveTo(runs.resolve("none"))
                        .build()
                        .fit(points(32)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected several models, of which \"generator\" is one");
    }
}
