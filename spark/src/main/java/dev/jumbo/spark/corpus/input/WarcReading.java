package dev.jumbo.spark.corpus.input;

import dev.jumbo.spark.corpus.document.Entry;
import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.extract.HtmlDecoder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
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
 * The documents of a web archive. A document's place is that of its record in the file. Behind a record that is corrupt
 * the next one is looked for by its first bytes, so that damage costs one record and not the rest of the file.
 */
final class WarcReading extends Reading {
    private static final int OK = 200;

    private final WarcInput input;
    private final int limit;
    private final FileChannel channel;
    private WarcReader reader;
    private long record;

    WarcReading(Split split, WarcInput input, int limit) throws IOException {
        super(split, "read.corrupt_warc");
        this.input = input;
        this.limit = limit;
        channel = FileChannel.open(Path.of(split.path()));
        try {
            reader = new WarcReader(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    @Nullable
    Entry advance() throws IOException {
        while (true) {
            try {
                Optional<WarcRecord> next = reader.next();
                if (next.isEmpty()) {
                    return null;
                }
                record = reader.position();
                Entry document = read(next.get());
                if (document != null) {
                    return document;
                }
            } catch (IOException | RuntimeException e) {
                long at = Math.max(record, reader.position());
                long behind = RecordSearch.next(channel, at + 1);
                if (behind < 0) {
                    throw e;
                }
                record = behind;
                channel.position(behind);
                reader = new WarcReader(channel);
                return bad(at, "read.corrupt_warc", String.valueOf(e.getMessage()), "", behind - at);
            }
        }
    }

    /** The document of a record, or null if it is none. */
    private @Nullable Entry read(WarcRecord next) throws IOException {
        if (next instanceof WarcResponse response) {
            if (!response.contentType().base().equals(MediaType.HTTP)) {
                return null; // A reply of another protocol, such as a name server's.
            }
            HttpResponse http = response.http();
            return http.status() == OK
                    ? content(response, http.contentType(), http.bodyDecoded())
                    : empty(response).dropped("read.http_status", Integer.toString(http.status()));
        }
        if (next instanceof WarcConversion conversion) {
            return text(conversion, conversion.contentType(), conversion.body());
        }
        if (next instanceof WarcResource resource) {
            return content(resource, resource.contentType(), resource.body());
        }
        return null;
    }

    private Entry content(WarcTargetRecord target, MediaType type, MessageBody body) throws IOException {
        String name = type.base().toString().toLowerCase(Locale.ROOT);
        if (!input.types().contains(name)) {
            return empty(target).dropped("read.type", name);
        }
        return text(target, type, body);
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
        return Math.max(record, reader.position());
    }

    @Override
    long remaining() {
        return split().size() - place();
    }

    @Override
    void release() throws IOException {
        channel.close();
    }
}
