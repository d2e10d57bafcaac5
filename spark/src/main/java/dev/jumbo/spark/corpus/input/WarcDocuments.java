package dev.jumbo.spark.corpus.input;

import dev.jumbo.spark.corpus.document.Entry;
import dev.jumbo.spark.corpus.input.warc.ArchiveRecord;
import dev.jumbo.spark.corpus.input.warc.Content;
import dev.jumbo.spark.corpus.input.warc.HttpReply;
import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.charset.WebCharset;
import dev.jumbo.spark.text.extract.HtmlDecoder;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Records of a web archive as documents.
 *
 * @param reading whose documents they are
 * @param types that are read
 * @param limit bytes of the longest document
 */
record WarcDocuments(Reading reading, List<String> types, int limit) {
    private static final int OK = 200;

    /** A document whose text ends before its end: one more in the counts of the stage. */
    private static final String TRUNCATED = "read.truncated";

    /** The document of a record, or null if its type is not one of documents. */
    @Nullable
    Entry of(ArchiveRecord record, long place) throws IOException {
        String type = record.contentType();
        return switch (record.type()) {
            case "response" -> response(record, place);
            case "conversion" ->
                type.isEmpty() || type.startsWith("text/") || types.contains(type)
                        ? text(record, place, plain(record), record.header("content-type"))
                        : empty(place, metadata(record)).dropped("read.type", type);
            case "resource" ->
                types.contains(type)
                        ? text(record, place, plain(record), record.header("content-type"))
                        : empty(place, metadata(record)).dropped("read.type", shown(type));
            default -> null;
        };
    }

    private Entry response(ArchiveRecord record, long place) throws IOException {
        Entry empty = empty(place, metadata(record));
        HttpReply reply = HttpReply.read(record.block());
        if (reply == null
                && !record.contentType().isEmpty()
                && !record.contentType().equals("application/http")) {
            return empty.dropped("read.type", record.contentType()); // Of another protocol, as a name server's.
        }
        if (reply == null) {
            return empty.dropped("read.http", "expected a reply that begins with HTTP/1.1 200 or the like");
        }
        if (reply.status() != OK) {
            return empty.dropped("read.http_status", Integer.toString(reply.status()));
        }
        String type = ArchiveRecord.base(reply.header("content-type"));
        if (!types.contains(type)) {
            return empty.dropped("read.type", shown(type));
        }
        try {
            return text(record, place, Content.of(reply, limit), reply.header("content-type"));
        } catch (IOException e) {
            // The archive keeps what a server sent. If the archive itself is damaged, the record's end tells.
            return empty.dropped("read.content_encoding", reply.header("content-encoding") + ": " + e.getMessage());
        }
    }

    private static String shown(String type) {
        return type.isEmpty() ? "no type" : type;
    }

    private Content plain(ArchiveRecord record) throws IOException {
        return new Content(record.block().readNBytes(limit + 1), false);
    }

    private Entry text(ArchiveRecord record, long place, Content content, String type) {
        byte[] bytes = content.bytes();
        if (bytes.length > limit) {
            return reading.bad(place, "read.too_long", "a record of more than " + limit + " bytes", "", bytes.length);
        }
        if (HtmlDecoder.charset(bytes, type) == WebCharset.REPLACEMENT) {
            return empty(place, metadata(record)).dropped("read.charset", "a charset that no browser reads: " + type);
        }
        Entry read = reading.document(place, HtmlDecoder.decode(bytes, type), metadata(record));
        return content.truncated() || record.isTruncated() ? read.counting(Map.of(TRUNCATED, 1L)) : read;
    }

    /** A document without text. */
    Entry empty(long place, Map<String, String> metadata) {
        return Entry.read(reading.split().id(place), reading.source(place), "", metadata);
    }

    private static Map<String, String> metadata(ArchiveRecord record) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put(Document.URL, record.target());
        if (!record.header("warc-date").isEmpty()) {
            metadata.put("date", record.header("warc-date"));
        }
        return metadata;
    }
}
