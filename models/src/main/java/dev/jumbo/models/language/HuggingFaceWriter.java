package dev.jumbo.models.language;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.YamlText;
import dev.jumbo.data.Field;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Durable;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes a model as a directory that {@code from_pretrained} reads. */
final class HuggingFaceWriter {
    private static final String GENERATION = "generation_config.json";
    private static final List<String> TOKENS = List.of("bos_token_id", "eos_token_id", "pad_token_id");

    private HuggingFaceWriter() {}

    /** See {@link HuggingFace#write}. */
    static void write(
            Path directory,
            Layer layer,
            List<Field> inputs,
            List<Field> targets,
            TensorSource weights,
            Map<String, Path> files,
            @Nullable DType type,
            long maxShardBytes) {
        requireFree(directory);
        ConfigJson before =
                files.containsKey(HuggingFace.CONFIG) ? ConfigJson.read(files.get(HuggingFace.CONFIG)) : null;
        Families.Recognised recognised = recognised(layer, inputs, before);
        TensorSource named = recognised.family().toPublic().applyWhereFits(weights);
        ObjectNode config = config(recognised, targets, before, type != null ? type : typeOf(named));
        Path draft = Durable.temporary(directory.toAbsolutePath());
        try {
            Files.createDirectories(draft);
            for (Map.Entry<String, Path> file : files.entrySet()) {
                Files.copy(file.getValue(), draft.resolve(file.getKey()));
            }
            Files.writeString(
                    Files.exists(draft.resolve(HuggingFace.CONFIG))
                            ? emptied(draft)
                            : draft.resolve(HuggingFace.CONFIG),
                    YamlText.json(config));
            if (!files.containsKey(GENERATION)) {
                Files.writeString(draft.resolve(GENERATION), YamlText.json(generation(config)));
            }
            Shards.write(draft, named, type, maxShardBytes);
            requireSame(recognised, layer, draft);
            if (Files.isDirectory(directory)) {
                Files.delete(directory);
            }
            Durable.publish(draft, directory.toAbsolutePath());
        } catch (IOException e) {
            discard(draft, e);
            throw new FailureException("cannot write " + directory + ": " + e, e);
        } catch (RuntimeException e) {
            discard(draft, e);
            throw e;
        }
    }

    private static Path emptied(Path draft) throws IOException {
        Files.delete(draft.resolve(HuggingFace.CONFIG));
        return draft.resolve(HuggingFace.CONFIG);
    }

    private static void requireFree(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> inside = Files.list(directory)) {
            if (Files.isDirectory(directory) && inside.findAny().isEmpty()) {
                return;
            }
        } catch (IOException e) {
            throw new FailureException("cannot read " + directory + ": " + e, e);
        }
        throw new InputException(
                "expected a new directory to export to, found files in " + directory + "; choose another one");
    }

    /** The family that the model had where it was read from, if it still is one of it; otherwise the first that can say it. */
    private static Families.Recognised recognised(Layer layer, List<Field> inputs, @Nullable ConfigJson before) {
        if (before != null) {
            Family family = Families.of(before);
            Optional<LanguageModel> same = family.recognise(layer, inputs);
            if (same.isPresent()) {
                return new Families.Recognised(family, same.get());
            }
        }
        return Families.recognise(layer, inputs)
                .orElseThrow(
                        () -> new InputException(
                                "expected a model of a public architecture ("
                                        + String.join(
                                                ", ",
                                                Families.all().stream()
                                                        .map(Family::modelType)
                                                        .toList())
                                        + "), received another one, or one whose layers were changed, as by adapters: merge them first"));
    }

    /** What the file had where the model was read from stays, where this model does not say otherwise. */
    private static ObjectNode config(
            Families.Recognised of, List<Field> targets, @Nullable ConfigJson before, DType type) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        boolean same = before != null && before.modelType().equals(of.family().modelType());
        config.putArray("architectures").add(of.family().architecture(of.model()));
        config.put("model_type", of.family().modelType());
        if (before != null) {
            if (same) {
                before.copyInto(config);
            } else {
                TOKENS.forEach(key -> config.set(key, before.get(key)));
            }
        }
        TOKENS.forEach(key -> config.putIfAbsent(key, JsonNodeFactory.instance.nullNode()));
        if (!of.family().fits(config.path("architectures").path(0).asText(), of.model())) {
            config.putArray("architectures").add(of.family().architecture(of.model()));
        }
        config.setAll(of.family().write(of.model()));
        name(config, targets);
        config.remove(List.of("rope_parameters", "dtype"));
        config.put("torch_dtype", type.name().toLowerCase(Locale.ROOT));
        config.putIfAbsent("use_cache", JsonNodeFactory.instance.booleanNode(true));
        return config;
    }

    /** Classes by the names that the targets have. */
    private static void name(ObjectNode config, List<Field> targets) {
        List<String> classes = targets.size() == 1 ? targets.get(0).classes() : List.of();
        if (config.path("id2label").size() != classes.size() || classes.isEmpty()) {
            return;
        }
        ObjectNode names = config.putObject("id2label");
        ObjectNode ids = config.putObject("label2id");
        for (int i = 0; i < classes.size(); i++) {
            names.put(Integer.toString(i), classes.get(i));
            ids.put(classes.get(i), i);
        }
    }

    private static ObjectNode generation(ObjectNode config) {
        ObjectNode generation = JsonNodeFactory.instance.objectNode();
        generation.put("_from_model_config", true);
        for (String key : TOKENS) {
            JsonNode id = config.path(key);
            if (!id.isMissingNode() && !id.isNull()) {
                generation.set(key, id);
            }
        }
        return generation;
    }

    /** The type that all have, or the widest. */
    private static DType typeOf(TensorSource weights) {
        Map<DType, Integer> types = new LinkedHashMap<>();
        weights.tensors().values().forEach(stored -> types.merge(stored.dtype(), 1, Integer::sum));
        return types.size() == 1 ? types.keySet().iterator().next() : DType.FLOAT32;
    }

    /** What was written is read again before it appears. */
    private static void requireSame(Families.Recognised of, Layer layer, Path draft) {
        HuggingFaceModel written = HuggingFace.read(draft);
        boolean same = SameComputation.of(
                Decoder.of(written.model().layer())
                        .map(Decoder::layer)
                        .orElse(written.model().layer()),
                Decoder.of(layer).map(Decoder::layer).orElse(layer));
        // Names of inputs are not written.
        if (!same
                && !of.family()
                        .write(of.model())
                        .equals(Families.of(ConfigJson.read(draft.resolve(HuggingFace.CONFIG)))
                                .write(written.model()))) {
            throw new FailureException("what was written would be read as another model; nothing was written");
        }
    }

    private static void discard(Path draft, Exception cause) {
        try {
            Durable.deleteDirectory(draft);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }
}
