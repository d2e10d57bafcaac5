package dev.jumbo.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.error.InputException;
import java.util.List;

/** Values from the command line over those of a file: {@code train.learning_rate=3e-4}, {@code model.layers.0.conv2d.filters=16}. */
public final class Overrides {
    /** Deeper than any configuration. */
    private static final int MAX_DEPTH = 100;

    private Overrides() {}

    /**
     * A document with one value set. Mappings on the way are made where they are missing; a bare kind ({@code
     * optimizer: adam}) becomes a mapping when a key below it is set.
     *
     * @param assignment {@code path=value}, the value in YAML
     * @throws InputException if there is no {@code =}, or the path leads through a value that has no keys
     */
    public static ConfigDocument set(ConfigDocument document, String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw new InputException(
                    "expected --set key=value, as in --set train.epochs=3, received \"" + assignment + "\"");
        }
        String origin = "--set " + assignment;
        JsonNode value =
                YamlFile.parse(origin, assignment.substring(equals + 1)).tree();
        List<String> keys = List.of(assignment.substring(0, equals).split("\\.", -1));
        if (keys.size() > MAX_DEPTH) {
            throw new InputException("expected --set key=value with at most " + MAX_DEPTH
                    + " keys, one behind the other," + " received " + keys.size());
        }
        JsonNode tree = set(document.tree(), keys, 0, value, origin);
        return document.with(tree, String.join("/", keys), origin);
    }

    private static JsonNode set(JsonNode tree, List<String> keys, int depth, JsonNode value, String origin) {
        if (depth == keys.size()) {
            return value;
        }
        String key = keys.get(depth);
        if (tree instanceof ArrayNode array) {
            if (!key.matches("\\d{1,6}") || Integer.parseInt(key) >= array.size()) {
                throw new InputException(origin + ": expected an index from 0 to " + (array.size() - 1) + " behind "
                        + String.join(".", keys.subList(0, depth)) + ", received \"" + key + "\"");
            }
            ArrayNode changed = array.deepCopy();
            int index = Integer.parseInt(key);
            changed.set(index, set(array.get(index), keys, depth + 1, value, origin));
            return changed;
        }
        ObjectNode changed = mapping(tree, keys, depth, origin);
        JsonNode old = changed.path(key);
        changed.set(key, set(old, keys, depth + 1, value, origin));
        return changed;
    }

    private static ObjectNode mapping(JsonNode tree, List<String> keys, int depth, String origin) {
        if (tree instanceof ObjectNode object) {
            return object.deepCopy();
        }
        boolean bareKind = tree.isTextual() && tree.textValue().equals(keys.get(depth));
        if (bareKind || tree.isMissingNode() || tree.isNull()) {
            return JsonNodeFactory.instance.objectNode();
        }
        String path = String.join(".", keys.subList(0, depth));
        String below = String.join(".", keys.subList(depth, keys.size()));
        String text = tree.asText();
        // A kind alone has its name as a key; anything else is one value, which a mapping with its other keys replaces.
        String instead = tree.isTextual() && text.matches("[a-z][a-z0-9_]*")
                ? "; if it is a kind, its name comes first: --set " + path + "." + text + "." + below + "=..."
                : "; it is a short form, so write all of it: --set '" + path + "={KEY: " + tree + ", " + keys.get(depth)
                        + ": ...}'";
        throw new InputException(origin + ": " + path + " is " + tree + " and has no keys" + instead);
    }
}
