package dev.jumbo.serve.fuzz;

import dev.jumbo.fuzz.MemoryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A file that is written anew for each reading, in memory where the machine has such a place. */
public final class OneFile {
    private final Path file;

    public OneFile(String name) {
        try {
            file = MemoryFolder.make().resolve(name);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            file.toFile().deleteOnExit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void write(byte[] data) {
        try {
            Files.write(file, data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String name() {
        return file.toString();
    }

    public Path path() {
        return file;
    }
}
