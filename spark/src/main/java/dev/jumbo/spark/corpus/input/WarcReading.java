package dev.jumbo.spark.corpus.input;

import dev.jumbo.error.JumboException;
import dev.jumbo.spark.corpus.document.Entry;
import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.extract.HtmlDecoder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.netpreserve.jwarc.HttpResponse;
import org.netpreserve.jwarc.MediaType;
import org.netpreserve.jwarc.MessageBody;
import org.netpreserve.jwarc.WarcConversion;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcResource;
import org.netpreserve.jwarc.WarcResponse;
import org.netpreserve.jwarc.WarcTargetRecord;

/**
 * The documents of a web archive. A document's place is that of its record in the file, or of its gzip member. Behind a
 * record that is corrupt the next one is looked for by its first bytes, so that damage costs one record and not the rest of
 * the file. A document is held until the end of its record was found where its length says, and its member's checksum is
 * right: a wrong length shows only there.
 */
final class WarcReading extends Reading {
    private static final int OK = 200;
    private static final String CORRUPT = "read.corrupt_warc";

    private final WarcInput input;
    private final int limit;
    private final FileChannel file;
    private final Deque<Entry> ready = new ArrayDeque<>();

    /** Where the reader begins: behind damage anew. */
    private long begin;

    private @Nullable WarcReader reader;
    /** Of a compressed archive. */
    private @Nullable GzipMembers members;

    private long record = -1;
    /** The record's place in what the reader reads: behind it, its end was found. */
    private long place;

    private boolean inside;
    private boolean warned;
    private @Nullable Entry held;
    private @Nullable Exception failure;
    private boolean ended;

    /** What a body is read from. */
    private interface Body {
        MessageBody open() throws IOException;
    }

    WarcReading(Split split, WarcInput input, int limit) throws IOException {
        super(split, CORRUPT);
        this.input = input;
        this.limit = limit;
        file = FileChannel.open(Path.of(split.path()));
    }

    @Override
    @Nullable
    Entry advance() throws IOException {
        while (ready.isEmpty() && !ended) {
            if (failure instanceof IOException e) {
                throw e;
            }
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            step();
        }
        return ready.poll();
    }

    /** Reads a record, which lets go of the document before. */
    private void step() throws IOException {
        try {
            WarcReader open = reader == null ? open() : reader;
            reader = open;
            Optional<WarcRecord> next = open.next();
            letGo();
            inside = next.isPresent();
            ended = !inside;
            if (inside) {
                record = behind();
                place = open.position();
                warned = false;
                held = read(next.get());
            }
        } catch (JumboException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            skip(e);
        }
    }

    private WarcReader open() throws IOException {
        file.position(begin);
        members = GzipMembers.areAt(begin, file) ? new GzipMembers(file) : null;
        WarcReader open = members == null ? new WarcReader(file) : new WarcReader(members);
        // Of a record that does not end where it should. If another begins there, both are as they were written.
        open.onWarning(warning -> warned = true);
        return open;
    }

    private void letGo() {
        if (held != null) {
            ready.add(held);
            held = null;
        }
    }

    /** Where the record behind the last one begins; several may lie in one member. */
    private long behind() {
        long at = reader == null ? begin : reader.position();
        return Math.max(members == null ? at : members.member(), record + 1);
    }

    /** Goes on at the next record, or nowhere. */
    private void skip(Exception e) throws IOException {
        if (!inside || isEnded()) {
            letGo();
            record = behind();
        }
        held = null;
        long next = RecordSearch.next(file, record + 1, members != null);
        if (next < 0) {
            failure = e;
            return;
        }
        ready.add(bad(record, CORRUPT, String.valueOf(e.getMessage()), "", next - record));
        close(members);
        begin = next;
        reader = null;
        inside = false;
    }

    /** Whether the last record is whole. */
    private boolean isEnded() {
        boolean damaged = members != null && members.isDamaged() && members.member() <= record;
        return reader != null && reader.position() > place && !warned && !damaged;
    }

    /** The document of a record, or null if it is none. */
    private @Nullable Entry read(WarcRecord next) throws IOException {
        if (next instanceof WarcResponse response) {
            return response.contentType().base().equals(MediaType.HTTP)
                    ? response(response)
                    : null; // A reply of another protocol, such as a name server's.
        }
        if (next instanceof WarcConversion conversion) {
            return text(conversion, conversion.contentType(), conversion.body());
        }
        if (next instanceof WarcResource resource) {
            return content(resource, resource.contentType(), resource::body);
        }
        return null;
    }

    private Entry response(WarcResponse response) throws IOException {
        HttpResponse http = response.http();
        if (http.status() != OK) {
            return empty(response).dropped("read.http_status", Integer.toString(http.status()));
        }
        String encoding = http.headers().first("Content-Encoding").orElse("");
        if (encoding.isEmpty()) {
            return content(response, http.contentType(), http::body);
        }
        try {
            return content(response, http.contentType(), http::bodyDecoded);
        } catch (JumboException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The archive keeps what a server sent. If the archive itself is damaged, the record's end tells.
            return empty(response).dropped("read.content_encoding", encoding + ": " + e.getMessage());
        }
    }

    private Entry content(WarcTargetRecord target, MediaType type, Body body) throws IOException {
        String name = type.base().toString().toLowerCase(Locale.ROOT);
        if (!input.types().contains(name)) {
            return empty(target).dropped("read.type", name);
        }
        return text(target, type, body.open());
    }

    private Entry text(WarcTargetRecord target, MediaType type, MessageBody body) throws IOException {
        byte[] bytes = body.stream().readNBytes(limit + 1);
        if (bytes.length > limit) {
            return bad(record, "read.too_long", "a record of more than " + limit + " bytes", "", bytes.length);
        }
        String text = HtmlDecoder.decode(bytes, type.toString());
        return document(record, text, metadata(target));
    }

    private Entry empty(WarcTargetRecord target) {
        return Entry.read(split().id(record), source(record), "", metadata(target));
    }

    private static Map<String, String> metadata(WarcTargetRecord target) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put(Document.URL, target.target());
        target.headers().first("WARC-Date").ifPresent(date -> metadata.put("date", date));
        return metadata;
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
