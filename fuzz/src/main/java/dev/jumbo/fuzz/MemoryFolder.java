package dev.jumbo.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where files of tests of parsers are written: in memory where the machine has such a place, as a disk takes longer than most parsers. */
public final class MemoryFolder {
    private static final Path MEMORY = Path.of("/dev/shm");

    private MemoryFolder() {}

    /** A new folder that is deleted at the end of the process, if it is empty then. */
    public static Path make() throws IOException {
        Path folder = Files.isWritable(MEMORY)
                ? Files.createTempDirectory(MEMORY, "jumbo-fuzz")
                : Files.createTempDirectory("jumbo-fuzz");
        folder.toFile().deleteOnExit();
        return folder;
    }
}
