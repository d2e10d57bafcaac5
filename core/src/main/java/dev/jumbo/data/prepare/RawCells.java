package dev.jumbo.data.prepare;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Raw values of records: a text as it stands, or the content of the file that it names. */
final class RawCells {
    private RawCells() {}

    static boolean isText(Field field) {
        return field.meaning() instanceof Meaning.Text;
    }

    /**
     * A value of a JSON object.
     *
     * @param dir what names of files are relative to
     * @param where its place, for errors
     */
    static byte[] of(Field field, JsonNode value, Path dir, String where) {
        if (value.isContainerNode()) {
            throw new InputException(where + ": expected a text in " + field.name() + ", received a list or an object");
        }
        if (!field.isBytes()) {
            throw new InputException(where + ": expected a transform of texts or files for " + field.name()
                    + ", received one of " + field);
        }
        if (isText(field)) {
            return value.asText().getBytes(StandardCharsets.UTF_8);
        }
        return content(file(field, value.asText(), dir, where));
    }

    /** The file that a text names. @throws InputException if there is none */
    static Path file(Field field, String name, Path dir, String where) {
        Path file = dir.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new InputException(where + ": expected the name of a file in " + field.name() + ", received \"" + name
                    + "\": there is none at " + file + "; names are relative to data.dir");
        }
        return file;
    }

    static byte[] content(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new FailureException("cannot read " + file + ": " + e, e);
        }
    }
}
