package dev.jumbo.models.language;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.config.YamlFile;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.adapt.BaseNetwork;
import dev.jumbo.nn.weights.PublicDirectory;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.nn.weights.WeightFiles;
import dev.jumbo.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Directories as {@code save_pretrained} writes them and {@code from_pretrained} reads them. */
public final class HuggingFace {
    static final String CONFIG = "config.json";
    private static final String GENERATION = "generation_config.json";
    static final String WEIGHTS = "model.safetensors";
    static final String INDEX = WEIGHTS + ".index.json";

    /** Files that go with the weights, byte for byte. */
    private static final List<String> KEPT = List.of(
            CONFIG,
            GENERATION,
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "merges.txt",
            "vocab.txt",
            "tokenizer.model",
            "spiece.model",
            "sentencepiece.bpe.model",
            "chat_template.jinja",
            "chat_template.json");

    /** Ten times what the deepest published model has. */
    private static final int MOST_LAYERS = 10_000;

    private static final List<String> COUNTS_OF_LAYERS =
            List.of("num_hidden_layers", "n_layer", "num_layers", "num_decoder_layers");

    private HuggingFace() {}

    /** Whether a directory has a {@code config.json} with a {@code model_type}. */
    public static boolean isOne(Path directory) {
        return Files.isRegularFile(directory.resolve(CONFIG));
    }

