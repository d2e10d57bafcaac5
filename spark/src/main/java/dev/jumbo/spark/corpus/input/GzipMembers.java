package dev.jumbo.spark.corpus.input;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The content of a file of gzip members (RFC 1952), each checked by its CRC-32 and length. A read gives bytes of one member
 * alone, and none of the next before the one before was found whole. Once a member is damaged, every read says so.
 */
final class GzipMembers implements ReadableByteChannel {
    private static final int BUFFER = 1 << 13;
    private static final int HEADER = 10;
    private static final int TRAILER = 8;
    private static final short MAGIC = (short) 0x8b1f;
    private static final int DEFLATE = 8;
    private static final int HEADER_CRC = 1 << 1;
    private static final int EXTRA = 1 << 2;
    private static final int NAME = 1 << 3;
    private static final int COMMENT = 1 << 4;

    private final FileChannel file;
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private long member;
    private boolean inside;
    private @Nullable IOException damage;

    /** From the position of a file on, which stays open. */
    GzipMembers(FileChannel file) throws IOException {
        this.file = file;
        member = file.position();
        in.flip();
    }

    /** Whether a place of a file has the first bytes of a member. */
    static boolean areAt(long place, FileChannel file) throws IOException {
        ByteBuffer magic = ByteBuffer.allocate(Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return file.read(magic, place) == Short.BYTES && magic.getShort(0) == MAGIC;
    }

    /** Where the member begins that was read last. */
    long member() {
        return member;
    }

    /** Whether {@link #member} is not what was written. */
    boolean isDamaged() {
        return damage != null;
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        if (damage != null) {
            throw damage;
        }
        try {
            while (to.hasRemaining()) {
                if (!inside && !begin()) {
                    return -1;
                }
                int count = inflate(to);
                if (inflater.finished()) {
                    end();
                }
                if (count > 0) {
                    return count;
                }
            }
            return 0;
        } catch (IOException e) {
            damage = e;
            throw e;
        }
    }

    /** Reads a header. @return false at the end of the file */
    private boolean begin() throws IOException {
        if (!fill(1)) {
            return false;
        }
        member = file.position() - in.remaining();
        need(HEADER);
        if (in.getShort() != MAGIC || in.get() != DEFLATE) {
            throw new ZipException("expected a gzip member");
        }
        int flags = in.get();
        skip(HEADER - Short.BYTES - 2);
        if ((flags & EXTRA) != 0) {
            need(Short.BYTES);
            skip(Short.toUnsignedInt(in.getShort()));
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CRC) != 0) {
            skip(Short.BYTES);
        }
        inside = true;
        return true;
    }

    private int inflate(ByteBuffer to) throws IOException {
        if (inflater.needsInput()) {
            need(1);
            inflater.setInput(in);
        }
        ByteBuffer made = to.slice();
        int count;
        try {
            count = inflater.inflate(to);
        } catch (DataFormatException e) {
            throw new ZipException(String.valueOf(e.getMessage()));
        }
        if (inflater.needsDictionary()) {
            throw new ZipException("expected a gzip member without a dictionary");
        }
        crc.update(made.limit(count));
        return count;
    }

    private void end() throws IOException {
        need(TRAILER);
        if (in.getInt() != (int) crc.getValue() || in.getInt() != (int) inflater.getBytesWritten()) {
            throw new ZipException("the checksum or length of a gzip member is another than that of its content");
        }
        inflater.reset();
        crc.reset();
        inside = false;
    }

    private void skipText() throws IOException {
        do {
            need(1);
        } while (in.get() != 0);
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            need(1);
            in.get();
        }
    }

    private void need(int count) throws IOException {
        if (!fill(count)) {
            throw new EOFException("a gzip member breaks off");
        }
    }

    private boolean fill(int count) throws IOException {
        if (in.remaining() >= count) {
            return true;
        }
        in.compact();
        int read = 0;
        while (in.position() < count && read >= 0) {
            read = file.read(in);
        }
        in.flip();
        return in.remaining() >= count;
    }

    @Override
    public boolean isOpen() {
        return file.isOpen();
    }

    @Override
    public void close() {
        inflater.end();
    }
}
