package dev.jumbo.train;

import static dev.jumbo.nn.layers.Layers.batchNorm;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.embedding;
import static dev.jumbo.nn.layers.Layers.positionalEmbedding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.adapt.Lora;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.nn.weights.Storage;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.TrainConfig.Checkpoints;
import dev.jumbo.train.adapt.AdapterRuns;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.optim.Optimizers;
import dev.jumbo.train.plan.work.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdapterTrainingTest {
    private static final Layer POINTS =
            Sequential.of(dense(64, Activation.RELU), batchNorm(), dense(64, Activation.RELU), dense(2));

    private final Dataset moons = Moons.of(200, 1);
    private final Dataset others = Moons.of(200, 2, List.of("lower", "upper"));

    @TempDir
    Path runs;

    private TrainerBuilder trainer(Layer model, String run) {
        return Trainer.of(model)
                .optimizer(Optimizers.adam(1e-2))
                .epochs(3)
                .batchSize(20)
                .seed(7)
                .saveTo(runs.resolve(run));
    }

    private static Lora lora(Storage storage, boolean dora) {
        return new Lora(
                2,
                8,
                0.1,
                List.of("all-linear"),
                List.of(),
                false,
                dora,
                Lora.Bias.NONE,
                List.of(),
                Map.of(),
                Map.of(),
                storage,
                16);
    }

    private static Map<String, float[]> values(Checkpoint checkpoint) {
        Map<String, float[]> values = new TreeMap<>();
        try (Scope scope = Scope.open()) {
            checkpoint.weights().forEach((name, tensor) -> values.put(name, tensor.toFloats()));
        }
        return values;
    }

    private static float[] answers(Checkpoint checkpoint) {
        try (Scope scope = Scope.open();
                Model model = checkpoint.load()) {
            Tensor x = Tensor.of(new float[] {0.5f, -0.2f, 1, 1, -1, 0.3f}, Shape.of(3, 2));
            return model.forward(x, Pass.inference()).toFloats();
        }
    }

    @ParameterizedTest
    @CsvSource({"FP32, false", "FP32, true", "BF16, false", "INT8, false", "INT4, false", "INT4, true"})
    void an_adapter_learns_beside_a_base_that_stays_bit_for_bit_and_is_resumed_merged_and_refused_beside_another(
            Storage storage, boolean dora) throws IOException {
        trainer(POINTS, "base").build().fit(moons);
        Checkpoint base = Checkpoint.best(runs.resolve("base"));
        Map<String, float[]> before = values(base);
        TrainerBuilder whole =
                trainer(POINTS, "whole").initFrom(runs.resolve("base")).adapter(lora(storage, dora));
        Checkpoint adapted = whole.build().fit(others);

        assertThat(adapted.weightsFile().names())
                .containsOnly(names(dora, "layers.0", "layers.2", "layers.1.running_mean", "layers.1.running_var"));
        Map<String, float[]> after = values(adapted);
        if (storage == Storage.FP32) {
            before.forEach(
                    (name, values) -> assertThat(after.get(name)).as(name).isEqualTo(values));
        }
        assertThat(Objects.requireNonNull(adapted.description().base()).sha256())
                .isEqualTo(Map.of("model.safetensors", base.manifest().sha256("model.safetensors")));
        double start = lines("whole").get(0);
        assertThat(lines("whole").get(lines("whole").size() - 1)).isLessThan(start);

        interruptAndResume(storage, dora);
        Checkpoint part = Checkpoint.latest(runs.resolve("part"));
        Checkpoint latest = Checkpoint.latest(runs.resolve("whole"));
        for (String file : List.of("model.safetensors", "optimizer.safetensors")) {
            assertThat(part.manifest().sha256(file)).isEqualTo(latest.manifest().sha256(file));
        }

        Checkpoint merged = AdapterRuns.merge(adapted, runs.resolve("merged"));
        assertThat(merged.description().base()).isNull();
        assertThat(merged.description().model()).isEqualTo(base.description().model());
        float[] unmerged = answers(adapted);
        float[] joined = answers(merged);
        for (int i = 0; i < unmerged.length; i++) {
            assertThat(joined[i]).isCloseTo(unmerged[i], within(1e-5f * Math.max(1, Math.abs(unmerged[i]))));
        }
        assertThat(joined).isNotEqualTo(answers(base));

        trainer(POINTS, "another").seed(8).build().fit(moons);
        Path file = base.directory().resolve("model.safetensors");
        Files.copy(
                Checkpoint.best(runs.resolve("another")).directory().resolve("model.safetensors"),
                file,
                StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> Checkpoint.best(runs.resolve("whole")).load())
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("the base of the adapter changed")
                .hasMessageContaining(file.toString());
        Files.delete(file);
        assertThatThrownBy(() -> Checkpoint.best(runs.resolve("whole")).load())
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("is not there")
                .hasMessageContaining("jumbo merge");
    }

    private static String[] names(boolean dora, String first, String second, String... more) {
        List<String> names = new ArrayList<>(List.of(more));
        for (String layer : List.of(first, second)) {
            names.add(layer + ".lora_A.weight");
            names.add(layer + ".lora_B.weight");
            if (dora) {
                names.add(layer + ".lora_magnitude_vector");
            }
        }
        return names.toArray(new String[0]);
    }

    /** The losses of the epochs. */
    private List<Double> lines(String run) throws IOException {
        List<Double> losses = new ArrayList<>();
        var json = new ObjectMapper();
        for (String line : Files.readAllLines(runs.resolve(run).resolve("metrics.jsonl"))) {
            var loss = json.readTree(line).findValue("loss");
            if (loss != null) {
                losses.add(loss.asDouble());
            }
        }
        return losses;
    }

    private void interruptAndResume(Storage storage, boolean dora) {
        Callback interrupt = new Callback() {
            @Override
            public void onStep(TrainingState state) {
                if (state.step() == 14) {
                    throw new IllegalStateException("pulled the plug");
                }
            }
        };
        TrainerBuilder first = trainer(POINTS, "part")
                .initFrom(runs.resolve("base"))
                .adapter(lora(storage, dora))
                .checkpoints(new Checkpoints(5, 2));
        assertThatThrownBy(() -> first.callback(interrupt).build().fit(others)).hasMessage("pulled the plug");
        trainer(POINTS, "part")
                .initFrom(runs.resolve("base"))
                .adapter(lora(storage, dora))
                .checkpoints(new Checkpoints(5, 2))
                .resume(true)
                .build()
                .fit(others);
    }

    @Test
    void a_resume_beside_a_base_that_changed_is_refused() {
        trainer(POINTS, "base").build().fit(moons);
        trainer(POINTS, "another").seed(8).build().fit(moons);
        trainer(POINTS, "run")
                .initFrom(runs.resolve("base"))
                .adapter(Lora.of(2, 4))
                .build()
                .fit(others);
        Checkpoint other = Checkpoint.best(runs.resolve("another"));
        Checkpoint base = Checkpoint.best(runs.resolve("base"));
        TrainerBuilder again = trainer(POINTS, "run")
                .initFrom(runs.resolve("base"))
                .adapter(Lora.of(2, 4))
                .epochs(4)
                .resume(true);
        swap(other.directory(), base.directory());
        assertThatThrownBy(() -> again.build().fit(others))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the base of the adapter changed");
    }

    /** A whole checkpoint in the place of another. */
    private static void swap(Path from, Path to) {
        try {
            for (String file : List.of(
                    "model.safetensors", "manifest.json", "model.json", "trainer.json", "optimizer.safetensors")) {
                Files.copy(from.resolve(file), to.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_new_head_is_trained_as_a_whole_and_saved_and_one_that_nobody_trains_is_refused() {
        trainer(POINTS, "base").build().fit(moons);
        Layer wider = Sequential.of(dense(64, Activation.RELU), batchNorm(), dense(64, Activation.RELU), dense(3));
        Dataset three = three();
        Lora all = Lora.of(2, 4, "layers.0", "layers.2");
        assertThatThrownBy(() -> trainer(wider, "lost")
                        .initFrom(runs.resolve("base"))
                        .initMissing("layers.3")
                        .adapter(all)
                        .build()
                        .fit(three))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("layers.3.weight")
                .hasMessageContaining("modules_to_save");
        Lora saved = new Lora(
                2,
                2,
                0,
                List.of("all-linear"),
                List.of(),
                true,
                false,
                Lora.Bias.ALL,
                List.of("layers.3"),
                Map.of(),
                Map.of(),
                Storage.FP32,
                null);
        Checkpoint run = trainer(wider, "head")
                .initFrom(runs.resolve("base"))
                .initMissing("layers.3")
                .adapter(saved)
                .build()
                .fit(three);
        assertThat(run.weightsFile().names())
                .contains("layers.3.weight", "layers.3.bias", "layers.0.bias", "layers.1.bias")
                .doesNotContain("layers.0.weight", "layers.1.weight", "layers.3.lora_A.weight");
        assertThat(answers(run)).hasSize(9);
        Checkpoint merged = AdapterRuns.merge(run, runs.resolve("merged"));
        assertThat(answers(merged)).hasSize(9);
    }

    private static Dataset three() {
        SplittableRandom random = RandomState.of(3).generator();
        float[] points = new float[120];
        long[] labels = new long[60];
        for (int i = 0; i < 60; i++) {
            labels[i] = i % 3;
            points[2 * i] = (float) (labels[i] + 0.1 * random.nextGaussian());
            points[2 * i + 1] = (float) random.nextGaussian();
        }
        return ArrayDataset.of(
                Field.floats("point", Shape.of(2)), points, Field.classId("class", List.of("a", "b", "c")), labels);
    }

    @Test
    void an_adapter_needs_a_base_that_is_a_whole_model() {
        assertThatThrownBy(() ->
                        trainer(POINTS, "run").adapter(Lora.of(2, 4)).build().fit(moons))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected init_from");
        trainer(POINTS, "base").build().fit(moons);
        trainer(POINTS, "run")
                .initFrom(runs.resolve("base"))
                .adapter(Lora.of(2, 4))
                .build()
                .fit(others);
        assertThatThrownBy(() -> trainer(POINTS, "next")
                        .initFrom(runs.resolve("run"))
                        .adapter(Lora.of(2, 4))
                        .build()
                        .fit(moons))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("merge it with its base first");
        assertThatThrownBy(() -> AdapterRuns.merge(Checkpoint.best(runs.resolve("base")), runs.resolve("merged")))
                .hasMessageContaining("expected a run with an adapter");
    }

    @Test
    void a_transformer_learns_by_changes_of_its_attention_and_dense_layers_and_a_quantized_base_takes_little() {
        Layer model = Sequential.of(
                embedding(12, 64),
                positionalEmbedding(6),
                Layers.decoderBlock(2, 128, 0),
                Layers.layerNorm(),
                Layers.flatten(),
                dense(12));
        Dataset texts = texts();
        trainer(model, "base").epochs(1).build().fit(texts);
        Checkpoint run = trainer(model, "run")
                .initFrom(runs.resolve("base"))
                .adapter(lora(Storage.INT4, false))
                .build()
                .fit(texts);
        assertThat(run.weightsFile().names())
                .containsOnly(
                        "layers.2.self_attn.in_proj.lora_A.weight",
                        "layers.2.self_attn.in_proj.lora_B.weight",
                        "layers.2.self_attn.out_proj.lora_A.weight",
                        "layers.2.self_attn.out_proj.lora_B.weight",
                        "layers.2.linear1.lora_A.weight",
                        "layers.2.linear1.lora_B.weight",
                        "layers.2.linear2.lora_A.weight",
                        "layers.2.linear2.lora_B.weight");
        Checkpoint merged = AdapterRuns.merge(run, runs.resolve("merged"));
        try (Scope scope = Scope.open();
                Model a = run.load();
                Model b = merged.load()) {
            Tensor ids = Tensor.of(new long[] {1, 2, 3, 4, 5, 6}, Shape.of(1, 6));
            float[] unmerged = a.forward(ids, Pass.inference()).toFloats();
            float[] joined = b.forward(ids, Pass.inference()).toFloats();
            for (int i = 0; i < unmerged.length; i++) {
                assertThat(joined[i]).isCloseTo(unmerged[i], within(1e-5f));
            }
        }
    }

    @Test
    void an_int4_base_in_groups_of_64_takes_under_six_tenths_of_a_byte_a_weight() {
        Layer model = Sequential.of(
                embedding(100, 128), Layers.decoderBlock(2, 512, 0), Layers.layerNorm(), Layers.flatten(), dense(10));
        Lora lora = new Lora(
                2,
                4,
                0,
                List.of("all-linear"),
                List.of(),
                false,
                false,
                Lora.Bias.NONE,
                List.of(),
                Map.of(),
                Map.of(),
                Storage.INT4,
                64);
        Specs in = Specs.of(Spec.of(Shape.of(8), DType.INT64));
        FlatOrder order = FlatOrder.of(lora.in(model, in), in, new ParameterGroups(lora.groups()));
        double bytes = order.frozen().stream().mapToDouble(FlatOrder::bytes).sum();
        assertThat(bytes / FlatOrder.count(order.frozen())).isBetween(0.5625, 0.6);
    }

    @Test
    void a_plan_counts_what_an_adapter_trains() {
        Layer model = Sequential.of(dense(64, Activation.RELU), dense(64, Activation.RELU), dense(2));
        TrainConfig config = Trainer.of(model).adapter(Lora.of(2, 4)).config();
        Workload work = new Workload(model, moons.inputs(), moons.targets(), 200, 0, config, Workload.Data.NONE);
        FlatOrder order = FlatOrder.of(work.model(), work.specs(), config.groups());
        // Two matrices, 64 by 2 and 64 by 64, of rank 2.
        assertThat(FlatOrder.count(order.trainable())).isEqualTo(2 * (64 + 2) + 2 * (64 + 64));
        assertThat(work.with(config).model()).isEqualTo(work.model());
    }

    private static Dataset texts() {
        SplittableRandom random = RandomState.of(4).generator();
        long[] ids = new long[80 * 6];
        long[] next = new long[80];
        for (int i = 0; i < 80; i++) {
            int step = 1 + random.nextInt(2);
            int at = random.nextInt(12);
            for (int t = 0; t < 6; t++) {
                ids[6 * i + t] = at;
                at = (at + step) % 12;
            }
            next[i] = at;
        }
        Field target = Field.classId("next", List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"));
        return ArrayDataset.of(
                List.of(ArrayDataset.column(Field.ids("text", Shape.of(6)), ids)),
                List.of(ArrayDataset.column(target, next)));
    }
}
