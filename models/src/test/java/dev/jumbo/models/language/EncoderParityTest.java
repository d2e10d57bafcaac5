package dev.jumbo.models.language;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.data.Field;
import dev.jumbo.nn.Cache;
import dev.jumbo.nn.FirstValues;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.encoder.TokenEmbeddings;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.nn.weights.Weights;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Encoders, and decoders behind them, against transformers: see make_encoder_fixtures.py. */
class EncoderParityTest {
    @ParameterizedTest
    @MethodSource("dev.jumbo.models.language.EncoderFilesTest#names")
    void it_computes_what_transformers_computes_with_and_without_padding(String name) {
        HuggingFaceModel read = HuggingFace.read(Fixtures.of(name));
        LanguageModel described = name.equals("bert_sentences") ? sentences(read.model()) : read.model();
        for (boolean masked : new boolean[] {false, true}) {
            compare(name, described, read.weights(), masked);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.jumbo.models.language.EncoderFilesTest#names")
    void a_description_becomes_the_public_configuration_and_names_again(String name) {
        HuggingFaceModel read = HuggingFace.read(Fixtures.of(name));
        Families.Recognised found =
                Families.recognise(read.model().layer(), read.model().inputs()).orElseThrow();
        ObjectNode keys = found.family().write(found.model());
        keys.put("model_type", found.family().modelType());
        keys.putArray("architectures").add(found.family().architecture(found.model()));
        LanguageModel again = found.family().read(ConfigJson.of("config.json", keys));
        assertThat(again.layer()).isEqualTo(found.model().layer());
        Set<String> names = new TreeSet<>(found.family()
                .toPublic()
                .applyWhereFits(read.weights())
                .tensors()
                .keySet());
        Set<String> theirs = new TreeSet<>(TensorSource.open(Fixtures.of(name).resolve("model.safetensors"))
                .tensors()
                .keySet());
        // Pooling belongs to a task that this one is not.
        theirs.removeIf(n -> name.equals("bert_sentences") && n.startsWith("pooler."));
        assertThat(names).isEqualTo(theirs);
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5", "t5_gated"})
    void a_decoder_that_goes_on_from_a_cache_gives_what_the_whole_pass_gives(String name) {
        HuggingFaceModel read = HuggingFace.read(Fixtures.of(name));
        TensorSource expected = TensorSource.open(Fixtures.of(name).resolve("expected.safetensors"));
        Specs in = inputs(read.model(), expected, false);
        try (Scope scope = Scope.open();
                Model model = Model.build(
                        read.model().layer(),
                        in,
                        FirstValues.loaded(Weights.of(read.weights())),
                        ParameterGroups.none(),
                        Device.CPU);
                Cache cache = new Cache();
                Autograd off = Autograd.noGrad()) {
            Tensor target = read(expected, "decoder_input_ids");
            Tensor whole = read(expected, "plain.logits");
            Tensors given = given(read.model(), expected, false);
            for (int from : new int[] {0, 3, 4, 5, 6}) {
                int steps = from == 0 ? 3 : 1;
                Tensors next = given.with("decoder_tokens", target.narrow(1, from, steps));
                Tensor y = model.forward(next, Pass.inference().with(cache)).main();
                assertClose("step " + from, y, whole.narrow(1, from, steps), 1e-4);
            }
            assertThat(cache.length()).isEqualTo(7);
        }
    }

    /** The same body, of which the mean is taken. */
    private static LanguageModel sentences(LanguageModel body) {
        return EncoderFamily.forTask(body, EncoderTask.SENTENCE_EMBEDDINGS, null)
                .orElseThrow();
    }

    static void compare(String name, LanguageModel described, TensorSource weights, boolean masked) {
        TensorSource expected = TensorSource.open(Fixtures.of(name).resolve("expected.safetensors"));
        String kind = masked ? "masked" : "plain";
        Specs in = inputs(described, expected, masked);
        try (Scope scope = Scope.open();
                Model model = Model.build(
                        described.layer(),
                        in,
                        FirstValues.loaded(Weights.of(weights)),
                        ParameterGroups.none(),
                        Device.CPU)) {
            model.store().prepareTraining(false);
            Tensor y = model.forward(given(described, expected, masked), Pass.inference())
                    .main();
            Tensor wanted = read(expected, kind + ".logits");
            assertClose(kind + " logits", y, wanted, 1e-4);
            Map<String, Tensor> gradients = gradients(described, expected, kind);
            if (gradients.isEmpty()) {
                return;
            }
            Tensor loss = y.mul(wave(y.shape(), 7));
            @Nullable Tensor real = masked ? real(described, expected) : null;
            if (real != null && y.rank() == 3) {
                loss = loss.mul(real.to(DType.FLOAT32).unsqueeze(2));
            }
            loss.sum().backward();
            Map<String, Tensor> own = model.store().gradientsByName();
            own.forEach((parameter, gradient) -> {
                Tensor theirs = Objects.requireNonNull(gradients.get(parameter), parameter);
                double scale = theirs.norm().item();
                double off = gradient.reshape(theirs.shape().toArray())
                        .sub(theirs)
                        .norm()
                        .item();
                assertThat(off)
                        .as("%s gradient of %s, of the norm %s", kind, parameter, scale)
                        .isLessThanOrEqualTo(1e-3 * scale + 1e-5);
            });
        }
    }

    private static Specs inputs(LanguageModel described, TensorSource expected, boolean masked) {
        Map<String, Spec> fields =
                new LinkedHashMap<>(Field.specs(described.inputs()).byName());
        fields.keySet().removeIf(field -> field.endsWith("mask"));
        Specs in = Specs.of(fields);
        Spec steps = in.main();
        if (expected.tensors().containsKey(TokenEmbeddings.TYPES)) {
            in = in.with(TokenEmbeddings.TYPES, new Spec(steps.shape(), DType.INT64, List.of(0)));
        }
        if (masked) {
            in = in.with("mask", new Spec(steps.shape(), DType.BOOL, List.of(0)));
            if (in.has("decoder_tokens")) {
                Spec target = in.require("decoder_tokens");
                in = in.with("decoder_tokens_mask", new Spec(target.shape(), DType.BOOL, List.of(0)));
            }
        }
        return in;
    }

    private static Tensors given(LanguageModel described, TensorSource expected, boolean masked) {
        Map<String, Tensor> given = new LinkedHashMap<>();
        for (String name : inputs(described, expected, masked).names()) {
            String theirs = switch (name) {
                case "tokens", "source" -> "input_ids";
                case "decoder_tokens" -> "decoder_input_ids";
                case "mask" -> "attention_mask";
                case "decoder_tokens_mask" -> "decoder_attention_mask";
                default -> name;
            };
            Tensor value = read(expected, theirs);
            given.put(name, name.endsWith("mask") ? value.to(DType.BOOL) : value);
        }
        return Tensors.of(given);
    }

    private static Tensor real(LanguageModel described, TensorSource expected) {
        return read(expected, described instanceof EncoderDecoderModel ? "decoder_attention_mask" : "attention_mask");
    }

    private static Map<String, Tensor> gradients(LanguageModel described, TensorSource expected, String kind) {
        String prefix = kind + ".grad.";
        Map<String, Tensor> theirs = new LinkedHashMap<>();
        expected.tensors().keySet().stream()
                .filter(n -> n.startsWith(prefix))
                .forEach(n -> theirs.put(n.substring(prefix.length()), read(expected, n)));
        if (theirs.isEmpty()) {
            return theirs;
        }
        Map<String, Tensor> named = new LinkedHashMap<>();
        Family family = Families.all().stream()
                .filter(f -> f.recognise(described.layer(), described.inputs()).isPresent())
                .findFirst()
                .orElseThrow();
        family.toOwn(described)
                .applyWhereFits(TensorSource.of(theirs))
                .tensors()
                .forEach((n, stored) -> named.put(n, stored.read().get()));
        return named;
    }

    private static Tensor read(TensorSource from, String name) {
        return from.tensor(name).read().get();
    }

    private static void assertClose(String what, Tensor own, Tensor theirs, double tolerance) {
        assertThat(own.shape()).as(what).isEqualTo(theirs.shape());
        assertThat(own.sub(theirs).abs().max().item()).as(what).isLessThan(tolerance);
    }

    private static Tensor wave(Shape shape, int phase) {
        float[] values = new float[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(1 + 0.37 * i + phase);
        }
        return Tensor.of(values, shape);
    }
}
