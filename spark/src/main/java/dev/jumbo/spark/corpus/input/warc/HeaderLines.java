package dev.jumbo.spark.corpus.input.warc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Headers of a record or of a reply: {@code name: value} on each line, which ends with LF or CR LF, and a blank line behind
 * the last. A line that begins with a blank goes on with the one before; one without a colon is passed over.
 */
final class HeaderLines {
    /** Bytes of a line of which no sane archive has more. */
    private static final int LONGEST = 1 << 16;

    private static final int MOST = 10_000;

    private HeaderLines() {}

    /**
     * The next line without its end.
     *
     * @return null at the end of the stream
     * @throws IOException if it is longer than a header can be
     */
    static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            line.write(next);
            if (line.size() >= LONGEST) {
                throw new IOException("a header of more than " + LONGEST + " bytes");
            }
            next = in.read();
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /**
     * All up to the blank line, by names in small letters; of equal names the first counts.
     *
     * @param in a stream that can be marked
     * @param content how what follows may begin where the blank line is missing
     */
    static Map<String, String> read(InputStream in, String content) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        String last = "";
        for (int count = 0; count < MOST; count++) {
            in.mark(LONGEST + 1);
            String line = line(in);
            if (line == null || line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (line.startsWith(content) && headers.size() > 0) {
                in.reset();
                return headers;
            }
            if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
                headers.computeIfPresent(last, (name, value) -> value + " " + line.strip());
            } else if (colon > 0) {
                last = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
                headers.putIfAbsent(last, line.substring(colon + 1).strip());
            }
        }
        throw new IOException("more than " + MOST + " headers");
    }
}
