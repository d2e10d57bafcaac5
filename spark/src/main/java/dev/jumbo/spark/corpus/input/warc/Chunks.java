package dev.jumbo.spark.corpus.input.warc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The transfer coding {@code chunked} (RFC 9112). */
final class Chunks {
    private static final int MOST_DIGITS = 8;

    /** @param whole whether the last chunk was there and all before it */
    record Joined(byte[] content, boolean whole) {}

    private final byte[] sent;
    private int at;

    private Chunks(byte[] sent) {
        this.sent = sent;
    }

    /**
     * The content of chunks. Crawlers keep the header where they have joined the chunks: what does not begin with a chunk is
     * the content.
     */
    static Joined join(byte[] sent) {
        Chunks chunks = new Chunks(sent);
        ByteArrayOutputStream joined = new ByteArrayOutputStream(sent.length);
        long size = chunks.size();
        boolean isChunk = size == 0 || size > 0 && chunks.endsWithLine(size);
        if (!isChunk) {
            return new Joined(sent, true);
        }
        while (size > 0) {
            int there = (int) Math.min(size, sent.length - chunks.at);
            joined.write(sent, chunks.at, there);
            chunks.at += there;
            chunks.skipLineEnd();
            size = there < size ? -1 : chunks.size();
        }
        return new Joined(joined.toByteArray(), size == 0);
    }

    /** Reads the line of a size: hexadecimal digits, perhaps blanks, perhaps {@code ;} and more. @return -1 if there is none */
    private long size() {
        int digits = at;
        while (digits < sent.length && Character.digit(sent[digits], 16) >= 0) {
            digits++;
        }
        int end = digits;
        while (end < sent.length && (sent[end] == ' ' || sent[end] == '\t')) {
            end++;
        }
        while (end < sent.length && sent[end] != '\n' && (sent[end] == '\r' || sent[digits] == ';')) {
            end++;
        }
        if (digits == at || digits - at > MOST_DIGITS || end == sent.length || sent[end] != '\n') {
            return -1;
        }
        long size = Long.parseLong(new String(sent, at, digits - at, StandardCharsets.US_ASCII), 16);
        at = end + 1;
        return size;
    }

    /** Whether a chunk ends with its line, or where everything does. */
    private boolean endsWithLine(long size) {
        long end = at + size;
        return end >= sent.length || sent[(int) end] == '\r' || sent[(int) end] == '\n';
    }

    private void skipLineEnd() {
        at += at < sent.length && sent[at] == '\r' ? 1 : 0;
        at += at < sent.length && sent[at] == '\n' ? 1 : 0;
    }
}
