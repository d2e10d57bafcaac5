package dev.jumbo.spark.corpus.input;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Lines of bytes with the place where each begins. A line of any length is safe: what is over the limit is read past. */
final class ByteLines implements AutoCloseable {
    private final InputStream in;
    private final int limit;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int filled;
    private long consumed;

    private byte[] line = new byte[1 << 10];
    private int length;
    private long start;
    private long fullLength;

    /** @param offset place of the stream's first byte */
    ByteLines(InputStream in, long offset, int limit) {
        this.in = in;
        this.limit = limit;
        consumed = offset;
    }

    /** Reads the next line, without LF or CR LF. @return false at the end */
    boolean next() throws IOException {
        start = consumed;
        length = 0;
        fullLength = 0;
        boolean any = false;
        while (at < filled || fill()) {
            any = true;
            int end = at;
            while (end < filled && buffer[end] != '\n') {
                end++;
            }
            append(end - at);
            boolean found = end < filled;
            consumed += end - at + (found ? 1 : 0);
            at = found ? end + 1 : end;
            if (found) {
                break;
            }
        }
        if (length > 0 && fullLength == length && line[length - 1] == '\r') {
            length--;
            fullLength--;
        }
        return any;
    }

    private void append(int count) {
        int kept = Math.min(count, limit - length);
        if (length + kept > line.length) {
            line = Arrays.copyOf(line, Math.min(limit, Math.max(length + kept, 2 * line.length)));
        }
        System.arraycopy(buffer, at, line, length, kept);
        length += kept;
        fullLength += count;
    }

    private boolean fill() throws IOException {
        at = 0;
        filled = Math.max(0, in.read(buffer));
        return filled > 0;
    }

    /** The line's bytes; more may lie behind {@link #length()}. */
    byte[] bytes() {
        return line;
    }

    int length() {
        return length;
    }

    /** Whether bytes over the limit were left out. */
    boolean isTooLong() {
        return fullLength > length;
    }

    /** Bytes of the whole line. */
    long fullLength() {
        return fullLength;
    }

    /** Where the line begins. */
    long start() {
        return start;
    }

    /** Where the next line begins. */
    long position() {
        return consumed;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
