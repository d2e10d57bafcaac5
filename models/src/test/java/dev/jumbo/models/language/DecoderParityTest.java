package dev.jumbo.models.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.data.Field;
import dev.jumbo.nn.Cache;
import dev.jumbo.nn.FirstValues;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.nn.weights.Weights;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.SafetensorsFile;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Decoders that transformers wrote, against what it computes with them. */
class DecoderParityTest {
    @TempDir
    Path dir;

    @ParameterizedTest
    @MethodSource("dev.jumbo.models.language.Fixtures#decoders")
    void it_gives_the_logits_and_gradients_of_the_library_that_wrote_it(String name) {
        Path directory = Fixtures.copy(name, dir);
        HuggingFaceModel read = HuggingFace.read(directory);
        SafetensorsFile expected = Safetensors.open(directory.resolve("expected.safetensors"));
        try (Model model = build(read)) {
            model.store().prepareTraining(false);
            for (int steps : new int[] {12, 24}) {
                if (expected.names().contains(steps + ".ids")) {
                    requireSame(name, model, expected, steps);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama_tied", "llama_yarn", "mistral", "qwen2", "qwen3", "smollm3"})
    void token_by_token_over_a_cache_it_gives_the_logits_of_the_whole_sequence(String name) {
        Path directory = Fixtures.copy(name, dir);
        SafetensorsFile expected = Safetensors.open(directory.resolve("expected.safetensors"));
        try (Model model = build(HuggingFace.read(directory));
                Cache cache = new Cache();
                Scope scope = Scope.open()) {
            Tensor ids = expected.read("12.ids");
            Tensor whole = expected.read("12.logits");
            for (int i = 0; i < ids.size(1); i++) {
                Tensor one = model.forward(ids.narrow(1, i, 1), Pass.inference().with(cache));
                assertClose(name + " logits of step " + i, whole.narrow(1, i, 1).contiguous(), one, 2e-5);
            }
        }
    }

    static Model build(HuggingFaceModel read) {
        return Model.build(
                read.model().layer(),
                Field.specs(read.model().inputs()).mainAlone(),
                FirstValues.loaded(Weights.of(read.weights())),
                ParameterGroups.none(),
                Device.CPU);
    }

    private static void requireSame(String name, Model model, SafetensorsFile expected, int steps) {
        try (Scope scope = Scope.open()) {
            Tensor y = model.forward(expected.read(steps + ".ids"), Pass.inference());
            assertClose(name + " logits of " + steps, expected.read(steps + ".logits"), y, 1e-5);
            y.mul(wave(y)).sum().backward();
            Map<String, Tensor> theirs = new LinkedHashMap<>();
            String prefix = steps + ".gradient.";
            expected.names().stream()
                    .filter(each -> each.startsWith(prefix))
                    .forEach(each -> theirs.put(each.substring(prefix.length()), expected.read(each)));
            if (theirs.isEmpty()) {
                return;
            }
            Map<String, Tensor> own = new LinkedHashMap<>();
            TensorSource mapped = name.startsWith("gpt2")
                    ? new Gpt2Family().toOwn().applyWhereFits(TensorSource.of(theirs))
                    : TensorSource.of(theirs);
            mapped.tensors()
                    .forEach((each, stored) -> own.put(each, stored.read().get().contiguous()));
            Map<String, Tensor> gradients = model.store().gradientsByName();
            assertThat(gradients.keySet()).isEqualTo(own.keySet());
            own.forEach((each, gradient) -> {
                double size = gradient.mul(gradient).mean().sqrt().item();
                assertClose(
                        name + " gradient of " + each,
                        gradient,
                        Objects.requireNonNull(gradients.get(each)),
                        1e-4 * size + 1e-6);
            });
        }
    }

    private static Tensor wave(Tensor like) {
        float[] values = new float[(int) like.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(1 + 0.37 * i);
        }
        return Tensor.of(values, like.shape());
    }

    private static void assertClose(String what, Tensor expected, Tensor actual, double tolerance) {
        assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
        float[] wanted = expected.toFloats();
        float[] values = actual.toFloats();
        for (int i = 0; i < values.length; i++) {
            assertThat((double) values[i])
                    .as("%s, value %d", what, i)
                    .isCloseTo(wanted[i], within(tolerance * (1 + Math.abs(wanted[i]))));
        }
    }
}