    /**
     * Reads what a directory has, and holds every tensor against what {@code config.json} asks for. Values are read when they are asked
     * for. Where {@code modules.json} of sentence-transformers says that the mean of the tokens' vectors is taken, it is.
     *
     * @throws InputException if a file is missing or not sound, the architecture or a key of {@code config.json} is not known here, modules are
     *     others, or tensors are missing, left over or of other shapes: all of them are listed
     */
    public static HuggingFaceModel read(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new InputException(
                    "expected a directory with " + CONFIG + " and " + WEIGHTS + ", found none at " + directory);
        }
        ConfigJson config = config(directory);
        Family family = Families.of(config);
        TensorSource stored = weights(directory);
        requireTensors(config, stored);
        LanguageModel model =
                SentenceModules.used(family.read(config, stored.tensors().keySet()), directory);
        TensorSource own = family.toOwn(model).applyWhereFits(stored);
        HuggingFaceModel read = new HuggingFaceModel(model, own.finite(), kept(directory));
        read.check();
        return read;
    }

    /** Before a block is described for each layer that there may not be. */
    private static void requireTensors(ConfigJson config, TensorSource stored) {
        int tensors = stored.tensors().size();
        requireLayers(config, tensors, "at most as many layers as there are tensors, " + tensors);
    }

    private static void requireLayers(ConfigJson config, int most, String expected) {
        for (String key : COUNTS_OF_LAYERS) {
            if (config.integer(key, 0) > most) {
                throw new InputException(config.name() + ": expected " + expected + ", received "
                        + config.integer(key, 0) + " as \"" + key + "\"");
            }
        }
    }

    /** The model alone, of {@code config.json}, and of the names of tensors where they are there. @throws InputException as {@link #read} */
    public static LanguageModel model(Path directory) {
        ConfigJson config = config(directory);
        Family family = Families.of(config);
        if (!hasWeights(directory)) {
            requireLayers(config, MOST_LAYERS, "at most " + MOST_LAYERS + " layers");
            return family.read(config);
        }
        TensorSource stored = weights(directory);
        requireTensors(config, stored);
        return family.read(config, stored.tensors().keySet());
    }

    private static boolean hasWeights(Path directory) {
        return Stream.of(WEIGHTS, INDEX).anyMatch(name -> Files.isRegularFile(directory.resolve(name)));
    }

    private static ConfigJson config(Path directory) {
        Path file = directory.resolve(CONFIG);
        if (!Files.isRegularFile(file)) {
            throw new InputException(
                    "expected " + CONFIG + ", which says what the weights are of, found none in " + directory);
        }
        return ConfigJson.read(file);
    }

    /**
     * Weights under the names of the model here, and what goes with them; empty of a directory of no known architecture.
     *
     * @param wanted names of the model's parameters. Those of a head of which the directory has nothing are drawn; a head that the model does not
     *     have is passed over
     */
    static Optional<PublicDirectory.Opened> open(Path directory, Set<String> wanted) {
        return family(directory).map(family -> begin(family, directory, wanted));
    }

    /** The network of the directory; empty of one of no known architecture. */
    static Optional<BaseNetwork> describe(Path directory) {
        return family(directory)
                .map(family -> SentenceModules.used(model(directory), directory))
                .map(model -> new BaseNetwork(model.layer(), model.input()));
    }

    /** What a directory says that its model is; empty of one of no known architecture. */
    static Optional<Family> family(Path directory) {
        if (!isOne(directory)) {
            return Optional.empty();
        }
        JsonNode type = YamlFile.read(directory.resolve(CONFIG)).tree().path("model_type");
        return Families.named(type.asText());
    }

    private static PublicDirectory.Opened begin(Family family, Path directory, Set<String> wanted) {
        TensorSource own = family.toOwn(wanted).applyWhereFits(weights(directory));
        Set<String> there = own.tensors().keySet();
        Set<String> heads =
                there.stream().flatMap(name -> family.head(name).stream()).collect(Collectors.toSet());
        List<String> fresh = wanted.stream()
                .filter(name ->
                        family.head(name).filter(head -> !heads.contains(head)).isPresent())
                .toList();
        Set<String> used =
                wanted.stream().flatMap(name -> family.head(name).stream()).collect(Collectors.toSet());
        List<String> passedOver = there.stream()
                .filter(name ->
                        family.head(name).filter(head -> !used.contains(head)).isPresent())
                .toList();
        return new PublicDirectory.Opened(
                own.only(name -> !passedOver.contains(name)), kept(directory), fresh, passedOver);
    }

    /** Names of classes by {@code id2label} of a {@code config.json}, in the order of their ids; empty where it says none. */
    public static List<String> labels(Path config) {
        JsonNode names = ConfigJson.read(config).get("id2label");
        List<String> labels = new ArrayList<>();
        for (int id = 0; id < names.size(); id++) {
            JsonNode name = names.path(Integer.toString(id));
            if (!name.isTextual()) {
                throw new InputException(config + ": expected names of the classes 0 to " + (names.size() - 1)
                        + " in id2label, found none of " + id);
            }
            labels.add(name.textValue());
        }
        return labels;
    }

    /**
     * Writes a directory, complete or not at all: {@code config.json}, the weights, {@code generation_config.json} and the files that go
     * with the model.
     *
     * @param directory that is not there yet, or empty
     * @param layer a description that a family can say
     * @param inputs of the network, which say how long a sequence may be
     * @param targets of the network, which have the names of classes
     * @param weights under the description's names
     * @param files by their names, such as those of {@link HuggingFaceModel#files}; a {@code config.json} among them keeps what the
     *     model does not say
     * @param type of the weights; as they are stored if null
     * @param maxShardBytes of one file; more are written as shards with an index
     * @throws InputException if the description is of no public architecture, or there are files
     * @throws dev.jumbo.error.FailureException if it cannot be written; nothing is left then
     */
    public static void write(
            Path directory,
            Layer layer,
            List<Field> inputs,
            List<Field> targets,
            TensorSource weights,
            Map<String, Path> files,
            @Nullable DType type,
            long maxShardBytes) {
        HuggingFaceWriter.write(directory, layer, inputs, targets, weights, files, type, maxShardBytes);
    }

    /** Of both, the single file counts, as it does for the library that writes them. */
    private static TensorSource weights(Path directory) {
        for (String name : List.of(WEIGHTS, INDEX)) {
            if (Files.isRegularFile(directory.resolve(name))) {
                return WeightFiles.open(directory.resolve(name));
            }
        }
        String others = others(directory);
        throw new InputException("expected " + WEIGHTS + ", or shards with " + INDEX + ", found neither in " + directory
                + (others.isEmpty()
                        ? ""
                        : "; " + others + " is not read, as it may run code: save the model with"
                                + " save_pretrained(dir, safe_serialization=True)"));
    }

    private static String others(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("(pytorch_model.*\\.bin|.*\\.pt|.*\\.pth)"))
                    .sorted()
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            throw new InputException("the directory " + directory + " cannot be read: " + IoProblem.of(e), e);
        }
    }

    /** Files that go with the model, by their names. */
    static Map<String, Path> kept(Path directory) {
        Map<String, Path> kept = new LinkedHashMap<>();
        for (String name : KEPT) {
            Path file = directory.resolve(name);
            if (Files.isRegularFile(file)) {
                if (name.equals(GENERATION)) {
                    ConfigJson.read(file);
                }
                kept.put(name, file);
            }
        }
        return kept;
    }
}
