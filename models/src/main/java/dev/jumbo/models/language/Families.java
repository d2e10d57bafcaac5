package dev.jumbo.models.language;

import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.error.Shown;
import dev.jumbo.nn.Layer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The architectures that are known. */
public final class Families {
    /** Of those that can say one description, the first is written. */
    private static final List<Family> ALL = List.of(
            new Gpt2Family(),
            Llama.FAMILY,
            Mistral.FAMILY,
            Qwen2.FAMILY,
            Qwen3.FAMILY,
            SmolLm3.FAMILY,
            Bert.FAMILY,
            Roberta.FAMILY,
            new T5Family());

    private Families() {}

    public static List<Family> all() {
        return ALL;
    }

    /** The family of a {@code config.json}. @throws InputException naming those that are known */
    public static Family of(ConfigJson config) {
        String type = config.modelType();
        Family family = ALL.stream()
                .filter(each -> each.modelType().equals(type))
                .findFirst()
                .orElseThrow(() -> new InputException(config.name() + ": expected a model_type of " + types()
                        + ", received \"" + Shown.begin(type) + "\"" + Nearest.hint(type, types())));
        List<String> received = config.architectures();
        if (!received.isEmpty() && received.stream().noneMatch(family.architectures()::contains)) {
            throw new InputException(config.name() + ": expected architectures of " + family.architectures()
                    + " for model_type \"" + Shown.begin(type) + "\", received " + Shown.begin(received));
        }
        return family;
    }

    /** The family of a {@code model_type}; empty where it is not known. */
    static Optional<Family> named(String modelType) {
        return ALL.stream().filter(each -> each.modelType().equals(modelType)).findFirst();
    }

    /** The model that a description is, by the first family that can say it; empty where none can. */
    public static Optional<Recognised> recognise(Layer layer, List<Field> inputs) {
        for (Family family : ALL) {
            Optional<LanguageModel> model = family.recognise(layer, inputs);
            if (model.isPresent()) {
                return Optional.of(new Recognised(family, model.get()));
            }
        }
        return Optional.empty();
    }

    /** What PEFT calls the task of a model ({@code task_type}); empty where it has no name for it, as for masked tokens. */
    public static Optional<String> peftTask(Layer layer, List<Field> inputs) {
        return recognise(layer, inputs).flatMap(known -> Optional.ofNullable(peftTask(known.model())));
    }

    private static @Nullable String peftTask(LanguageModel model) {
        if (model instanceof EncoderDecoderModel) {
            return "SEQ_2_SEQ_LM";
        }
        if (!(model instanceof EncoderModel encoder)) {
            return "CAUSAL_LM";
        }
        return switch (encoder.task()) {
            case MASKED_LM -> null;
            case SEQUENCE_CLASSIFICATION -> "SEQ_CLS";
            case TOKEN_CLASSIFICATION -> "TOKEN_CLS";
            case TOKEN_EMBEDDINGS, SENTENCE_EMBEDDINGS -> "FEATURE_EXTRACTION";
        };
    }

    /** A model of a family. */
    public record Recognised(Family family, LanguageModel model) {}

    private static Set<String> types() {
        TreeSet<String> types = new TreeSet<>();
        ALL.forEach(family -> types.add(family.modelType()));
        return types;
    }
}
