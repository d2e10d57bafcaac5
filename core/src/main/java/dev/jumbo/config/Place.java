package dev.jumbo.config;

import dev.jumbo.error.InputException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where the reader is: in which document, at which path.
 *
 * @param path keys and indices joined by a slash, as errors show it; empty at the root
 * @param source the same as the file has it: shorter where a key is implied, as {@code units} is by {@code dense: 10}
 * @param keys of the whole document
 */
record Place(ConfigDocument document, String path, String source, KnownKeys keys) {
    private static final Pattern OWN_KEY = Pattern.compile("[a-z0-9_]+(\\.[a-z0-9_]+)*+");

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
        return document.origin(source) + ": " + (path.isEmpty() ? message : of(path.replace('/', '.'), message));
    }

    /**
     * The message behind a key. A record that says its own key, for those who make it in Java, says of it what the file's does not:
     * {@code serve.repository} and {@code serve.repository.load: expected ...} are one key.
     */
    static String of(String key, String message) {
        int colon = message.indexOf(": ");
        String own = colon < 0 ? "" : message.substring(0, colon);
        if (OWN_KEY.matcher(own).matches()) {
            List<String> ours = List.of(key.split("\\."));
            List<String> its = List.of(own.split("\\."));
            for (int n = Math.min(ours.size(), its.size()); n > 0; n--) {
                if (ours.subList(ours.size() - n, ours.size()).equals(its.subList(0, n))) {
                    String more = String.join(".", its.subList(n, its.size()));
                    return key + (more.isEmpty() ? "" : "." + more) + message.substring(colon);
                }
            }
        }
        return key + ": " + message;
    }
}
