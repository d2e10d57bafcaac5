package dev.jumbo.nn.adapt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.YamlFile;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Shown;
import dev.jumbo.nn.layers.basic.LowRank;
import dev.jumbo.nn.weights.Storage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What {@code adapter_config.json} of PEFT says, as far as it is a {@code LoraConfig}. */
final class PeftConfig {
    static final String FILE = "adapter_config.json";

    /** Options that change what is computed, and are not computed here. */
    private static final List<String> UNKNOWN = List.of(
            "lora_bias",
            "use_qalora",
            "use_bdlora",
            "target_parameters",
            "trainable_token_indices",
            "layer_replication",
            "alora_invocation_tokens",
            "arrow_config",
            "kasa_config",
            "velora_config",
            "monteclora_config",
            "megatron_config");

    /** First values that are taken off the base's weights: an adapter with them belongs to a base that is not the public one. */
    private static final List<String> CHANGE_BASE = List.of("pissa", "olora", "corda", "loftq", "lora_ga");

    private PeftConfig() {}

    /** @throws InputException if it is not there, or asks for what is not computed here, all of it */
    static Lora read(Path directory) {
        Path file = directory.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new InputException("expected an adapter as PEFT saves it, found no " + FILE + " in " + directory);
        }
        JsonNode tree = tree(file);
        if (!tree.path("peft_type").asText("").equals("LORA")) {
            throw new InputException(
                    file + ": expected \"peft_type\": \"LORA\", received " + Shown.begin(tree.path("peft_type")));
        }
        List<String> wrong =
                UNKNOWN.stream().filter(key -> isSet(tree.path(key))).toList();
        if (!wrong.isEmpty()) {
            throw new InputException(
                    file + ": expected an adapter of the kinds LoRA, rsLoRA and DoRA, received one with "
                            + String.join(", ", wrong));
        }
        String first = tree.path("init_lora_weights").asText("").toLowerCase(Locale.ROOT);
        if (CHANGE_BASE.stream().anyMatch(first::startsWith)) {
            throw new InputException(file + ": expected an adapter of the base as it is, received one with"
                    + " \"init_lora_weights\": \"" + Shown.begin(first)
                    + "\", which has changed the base's weights; save it in PEFT with"
                    + " path_initial_model_for_weight_conversion");
        }
        try {
            return new Lora(
                    whole(tree.path("r"), "r", 8),
                    number(tree.path("lora_alpha"), "lora_alpha", 8),
                    number(tree.path("lora_dropout"), "lora_dropout", 0),
                    targets(tree),
                    List.of(),
                    flag(tree, "use_rslora"),
                    flag(tree, "use_dora"),
                    bias(tree.path("bias")),
                    texts(tree, "modules_to_save"),
                    ranks(patterns(tree, "rank_pattern")),
                    alphas(patterns(tree, "alpha_pattern")),
                    Storage.FP32,
                    null);
        } catch (InputException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        }
    }

    private static JsonNode tree(Path file) {
        JsonNode tree = YamlFile.read(file).tree();
        if (!tree.isObject()) {
            throw new InputException(file + ": expected a JSON object, received " + Shown.begin(tree));
        }
        return tree;
    }

    private static int whole(JsonNode value, String key, int otherwise) {
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrong("a whole number", key, value);
        }
        return value.intValue();
    }

    private static double number(JsonNode value, String key, double otherwise) {
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isNumber()) {
            throw wrong("a number", key, value);
        }
        return value.doubleValue();
    }

    private static boolean flag(JsonNode tree, String key) {
        JsonNode value = tree.path(key);
        if (!value.isBoolean() && !value.isMissingNode() && !value.isNull()) {
            throw wrong("true or false", key, value);
        }
        return value.asBoolean();
    }

    private static Lora.Bias bias(JsonNode value) {
        for (Lora.Bias bias : Lora.Bias.values()) {
            if (bias.name().equalsIgnoreCase(value.asText("none"))) {
                return bias;
            }
        }
        throw wrong("none, all or lora_only", "bias", value);
    }

    private static InputException wrong(String expected, String key, JsonNode value) {
        return new InputException(
                "expected " + expected + " as \"" + Shown.begin(key) + "\", received " + Shown.begin(value));
    }

    private static boolean isSet(JsonNode value) {
        return value.isContainerNode()
                ? !value.isEmpty()
                : value.isTextual() || value.isNumber() || value.asBoolean(false);
    }

    /** A text is a regular expression for a whole path. */
    private static List<String> targets(JsonNode tree) {
        JsonNode targets = tree.path("target_modules");
        if (targets.isTextual()) {
            return List.of(targets.asText().equals(Lora.ALL_LINEAR) ? Lora.ALL_LINEAR : "regex:" + targets.asText());
        }
        return texts(tree, "target_modules");
    }

    /** Whether every layer that target_modules means has a change. */
    static boolean namesAll(Path directory) {
        JsonNode tree = tree(directory.resolve(FILE));
        return !tree.path("target_modules").asText("").equals(Lora.ALL_LINEAR)
                && !isSet(tree.path("exclude_modules"))
                && !isSet(tree.path("layers_to_transform"));
    }

    private static List<String> texts(JsonNode tree, String key) {
        JsonNode array = tree.path(key);
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asText()));
        boolean sound = array.isArray() || array.isNull() || array.isMissingNode();
        for (JsonNode each : array) {
            sound &= each.isTextual();
        }
        if (!sound) {
            throw wrong("a list of names", key, array);
        }
        return texts;
    }

    private static JsonNode patterns(JsonNode tree, String key) {
        JsonNode patterns = tree.path(key);
        if (!patterns.isObject() && !patterns.isNull() && !patterns.isMissingNode()) {
            throw wrong("an object of patterns", key, patterns);
        }
        return patterns;
    }

    private static Map<String, Integer> ranks(JsonNode tree) {
        Map<String, Integer> ranks = new LinkedHashMap<>();
        tree.fields().forEachRemaining(each -> ranks.put(each.getKey(), whole(each.getValue(), each.getKey(), 0)));
        return ranks;
    }

    private static Map<String, Double> alphas(JsonNode tree) {
        Map<String, Double> alphas = new LinkedHashMap<>();
        tree.fields().forEachRemaining(each -> alphas.put(each.getKey(), number(each.getValue(), each.getKey(), 0)));
        return alphas;
    }

    /**
     * The file for a model's changes.
     *
     * @param whole what is trained as a whole
     * @param base name or path of the base's model, as transformers finds it; null to leave it out
     * @param task PEFT's name of what the model does, such as CAUSAL_LM; null where it has none
     */
    static ObjectNode of(Changes model, Lora lora, PeftSaved whole, @Nullable String base, @Nullable String task) {
        Map<String, Changes.Matrix> changed = model.changed();
        LowRank first =
                Objects.requireNonNull(changed.values().iterator().next().change());
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("peft_type", "LORA").put("task_type", task);
        tree.put("base_model_name_or_path", base).put("inference_mode", true);
        tree.put("r", first.r()).put("lora_alpha", first.alpha()).put("lora_dropout", first.dropout());
        tree.put("use_rslora", first.useRslora()).put("use_dora", first.useDora());
        tree.put("bias", lora.bias().name().toLowerCase(Locale.ROOT)).put("fan_in_fan_out", false);
        Set<String> targets = new TreeSet<>();
        ObjectNode ranks = tree.putObject("rank_pattern");
        ObjectNode alphas = tree.putObject("alpha_pattern");
        changed.forEach((path, matrix) -> {
            LowRank change = Objects.requireNonNull(matrix.change());
            String name = PeftNames.path(model, path);
            targets.add(model.isOfAttention(matrix) ? matrix.holder() : name);
            if (change.r() != first.r()) {
                ranks.put(name, change.r());
            }
            if (change.alpha() != first.alpha()) {
                alphas.put(name, change.alpha());
            }
        });
        ArrayNode names = tree.putArray("target_modules");
        targets.forEach(names::add);
        if (whole.paths().isEmpty()) {
            tree.putNull("modules_to_save");
        } else {
            whole.paths().forEach(tree.putArray("modules_to_save")::add);
        }
        tree.put("ensure_weight_tying", !whole.tied().isEmpty());
        return tree;
    }
}
