package dev.jumbo.data.shards;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file as memory. */
final class MappedFile {
    private MappedFile() {}

    /** The whole file, little-endian, unmapped when nothing refers to it. @throws InputException if it is over 2 GiB */
    static ByteBuffer map(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new InputException("expected a shard of at most " + Integer.MAX_VALUE + " bytes, received " + file
                        + " of " + channel.size() + "; divide it");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new FailureException("cannot map " + file + ": " + e, e);
        }
    }
}
