package dev.jumbo.spark.corpus.input.warc;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server said, as an archive keeps it.
 *
 * @param status such as 200
 * @param headers by names in small letters
 * @param content as it was sent: its {@code Content-Length} is not asked, since crawlers keep that of what they decoded
 */
public record HttpReply(int status, Map<String, String> headers, InputStream content) {
    /** Reads up to the content. @return null if it is no reply of HTTP */
    public static @Nullable HttpReply read(InputStream block) throws IOException {
        InputStream in = new BufferedInputStream(block);
        String first = HeaderLines.line(in);
        if (first == null || !first.startsWith("HTTP/")) {
            return null;
        }
        String[] words = first.trim().split("\\s+");
        if (words.length < 2 || !words[1].matches("\\d{3}")) {
            return null;
        }
        return new HttpReply(Integer.parseInt(words[1]), HeaderLines.read(in, "<"), in);
    }

    /** A header's value; empty if there is none. @param name in small letters */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }
}
