package dev.jumbo.cli.stages;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One command of a file of stages, with every reference to an earlier stage written out.
 *
 * @param name letters, digits, {@code -} and {@code _}; the directory of what it writes
 * @param verb the words of the verb, such as {@code tokenizer train}
 * @param config what the verb's file of configuration holds, null for verbs without one
 * @param words arguments and options behind it, as on a command line
 * @param origin file and key, for errors
 * @param before the hash of the stage before, empty for the first
 */
record Stage(
        String name, List<String> verb, @Nullable JsonNode config, List<String> words, String origin, String before) {
    /** Of everything that decides what the stage does, those before it included. */
    String hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((before + "\n" + verb + "\n" + config + "\n" + words).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
