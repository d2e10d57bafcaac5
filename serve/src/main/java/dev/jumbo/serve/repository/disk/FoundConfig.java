package dev.jumbo.serve.repository.disk;

import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code config.yaml} of a model as it was found.
 *
 * @param file its real path; null if there is none that may be read
 * @param stamp changes with the file
 * @param changedMillis when it changed last, by the clock of the system; 0 without a file
 * @param error why it may not be read; null if it may, or is not there
 */
public record FoundConfig(
        @Nullable Path file,
        String stamp,
        long changedMillis,
        @Nullable String error) {
    /** No file. */
    public static final FoundConfig ABSENT = new FoundConfig(null, "", 0, null);

    static FoundConfig of(Path root, Path path) {
        try {
            Path real = path.toRealPath();
            if (!real.startsWith(root)) {
                return new FoundConfig(null, "outside", 0, path.getFileName() + " is a link out of the repository");
            }
            if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
                return new FoundConfig(null, "special", 0, path.getFileName() + " is no plain file");
            }
            long changed = VersionFiles.changed(real);
            return new FoundConfig(real, real + " " + Files.size(real) + " " + changed, changed, null);
        } catch (NoSuchFileException e) {
            return ABSENT;
        } catch (IOException e) {
            return new FoundConfig(null, "unreadable", 0, path.getFileName() + " cannot be read");
        }
    }

    /** Where it is to be read. @throws InputException if it may not be */
    public @Nullable Path readable() {
        if (error != null) {
            throw new InputException(error);
        }
        return file;
    }
}
