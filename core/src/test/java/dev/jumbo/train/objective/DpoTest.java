package dev.jumbo.train.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Batch;
import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.FirstValues;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.adapt.Adapter;
import dev.jumbo.nn.adapt.Full;
import dev.jumbo.nn.adapt.Lora;
import dev.jumbo.nn.adapt.PeftAdapter;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.sequence.GroupedQueryAttention;
import dev.jumbo.nn.layers.sequence.LlamaBlock;
import dev.jumbo.nn.layers.sequence.RmsNorm;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.nn.weights.Weights;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.SafetensorsFile;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.Evaluator;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.TrainerBuilder;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.optim.Optimizers;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against trl 1.13.0: make_dpo_fixtures.py. */
class DpoTest {
    private static final Path PEFT = resource("/dev/jumbo/peft");
    private static final Path DPO = resource("/dev/jumbo/dpo");
    private static final Specs IN = Specs.of(Map.of("tokens", Spec.of(Shape.of(7), DType.INT64)));
    private static final double BETA = 0.3;

    @TempDir
    Path runs;

    private static Path resource(String name) {
        try {
            return Path.of(
                    Objects.requireNonNull(DpoTest.class.getResource(name)).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Layer llama() {
        Map<String, Layer> layers = new LinkedHashMap<>();
        layers.put("model.embed_tokens", Embedding.of(24, 16));
        for (int i = 0; i < 2; i++) {
            layers.put(
                    "model.layers." + i,
                    new LlamaBlock(GroupedQueryAttention.of(4, 2, 10000), 24, 1e-6, false, Map.of()));
        }
        layers.put("model.norm", new RmsNorm(1e-6));
        layers.put(
                "lm_head", new Dense(24, Activation.LINEAR, false, Initializers.glorotUniform(), Initializers.zeros()));
        return Sequential.named(layers);
    }

    private static Model model(Layer layer, Map<String, TensorSource.Stored> tensors, ParameterGroups groups) {
        TensorSource source = TensorSource.named("", List.of(), tensors);
        return Model.build(layer, IN, FirstValues.loaded(Weights.of(source)), groups, Device.CPU);
    }

    private static Map<String, TensorSource.Stored> tensors(Path file) {
        return new LinkedHashMap<>(TensorSource.open(file).tensors());
    }

    private static Column column(String name) {
        try (Scope scope = Scope.open()) {
            return ArrayDataset.column(
                    Field.ids(name, Shape.of(7)),
                    Safetensors.open(DPO.resolve("expected.safetensors"))
                            .read(name)
                            .toLongs());
        }
    }

    private static Batch pairs() {
        return new Batch(
                List.of(column("chosen"), column("rejected")),
                List.of(column("chosen_next"), column("rejected_next")),
                3);
    }

    private static Dataset data() {
        return ArrayDataset.of(
                List.of(column("chosen"), column("rejected")), List.of(column("chosen_next"), column("rejected_next")));
    }

    private static void requireTrls(String name, Weighted found, Model model, SafetensorsFile wanted, String root) {
        assertThat(found.weight()).isEqualTo(3);
        assertThat(found.mean().item()).isCloseTo(wanted.read(name + ".loss").item(), within(1e-5));
        found.parts()
                .forEach((part, value) -> assertThat(value.item())
                        .as(part)
                        .isCloseTo(wanted.read(name + "." + part).item(), within(1e-5)));
        assertThat(found.parts()).hasSize(4);
        found.mean().backward();
        Map<String, Tensor> gradients = model.store().gradientsByName();
        int compared = 0;
        for (String key : wanted.names()) {
            if (key.startsWith(name + ".grad.")) {
                float[] gradient = wanted.read(key).toFloats();
                float[] own = Objects.requireNonNull(
                                gradients.get(key.substring((name + ".grad." + root).length())), key)
                        .toFloats();
                for (int i = 0; i < own.length; i++) {
                    assertThat(own[i])
                            .as(key)
                            .isCloseTo(gradient[i], within(1e-4f * Math.max(0.1f, Math.abs(gradient[i]))));
                }
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(1);
    }

    @ParameterizedTest
    @EnumSource(Dpo.LossType.class)
    void loss_rewards_and_gradients_are_trls_with_an_adapter_left_out_and_with_a_second_model(Dpo.LossType type) {
        Dpo dpo = new Dpo(BETA, type == Dpo.LossType.ROBUST ? 0.1 : 0, type);
        String name = type.name().toLowerCase(Locale.ROOT);
        PeftAdapter adapter = PeftAdapter.read(PEFT.resolve("lora"), llama(), IN);
        Map<String, TensorSource.Stored> all = tensors(PEFT.resolve("base.safetensors"));
        all.putAll(adapter.tensors().tensors());
        try (Scope scope = Scope.open();
                Model adapted = model(
                        adapter.model(), all, new ParameterGroups(adapter.lora().groups()));
                Model policy = model(llama(), tensors(DPO.resolve("policy.safetensors")), ParameterGroups.none());
                Model base = model(llama(), tensors(PEFT.resolve("base.safetensors")), ParameterGroups.none())) {
            SafetensorsFile wanted = Safetensors.open(DPO.resolve("expected.safetensors"));
            adapted.store().prepareTraining(false);
            policy.store().prepareTraining(false);
            requireTrls(
                    "lora_" + name,
                    dpo.of(new TrainedModels(adapted), pairs(), Pass.forTraining()),
                    adapted,
                    wanted,
                    "base_model.model.");
            requireTrls(
                    "full_" + name,
                    dpo.of(new TrainedModels(policy, base), pairs(), Pass.forTraining()),
                    policy,
                    wanted,
                    "");
            assertThatThrownBy(() -> dpo.of(new TrainedModels(policy), pairs(), Pass.forTraining()))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected a model as training began");
        }
    }

    @Test
    void label_smoothing_is_that_of_conservative_dpo() {
        try (Scope scope = Scope.open();
                Model policy = model(llama(), tensors(DPO.resolve("policy.safetensors")), ParameterGroups.none());
                Model base = model(llama(), tensors(PEFT.resolve("base.safetensors")), ParameterGroups.none())) {
            TrainedModels models = new TrainedModels(policy, base);
            double plain = dpo(models, new Dpo(BETA, 0, Dpo.LossType.SIGMOID));
            double smooth = dpo(models, new Dpo(BETA, 0.2, Dpo.LossType.SIGMOID));
            double robust = dpo(models, new Dpo(BETA, 0.2, Dpo.LossType.ROBUST));
            // (1 - e) a + e b and ((1 - e) a - e b) / (1 - 2 e) add up to what holds for every a and b.
            assertThat(smooth + 0.6 * robust).isCloseTo(1.6 * plain, within(1e-5));
        }
    }

    private static double dpo(TrainedModels models, Dpo dpo) {
        return dpo.of(models, pairs(), Pass.inference()).mean().item();
    }

    private TrainerBuilder trainer(String run, Adapter adapter, int epochs) {
        return Trainer.of(llama())
                .initFrom(PEFT.resolve("base.safetensors"))
                .adapter(adapter)
                .objective(Dpo.of(BETA))
                .optimizer(Optimizers.adam(1e-2))
                .batchSize(2)
                .epochs(epochs)
                .seed(3)
                .saveTo(runs.resolve(run));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_chosen_answers_become_likelier_in_a_run_that_is_resumed_with_the_same_reference_and_evaluated(boolean lora)
            throws IOException {
        Adapter adapter = lora ? Lora.of(4, 8) : new Full();
        Checkpoint whole = trainer("whole", adapter, 4).build().fit(data());
        trainer("part", adapter, 2).build().fit(data());
        trainer("part", adapter, 4).resume(true).build().fit(data());
        Checkpoint latest = Checkpoint.latest(runs.resolve("whole"));
        assertThat(Checkpoint.latest(runs.resolve("part")).manifest().sha256("model.safetensors"))
                .isEqualTo(latest.manifest().sha256("model.safetensors"));
        Map<String, Double> measured = Evaluator.evaluate(whole, data());
        assertThat(Objects.requireNonNull(measured.get("loss"))).isLessThan(0.5);
        assertThat(measured).containsEntry("rewards/accuracies", 1.0);
        assertThat(Objects.requireNonNull(measured.get("rewards/margins"))).isGreaterThan(0.5);
        assertThat(whole.description().inputs()).extracting(Field::name).containsExactly("tokens");

        if (!lora) {
            // The reference is found again by its hash, or the evaluation says so.
            Path moved = runs.resolve("base.safetensors");
            Files.copy(DPO.resolve("policy.safetensors"), moved);
            Checkpoint other =
                    trainer("other", adapter, 1).initFrom(moved).build().fit(data());
            Files.delete(moved);
            assertThatThrownBy(() -> Evaluator.evaluate(other, data()))
                    .isInstanceOf(FailureException.class)
                    .hasMessageContaining(moved.toString());
        }
    }

    @Test
    void what_is_out_of_range_or_no_pair_is_refused() {
        assertThatThrownBy(() -> Dpo.of(0)).hasMessageContaining("dpo.beta");
        assertThatThrownBy(() -> new Dpo(0.1, 0.1, Dpo.LossType.IPO)).hasMessageContaining("label_smoothing");
        assertThatThrownBy(() -> new Dpo(0.1, 0.5, Dpo.LossType.ROBUST)).hasMessageContaining("label_smoothing");
        Field ids = Field.ids("text", Shape.of(7));
        assertThatThrownBy(() -> Dpo.of(0.1).inputs(List.of(ids), List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("prompt and rejected");
        assertThatThrownBy(() -> Trainer.of(llama())
                        .objective(Dpo.of(0.1))
                        .saveTo(runs.resolve("none"))
                        .build()
                        .fit(data()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected init_from");
    }
}
