package dev.jumbo.cli.stages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.jumbo.config.ConfigDocument;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Shown;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a file with the key {@code stages} says: commands by name, in the order in which they run.
 *
 * <pre>{@code
 * stages:
 *     tokenizer:
 *         verb: tokenizer train
 *         arguments: [corpus/]
 *         options: {vocab-size: 4096}
 *     base:
 *         verb: train
 *         config: {data: {dataset: {text: {tokenizer: {pretrained: {path: "${tokenizer}"}}, ...}}}, ...}
 * }</pre>
 *
 * <p>{@code ${NAME}} in any text is the directory of what an earlier stage wrote; {@code $${NAME}} is the text {@code ${NAME}}.
 */
public final class StagesFile {
    private static final String STAGES = "stages";
    private static final Set<String> KEYS = Set.of("verb", "config", "arguments", "options");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
    private static final Pattern REFERENCE = Pattern.compile("(\\$?)\\$\\{([^}]*)}");

    private StagesFile() {}

    /** Whether a file is one of stages. */
    public static boolean accepts(ConfigDocument document) {
        return document.tree().has(STAGES);
    }

    /**
     * The stages, with references written out.
     *
     * @param directory below which each stage has the directory of its name
     * @throws InputException for another key, a stage without a verb, a reference to none or a later one
     */
    static List<Stage> read(ConfigDocument document, Path directory) {
        List<String> others = new ArrayList<>();
        document.tree().fieldNames().forEachRemaining(others::add);
        others.remove(STAGES);
        if (!others.isEmpty()) {
            throw new InputException(document.name() + ": expected the key stages alone, received "
                    + Shown.begin(others) + " beside it: give each stage its own config");
        }
        ConfigDocument section = document.section(STAGES);
        if (!(section.tree() instanceof ObjectNode named) || named.isEmpty()) {
            throw new InputException(document.name()
                    + ": stages: expected commands by name, as in tokenizer: {verb: tokenizer train, ...}, received "
                    + Shown.begin(section.tree()));
        }
        Map<String, Path> earlier = new LinkedHashMap<>();
        List<Stage> stages = new ArrayList<>();
        named.fields().forEachRemaining(entry -> {
            String at = document.name() + ": stages." + entry.getKey();
            String before =
                    stages.isEmpty() ? "" : stages.get(stages.size() - 1).hash();
            stages.add(stage(entry.getKey(), entry.getValue(), at, earlier, before));
            earlier.put(entry.getKey(), directory.resolve(entry.getKey()));
        });
        return stages;
    }

    private static Stage stage(String name, JsonNode node, String at, Map<String, Path> earlier, String before) {
        if (!NAME.matcher(name).matches()) {
            throw new InputException(at + ": expected a name of letters, digits, - and _, which a directory gets");
        }
        if (!(node instanceof ObjectNode object)) {
            throw new InputException(
                    at + ": expected verb, config, arguments and options, received " + Shown.begin(node));
        }
        object.fieldNames().forEachRemaining(key -> {
            if (!KEYS.contains(key)) {
                throw new InputException(at + "." + key + ": expected verb, config, arguments or options");
            }
        });
        String verb = object.path("verb").asText("").strip();
        if (verb.isEmpty()) {
            throw new InputException(at + ": expected a verb of jumbo, as in verb: train, received none");
        }
        JsonNode config = object.get("config");
        if (config != null && !config.isObject()) {
            throw new InputException(
                    at + ".config: expected what a file of the verb holds, received " + Shown.begin(config));
        }
        List<String> words = new ArrayList<>();
        for (JsonNode argument : list(object.path("arguments"), at + ".arguments")) {
            words.add(resolve(text(argument, at + ".arguments"), at + ".arguments", earlier));
        }
        options(object.path("options"), at + ".options", earlier, words);
        JsonNode resolved = config == null ? null : resolve(config, at + ".config", earlier);
        return new Stage(name, List.of(verb.split("\\s+")), resolved, List.copyOf(words), at, before);
    }

    /** {@code prompt: [a, b]} is {@code --prompt a --prompt b}, {@code json: true} is {@code --json}. */
    private static void options(JsonNode node, String at, Map<String, Path> earlier, List<String> words) {
        if (node.isMissingNode() || node.isNull()) {
            return;
        }
        if (!node.isObject()) {
            throw new InputException(at + ": expected options by name, as in {seed: 1}, received " + Shown.begin(node));
        }
        node.fields().forEachRemaining(option -> {
            String key = at + "." + option.getKey();
            String dashed = "--" + option.getKey().replace('_', '-');
            if (option.getKey().equals("out")) {
                throw new InputException(key + ": expected no --out: a stage writes to the directory of its name");
            }
            if (option.getValue().isBoolean()) {
                if (option.getValue().booleanValue()) {
                    words.add(dashed);
                }
                return;
            }
            for (JsonNode value : option.getValue().isArray() ? option.getValue() : array(option.getValue())) {
                words.add(dashed + "=" + resolve(text(value, key), key, earlier));
            }
        });
    }

    private static ArrayNode array(JsonNode one) {
        return JsonNodeFactory.instance.arrayNode().add(one);
    }

    private static JsonNode list(JsonNode node, String at) {
        if (!node.isMissingNode() && !node.isArray()) {
            throw new InputException(at + ": expected a list, received " + Shown.begin(node));
        }
        return node;
    }

    private static String text(JsonNode node, String at) {
        if (!node.isValueNode() || node.isNull()) {
            throw new InputException(
                    at + ": expected a text, a number or a list of them, received " + Shown.begin(node));
        }
        return node.asText();
    }

    private static JsonNode resolve(JsonNode node, String at, Map<String, Path> earlier) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            object.fields()
                    .forEachRemaining(field ->
                            copy.set(field.getKey(), resolve(field.getValue(), at + "." + field.getKey(), earlier)));
            return copy;
        }
        if (node instanceof ArrayNode list) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            list.forEach(element -> copy.add(resolve(element, at, earlier)));
            return copy;
        }
        return node.isTextual() ? TextNode.valueOf(resolve(node.asText(), at, earlier)) : node;
    }

    private static String resolve(String text, String at, Map<String, Path> earlier) {
        Matcher matcher = REFERENCE.matcher(text);
        var resolved = new StringBuilder();
        while (matcher.find()) {
            if (!matcher.group(1).isEmpty()) {
                matcher.appendReplacement(
                        resolved, Matcher.quoteReplacement(matcher.group().substring(1)));
                continue;
            }
            Path directory = earlier.get(matcher.group(2));
            if (directory == null) {
                throw new InputException(at + ": expected an earlier stage in " + Shown.begin(matcher.group())
                        + ", which are " + Shown.begin(earlier.keySet()) + "; write $" + Shown.begin(matcher.group())
                        + " where the text itself is meant");
            }
            matcher.appendReplacement(resolved, Matcher.quoteReplacement(directory.toString()));
        }
        return matcher.appendTail(resolved).toString();
    }
}
