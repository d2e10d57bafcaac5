package dev.jumbo.train.checkpoint;

import dev.jumbo.config.YamlFile;
import dev.jumbo.config.YamlText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The JSON files of a checkpoint, by the rules of {@link dev.jumbo.config}: known keys and allow-listed names only. */
final class CheckpointJson {
    private CheckpointJson() {}

    /** @throws dev.jumbo.error.InputException if the file is not what it should be, with line and key */
    static <T> T read(Path file, Class<T> type) {
        return Kinds.records().read(type, YamlFile.read(file));
    }

    static <T> void write(Path file, Class<T> type, T value) throws IOException {
        Files.writeString(file, text(type, value), StandardCharsets.UTF_8);
    }

    static <T> String text(Class<T> type, T value) {
        return YamlText.json(Kinds.records().write(type, value));
    }

    /** @param name that errors begin with */
    static <T> T parse(Class<T> type, String name, String text) {
        return Kinds.records().read(type, YamlFile.parse(name, text));
    }
}
