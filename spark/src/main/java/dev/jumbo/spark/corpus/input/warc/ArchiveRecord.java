package dev.jumbo.spark.corpus.input.warc;

import java.io.InputStream;
import java.util.Locale;
import java.util.Map;

/**
 * A record of a web archive.
 *
 * @param type such as {@code response}, in small letters; empty if the record does not say
 * @param headers by names in small letters
 * @param block what it holds, up to where its length says
 */
public record ArchiveRecord(String type, Map<String, String> headers, InputStream block) {
    /** A header's value; empty if there is none. @param name in small letters */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** Of what it is about; some writers put it between angle brackets. */
    public String target() {
        String uri = header("warc-target-uri");
        return uri.startsWith("<") && uri.endsWith(">") ? uri.substring(1, uri.length() - 1) : uri;
    }

    /** Whether the crawler kept only the beginning, or this is one of several parts. */
    public boolean isTruncated() {
        return !header("warc-truncated").isEmpty()
                || !header("warc-segment-number").isEmpty();
    }

    /** The type of the block without parameters, in small letters; empty if the record does not say. */
    public String contentType() {
        return base(header("content-type"));
    }

    /** A media type without parameters, in small letters. */
    public static String base(String mediaType) {
        int end = mediaType.indexOf(';');
        return (end < 0 ? mediaType : mediaType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }
}
