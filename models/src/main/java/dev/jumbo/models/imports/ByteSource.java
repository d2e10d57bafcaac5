package dev.jumbo.models.imports;

import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** The bytes of a file, read where they are asked for. Any number of threads may read. */
public interface ByteSource {
    /** Its name, for messages. */
    String name();

    /** How many bytes it has. */
    long size();

    /** Some bytes, little-endian. @throws InputException if it ends before */
    ByteBuffer read(long at, int length);

    /** @throws InputException if there is no such file */
    static ByteSource of(Path file) {
        long size;
        try {
            if (!Files.isRegularFile(file)) {
                throw new InputException("expected a file at " + file + ", found none");
            }
            size = Files.size(file);
        } catch (IOException e) {
            throw new InputException("cannot read " + file + ": " + IoProblem.of(e), e);
        }
        return new ByteSource() {
            @Override
            public String name() {
                return file.toString();
            }

            @Override
            public long size() {
                return size;
            }

            @Override
            public ByteBuffer read(long at, int length) {
                requireInside(this, at, length);
                ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
                try (FileChannel channel = FileChannel.open(file)) {
                    while (bytes.hasRemaining()) {
                        if (channel.read(bytes, at + bytes.position()) < 0) {
                            throw ended(this, at, length, at + bytes.position());
                        }
                    }
                } catch (IOException e) {
                    throw new InputException("cannot read " + file + ": " + IoProblem.of(e), e);
                }
                return bytes.flip();
            }
        };
    }

    static ByteSource of(String name, byte[] bytes) {
        return new ByteSource() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public ByteBuffer read(long at, int length) {
                requireInside(this, at, length);
                return ByteBuffer.wrap(bytes, (int) at, length).slice().order(ByteOrder.LITTLE_ENDIAN);
            }
        };
    }

    private static void requireInside(ByteSource source, long at, int length) {
        if (at < 0 || length < 0 || at > source.size() - length) {
            throw ended(source, at, length, source.size());
        }
    }

    private static InputException ended(ByteSource source, long at, int length, long end) {
        return new InputException(source.name() + ": expected " + length + " bytes at " + at + ", but the file ends at "
                + end + "; it is truncated or damaged: fetch it again");
    }
}
