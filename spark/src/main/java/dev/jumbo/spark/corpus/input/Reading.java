package dev.jumbo.spark.corpus.input;

import dev.jumbo.error.JumboException;
import dev.jumbo.spark.corpus.document.Entry;
import java.io.EOFException;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The documents of a part of an input, in order. What stands in the way of the next document ends the part with an entry
 * in quarantine; readers that can go on behind a broken record do so themselves.
 */
public abstract class Reading implements Iterator<Entry>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reading.class);

    private final FileSplit split;
    private final String unreadable;
    private @Nullable Entry next;
    private boolean ended;

    /** @param unreadable the reason where the part cannot be read on, such as {@code corrupt_parquet} */
    Reading(FileSplit split, String unreadable) {
        this.split = split;
        this.unreadable = unreadable;
    }

    /** The next document, or null at the end. */
    abstract @Nullable Entry advance() throws IOException;

    /** Where the next document begins: ascending, and behind all documents before. */
    abstract long place();

    /** Bytes of the file that were not read yet, as far as that is known. */
    long remaining() {
        return 0;
    }

    abstract void release() throws IOException;

    final FileSplit split() {
        return split;
    }

    /** A good document. @param at its place */
    final Entry document(long at, String text, Map<String, String> metadata) {
        Entry entry = Entry.read(split.id(at), source(at), text, metadata);
        return text.isBlank() ? entry.dropped("read.empty", "no text") : entry;
    }

    /** A record that cannot be read, with others behind it. */
    final Entry bad(long at, String reason, String detail, String excerpt, long bytes) {
        return Entry.unreadable(split.id(at), source(at), reason, detail, excerpt, bytes);
    }

    /** What stands in the way of all that is left. */
    final Entry broken(Exception e) {
        return broken(split, place(), unreadable, e, remaining());
    }

    /** The name of a place, for people. */
    String source(long at) {
        return split.path() + "#" + at;
    }

    @Override
    public final boolean hasNext() {
        if (next == null && !ended) {
            try {
                next = advance();
                ended = next == null;
            } catch (JumboException e) {
                throw e; // The configuration does not fit the input: no record's fault.
            } catch (IOException | RuntimeException e) {
                next = broken(e);
                ended = true;
            }
            if (ended) {
                close();
            }
        }
        return next != null;
    }

    @Override
    public final Entry next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        Entry result = next;
        next = null;
        return result;
    }

    @Override
    public final void close() {
        ended = true;
        try {
            release();
        } catch (IOException e) {
            LOG.warn("cannot close {}: {}", split.path(), e.getMessage());
        }
    }

    /** The entry for a part that cannot even be opened. */
    public static Entry broken(FileSplit split, String damaged, Exception e) {
        return broken(split, split.start(), damaged, e, split.end() - split.start());
    }

    private static Entry broken(FileSplit split, long place, String unreadable, Exception e, long lost) {
        boolean stream = e instanceof ZipException || e instanceof EOFException;
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return Entry.unreadable(
                split.id(place),
                split.path() + "#" + place,
                stream ? "read.corrupt_stream" : unreadable,
                message + "; nothing behind this place can be read",
                "",
                lost);
    }
}
