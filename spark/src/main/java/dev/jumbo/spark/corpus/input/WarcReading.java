package dev.jumbo.spark.corpus.input;

import dev.jumbo.error.JumboException;
import dev.jumbo.spark.corpus.document.Entry;
import dev.jumbo.spark.corpus.input.warc.ArchiveRecord;
import dev.jumbo.spark.corpus.input.warc.ArchiveRecords;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The documents of a web archive. A document's place is that of its record in the file, or of its gzip member. Behind a
 * record that is corrupt the next one is looked for by its first bytes, so that damage costs one record and not the rest of
 * the file. A document is held until the end of its record was found where its length says, and its member's checksum is
 * right: a wrong length shows only there.
 *
 * <p>Every record that is read is counted: a response, conversion or resource is a document, kept or not, and each of another
 * type adds to the counts ({@code records.request}) of a document beside it.
 */
final class WarcReading extends Reading {
    private static final String CORRUPT = "read.corrupt_warc";
    private static final int BUFFER = 1 << 16;

    private final WarcDocuments documents;
    private final FileChannel file;
    private final Deque<Entry> ready = new ArrayDeque<>();
    /** Records that are no documents, for the counts of the next entry. */
    private final Map<String, Long> others = new TreeMap<>();

    /** Where the reader begins: behind damage anew. */
    private long begin;

    private @Nullable ArchiveRecords records;
    /** Of a compressed archive. */
    private @Nullable GzipMembers members;

    private long record = -1;
    /** The member that the record is in. */
    private long home;

    private boolean inside;
    private @Nullable Entry held;
    private String other = "";
    private boolean ended;

    private long seen;
    private long counted;
    private long given;

    WarcReading(FileSplit split, WarcInput input, int limit) throws IOException {
        super(split, CORRUPT);
        documents = new WarcDocuments(this, input.types(), limit);
        file = FileChannel.open(Path.of(split.path()));
    }

    /** One entry stays back, so that it can tell of what follows it. */
    @Override
    @Nullable
    Entry advance() throws IOException {
        while (ready.size() < 2 && !ended) {
            step();
        }
        if (ended && given == 0 && ready.isEmpty() && !others.isEmpty()) {
            ready.add(documents
                    .empty(0, Map.of())
                    .dropped("read.no_documents", "an archive of records that are no documents"));
        }
        Entry next = ready.poll();
        if (next == null) {
            return null;
        }
        given++;
        Entry told = others.isEmpty() ? next : next.counting(others);
        others.clear();
        return told;
    }

    /** Reads a record, which lets go of the one before. */
    private void step() throws IOException {
        try {
            ArchiveRecords open = records == null ? open() : records;
            records = open;
            ArchiveRecord next = open.next();
            letGo();
            inside = next != null;
            ended = !inside;
            if (next != null) {
                record = behind();
                home = members == null ? 0 : members.member();
                seen++;
                other = "records." + (next.type().isEmpty() ? "without_type" : next.type());
                held = documents.of(next, record);
            }
            checkCounts();
        } catch (JumboException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            skip(e);
        }
    }

    private void checkCounts() {
        if (seen != counted + (inside ? 1 : 0)) {
            throw new IllegalStateException(
                    split().path() + ": " + seen + " records were read and " + counted + " counted");
        }
    }

    private ArchiveRecords open() throws IOException {
        file.position(begin);
        members = GzipMembers.areAt(begin, file) ? new GzipMembers(file) : null;
        return new ArchiveRecords(
                new BufferedInputStream(Channels.newInputStream(members == null ? file : members), BUFFER));
    }

    /** Counts the last record: nothing can show any more that it is not whole. */
    private void letGo() {
        if (inside) {
            counted++;
            if (held == null) {
                others.merge(other, 1L, Long::sum);
            } else {
                ready.add(held);
            }
        }
        held = null;
        inside = false;
    }

    /** Where the record behind the last one begins; several may lie in one member. */
    private long behind() {
        long at = begin + (records == null ? 0 : records.start());
        return Math.max(members == null ? at : members.member(), record + 1);
    }

    /** Goes on at the next record, or nowhere. */
    private void skip(Exception e) throws IOException {
        if (!inside || isWhole()) {
            letGo();
            record = behind();
        } else {
            counted++; // As the entry that follows.
        }
        held = null;
        inside = false;
        long next = RecordSearch.next(file, record + 1, members != null);
        if (next < 0) {
            ready.add(broken(e));
            ended = true;
            return;
        }
        ready.add(bad(record, CORRUPT, String.valueOf(e.getMessage()), "", next - record));
        close(members);
        begin = next;
        records = null;
    }

    /** Whether the last record is. */
    private boolean isWhole() {
        if (records == null || !records.isRead()) {
            return false;
        }
        if (members == null) {
            return records.isEnded();
        }
        // Its member was checked before the next one began.
        boolean damaged = members.isDamaged() && members.member() <= home;
        return (records.isEnded() || members.member() > home) && !damaged;
    }

    @Override
    long place() {
        return Math.max(record, begin);
    }

    @Override
    long remaining() {
        return split().size() - place();
    }

    @Override
    void release() throws IOException {
        close(members);
        file.close();
    }

    private static void close(@Nullable GzipMembers members) {
        if (members != null) {
            members.close();
        }
    }
}
