package dev.jumbo.spark.corpus.input;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

/** Finds the next record of a web archive behind damage. */
final class RecordSearch {
    private static final byte[] VERSION = "WARC/".getBytes(StandardCharsets.US_ASCII);
    /** Enough of a gzip member to see what it holds. */
    private static final int PROBE = 4096;

    private static final int WINDOW = 1 << 20;

    private RecordSearch() {}

    /**
     * Where a record begins at or behind a place: a gzip member that holds one, or its first line; -1 if none does.
     *
     * @param compressed whether only members count: the bytes of a member may be those of its content
     */
    static long next(FileChannel channel, long from, boolean compressed) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(WINDOW);
        for (long start = from; start < channel.size(); start += WINDOW - PROBE) {
            buffer.clear();
            read(channel, buffer, start);
            byte[] bytes = buffer.array();
            int filled = buffer.position();
            int end = start + filled == channel.size() ? filled : WINDOW - PROBE;
            for (int i = 0; i < end; i++) {
                if (!compressed && isVersion(bytes, i, filled) || isMember(bytes, i, filled)) {
                    return start + i;
                }
            }
        }
        return -1;
    }

    private static void read(FileChannel channel, ByteBuffer buffer, long start) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, start + buffer.position()) < 0) {
                return;
            }
        }
    }

    private static boolean begins(byte[] bytes, int at, int filled, byte[] prefix) {
        if (at + prefix.length > filled) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (bytes[at + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /** A whole line such as {@code WARC/1.0}: pages that tell of the format have more on theirs. */
    private static boolean isVersion(byte[] bytes, int at, int filled) {
        if (!begins(bytes, at, filled, VERSION)) {
            return false;
        }
        int end = at + VERSION.length;
        while (end < filled && (Character.isDigit(bytes[end]) || bytes[end] == '.')) {
            end++;
        }
        return end > at + VERSION.length && end < filled && (bytes[end] == '\r' || bytes[end] == '\n');
    }

    private static boolean isMember(byte[] bytes, int at, int filled) {
        if (at + 3 > filled || bytes[at] != 0x1f || bytes[at + 1] != (byte) 0x8b || bytes[at + 2] != 8) {
            return false;
        }
        int length = Math.min(PROBE, filled - at);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes, at, length))) {
            byte[] head = in.readNBytes(VERSION.length);
            return begins(head, 0, head.length, VERSION);
        } catch (IOException e) {
            return false; // These bytes were there by chance.
        }
    }
}
