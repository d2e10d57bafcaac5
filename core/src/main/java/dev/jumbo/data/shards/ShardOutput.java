package dev.jumbo.data.shards;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.files.Durable;
import dev.jumbo.files.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * A file that is hashed while it is written, under a temporary name of its own, so that two attempts at the same shard
 * do not meet. {@link #finish} forces it to disk and gives it its name; {@link #close} without it leaves nothing behind.
 */
final class ShardOutput implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path file;
    private final Path temporary;
    private final FileChannel channel;
    private final MessageDigest sha = Sha256.digest();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long flushed;

    private ShardOutput(Path file, Path temporary, FileChannel channel) {
        this.file = file;
        this.temporary = temporary;
        this.channel = channel;
    }

    static ShardOutput create(Path file) {
        Path temporary = Durable.temporary(file);
        try {
            Files.createDirectories(Durable.parent(file));
            return new ShardOutput(
                    file,
                    temporary,
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw new InputException("cannot write to " + file + ": " + IoProblem.of(e) + "; check the directory", e);
        }
    }

    void putShort(int value) {
        room(Short.BYTES).putShort((short) value);
    }

    void putInt(int value) {
        room(Integer.BYTES).putInt(value);
    }

    void putLong(long value) {
        room(Long.BYTES).putLong(value);
    }

    void put(byte[] values) {
        int done = 0;
        while (done < values.length) {
            ByteBuffer into = room(1);
            int part = Math.min(into.remaining(), values.length - done);
            into.put(values, done, part);
            done += part;
        }
    }

    /** Bytes written so far. */
    long bytes() {
        return flushed + buffer.position();
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            flush();
        }
        return buffer;
    }

    private void flush() {
        buffer.flip();
        sha.update(buffer.duplicate());
        try {
            while (buffer.hasRemaining()) {
                flushed += channel.write(buffer);
            }
        } catch (IOException e) {
            throw new FailureException("cannot write " + file + ": " + e + "; is the disk full?", e);
        }
        buffer.clear();
    }

    /** The complete file, under its name; one of that name is replaced. */
    ShardFile finish() {
        flush();
        try {
            channel.force(true);
            channel.close();
            Durable.rename(temporary, file);
        } catch (IOException e) {
            throw new FailureException("cannot complete " + file + ": " + e, e);
        }
        return new ShardFile(file.getFileName().toString(), flushed, Sha256.hex(sha));
    }

    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw new FailureException("cannot remove " + temporary + ": " + e, e);
        }
    }
}
