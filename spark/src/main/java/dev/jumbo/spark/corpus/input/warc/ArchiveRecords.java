package dev.jumbo.spark.corpus.input.warc;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a web archive one after the other. Between records there may be any number of blank lines; what
 * follows a record must be a record again, or the end.
 */
public final class ArchiveRecords {
    private static final Pattern VERSION = Pattern.compile("(?i)WARC/\\d+\\.\\d+\\s*");
    /** A line of ARC, the format before: address, IP address, date, type and length; the address may have blanks. */
    private static final Pattern ARC =
            Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*:.*) (\\S+) (\\d{8,14}) (\\S+) (\\d+)\\s*");

    private final CountedStream in;
    private @Nullable Block block;
    private long start;
    private boolean read;
    private boolean ended;

    /** @param in a stream that can be marked */
    public ArchiveRecords(InputStream in) {
        this.in = new CountedStream(in);
    }

    /** Bytes before the last record, or before what {@link #next} took for one. */
    public long start() {
        return start;
    }

    /** Whether all bytes of the last record are there. */
    public boolean isRead() {
        return read;
    }

    /** Whether the end of the last record was found where its length says, as far as {@link #next} has come. */
    public boolean isEnded() {
        return ended;
    }

    /**
     * The next record; its block can be read until the next call.
     *
     * @return null at the end of the archive
     * @throws IOException if there is something that is no record, or the archive ends inside one
     */
    public @Nullable ArchiveRecord next() throws IOException {
        read = false;
        ended = false;
        if (block != null) {
            block.skipRest();
            block = null;
        }
        read = true;
        skipBlanks();
        start = in.count();
        if (in.peek() < 0) {
            ended = true;
            return null;
        }
        String first = String.valueOf(HeaderLines.line(in));
        boolean isWarc = VERSION.matcher(first).matches();
        Matcher arc = ARC.matcher(first);
        if (!isWarc && !arc.matches()) {
            throw new IOException("expected a record, received " + shown(first));
        }
        ended = true; // Also without a blank line.
        Map<String, String> headers = isWarc ? HeaderLines.read(in, "HTTP/") : arc(arc);
        Block opened = new Block(length(headers));
        block = opened;
        return new ArchiveRecord(headers.getOrDefault("warc-type", "").toLowerCase(Locale.ROOT), headers, opened);
    }

    private static String shown(String line) {
        String head = line.length() > 40 ? line.substring(0, 40) + "..." : line;
        return "\"" + head.replaceAll("\\p{Cntrl}", "?") + "\"";
    }

    private static long length(Map<String, String> headers) throws IOException {
        String text = headers.getOrDefault("content-length", "");
        try {
            long length = Long.parseLong(text);
            if (length >= 0) {
                return length;
            }
        } catch (NumberFormatException e) {
            throw new IOException("expected the length of a record, received \"" + text + "\"", e);
        }
        throw new IOException("expected the length of a record, received \"" + text + "\"");
    }

    private static Map<String, String> arc(Matcher line) {
        Map<String, String> headers = new TreeMap<>();
        boolean isReply = line.group(1).startsWith("http");
        headers.put(
                "warc-type", line.group(1).startsWith("filedesc:") ? "warcinfo" : isReply ? "response" : "resource");
        headers.put("content-type", isReply ? "application/http" : line.group(4));
        headers.put("warc-target-uri", line.group(1));
        headers.put("warc-date", line.group(3));
        headers.put("content-length", line.group(5));
        return headers;
    }

    private void skipBlanks() throws IOException {
        for (int next = in.peek(); next == '\r' || next == '\n'; next = in.peek()) {
            ended = ended || next == '\n';
            in.skipNBytes(1);
        }
    }

    /** The bytes of a record. */
    private final class Block extends FilterInputStream {
        private long left;

        Block(long length) {
            super(ArchiveRecords.this.in);
            left = length;
        }

        @Override
        public int read() throws IOException {
            if (left == 0) {
                return -1;
            }
            int next = super.read();
            left -= 1;
            return next < 0 ? breaksOff() : next;
        }

        @Override
        public int read(byte[] to, int from, int count) throws IOException {
            if (count == 0 || left == 0) {
                return count == 0 ? 0 : -1;
            }
            int read = super.read(to, from, (int) Math.min(count, left));
            left -= Math.max(0, read);
            return read < 0 ? breaksOff() : read;
        }

        private int breaksOff() throws EOFException {
            throw new EOFException("the archive ends " + left + " bytes before the end of a record");
        }

        @Override
        public boolean markSupported() {
            return false; // The place in the block would be another after going back.
        }

        void skipRest() throws IOException {
            byte[] buffer = new byte[1 << 13];
            int read = 0;
            while (read >= 0) {
                read = read(buffer, 0, buffer.length);
            }
        }

        @Override
        public void close() {
            left = 0; // Of the archive, more is read.
        }
    }
}
