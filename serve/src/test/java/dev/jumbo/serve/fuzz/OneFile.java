package dev.jumbo.serve.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A file that is written anew for each reading, in memory where the machine has such a place. */
public final class OneFile {
    private static final Path MEMORY = Path.of("/dev/shm");

    private final Path file;

    public OneFile(String name) {
        try {
            Path directory = Files.isWritable(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "jumbo-fuzz")
                    : Files.createTempDirectory("jumbo-fuzz");
            file = directory.resolve(name);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            file.toFile().deleteOnExit();
            directory.toFile().deleteOnExit();
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
