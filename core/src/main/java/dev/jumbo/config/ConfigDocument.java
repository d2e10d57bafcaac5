package dev.jumbo.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.error.InputException;
import java.util.Map;
import java.util.TreeMap;

/**
 * A tree of values that knows where each of them came from, so that an error can say it.
 *
 * @param name of the file, as the user wrote it
 * @param tree the values
 * @param origins {@code file:line} or the command line option, by path ({@code model/layers/0/dense}); a path without
 *     one has that of its parent
 */
public record ConfigDocument(String name, JsonNode tree, Map<String, String> origins) {
    public ConfigDocument {
        origins = Map.copyOf(origins);
    }

    /** A tree without line numbers, such as one that a program made. */
    public static ConfigDocument of(String name, JsonNode tree) {
        return new ConfigDocument(name, tree, Map.of());
    }

    /** What is below one key, such as the section of a room; where values were written stays known. */
    public ConfigDocument section(String key) {
        JsonNode section = tree.path(key);
        if (section.isMissingNode()) {
            throw new InputException(name + ": expected the key '" + key + "', found none: add it");
        }
        Map<String, String> below = new TreeMap<>();
        below.put("", origin(key));
        origins.forEach((path, origin) -> {
            if (path.startsWith(key + "/")) {
                below.put(path.substring(key.length() + 1), origin);
            }
        });
        return new ConfigDocument(name, section, below);
    }

    /** Where the value at a path was written: {@code digits.yaml:12}, {@code --set train.epochs=0}, or the name alone. */
    String origin(String path) {
        String at = path;
        while (!origins.containsKey(at)) {
            int slash = at.lastIndexOf('/');
            if (slash < 0) {
                return origins.getOrDefault("", name);
            }
            at = at.substring(0, slash);
        }
        return origins.getOrDefault(at, name);
    }

    /** This document with another tree, in which the values below some paths came from elsewhere. */
    ConfigDocument with(JsonNode changed, String path, String origin) {
        Map<String, String> all = new TreeMap<>(origins);
        all.keySet().removeIf(p -> p.startsWith(path + "/"));
        all.put(path, origin);
        return new ConfigDocument(name, changed, all);
    }
}
