package dev.jumbo.spark.corpus.input.warc;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that knows how many bytes were taken. */
final class CountedStream extends FilterInputStream {
    private long count;
    private long marked;

    CountedStream(InputStream in) {
        super(in);
    }

    long count() {
        return count;
    }

    /** The next byte, which stays; -1 at the end. */
    int peek() throws IOException {
        in.mark(1);
        int next = in.read();
        in.reset();
        return next;
    }

    @Override
    public int read() throws IOException {
        int next = in.read();
        count += next < 0 ? 0 : 1;
        return next;
    }

    @Override
    public int read(byte[] to, int from, int most) throws IOException {
        int read = in.read(to, from, most);
        count += Math.max(0, read);
        return read;
    }

    @Override
    public long skip(long most) throws IOException {
        long skipped = in.skip(most);
        count += skipped;
        return skipped;
    }

    @Override
    public synchronized void mark(int limit) {
        in.mark(limit);
        marked = count;
    }

    @Override
    public synchronized void reset() throws IOException {
        in.reset();
        count = marked;
    }
}
