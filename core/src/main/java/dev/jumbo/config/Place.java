package dev.jumbo.config;

import dev.jumbo.error.InputException;
import java.util.List;

/**
 * Where the reader is: in which document, at which path.
 *
 * @param path keys and indices joined by a slash, as errors show it; empty at the root
 * @param source the same as the file has it: shorter where a key is implied, as {@code units} is by {@code dense: 10}
 * @param keys of the whole document
 */
record Place(ConfigDocument document, String path, String source, KnownKeys keys) {
    /** @param codec of the whole document */
    static Place root(ConfigDocument document, Codec codec) {
        return new Place(document, "", "", new KnownKeys(codec));
    }

    /** Of a document that no user wrote. */
    static Place root(ConfigDocument document) {
        return new Place(document, "", "", new KnownKeys(null));
    }

    /** The keys down to it. */
    List<String> names() {
        return path.isEmpty() ? List.of() : List.of(path.split("/"));
    }

    Place child(String key) {
        return new Place(document, YamlFile.child(path, key), YamlFile.child(source, key), keys);
    }

    /** The place of a key that the file leaves out and means. */
    Place implied(String key) {
        return new Place(document, YamlFile.child(path, key), source, keys);
    }

    /** The message behind file, line and key: {@code digits.yaml:12: model.layers.0.dense.units: expected ...}. */
    InputException error(String message) {
        return new InputException(in(message));
    }

    InputException error(String message, Throwable cause) {
        return new InputException(in(message), cause);
    }

    private String in(String message) {
        String key = path.isEmpty() ? "" : path.replace('/', '.') + ": ";
        return document.origin(source) + ": " + key + message;
    }
}
