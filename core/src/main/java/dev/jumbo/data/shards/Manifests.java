package dev.jumbo.data.shards;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.config.Records;
import dev.jumbo.config.YamlFile;
import dev.jumbo.config.YamlText;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Durable;
import dev.jumbo.files.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code manifest.json}: the file that makes a directory of shards a set. */
final class Manifests {
    static final String NAME = "manifest.json";
    private static final Records RECORDS = Records.of();

    private Manifests() {}

    static void requireFree(Path dir) {
        if (Files.exists(dir.resolve(NAME))) {
            throw new InputException(
                    "the directory " + dir + " already holds a set of shards; choose another directory");
        }
    }

    /** @throws InputException if there is no manifest, or one of another kind of set */
    static <T> T read(Path dir, Class<T> type, String kind) {
        Path file = dir.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            throw new InputException("expected " + kind + " with a " + NAME + " in " + dir
                    + ", found none; check the path, or complete the preparation that writes it last");
        }
        JsonNode found = YamlFile.read(file).tree().path("kind");
        if (!found.asText().equals(kind)) {
            throw new InputException(file + ": expected the kind " + kind + ", received " + found);
        }
        return RECORDS.read(type, YamlFile.read(file));
    }

    /** Writes a manifest over files that must be there. */
    static <T> void write(Path dir, Class<T> type, T manifest, List<ShardFile> files) {
        requireFree(dir);
        for (ShardFile file : files) {
            requireLength(dir, file);
        }
        Durable.writeOrFail(dir.resolve(NAME), YamlText.json(RECORDS.write(type, manifest)));
    }

    /** @throws InputException if a file is missing or has another length, naming it */
    static void requireLength(Path dir, ShardFile expected) {
        if (!expected.name().matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}")) {
            throw new InputException("the manifest of " + dir + " lists a file with the name \"" + expected.name()
                    + "\"; expected letters, digits, dots, dashes");
        }
        Path file = dir.resolve(expected.name());
        try {
            if (!Files.isRegularFile(file)) {
                throw new InputException("the shard " + file + " is missing, which the manifest lists; copy it again");
            }
            long bytes = Files.size(file);
            if (bytes != expected.bytes()) {
                throw new InputException("the shard " + file + " is damaged: expected " + expected.bytes()
                        + " bytes, received " + bytes + "; copy or make it again");
            }
        } catch (IOException e) {
            throw new FailureException("cannot read " + file + ": " + e, e);
        }
    }

    /** SHA-256 of a file, in hexadecimal. */
    static String sha256(Path file) {
        try {
            return Sha256.of(file);
        } catch (IOException e) {
            throw new FailureException("cannot read " + file + ": " + e, e);
        }
    }
}
