package dev.jumbo.cli;

import dev.jumbo.error.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files that appear under their name only when they are complete. */
final class Output {
    private Output() {}

    /** Writes a part of a result. */
    interface Content {
        void writeTo(Path draft) throws IOException;
    }

    /** Deletes a file, if it is there. */
    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new FailureException("cannot delete " + file + ": " + e, e);
        }
    }

    static void write(Path file, String text) {
        write(file, draft -> Files.writeString(draft, text));
    }

    /** @throws FailureException if it cannot be written; a file that was there stays then */
    static void write(Path file, Content content) {
        Path draft = file.resolveSibling("." + file.getFileName() + ".tmp");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try {
                content.writeTo(draft);
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw new FailureException("cannot write " + file + ": " + e, e);
        }
    }
}
