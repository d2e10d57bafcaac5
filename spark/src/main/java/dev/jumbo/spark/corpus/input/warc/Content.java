package dev.jumbo.spark.corpus.input.warc;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.jumbo.error.Shown;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.brotli.dec.BrotliInputStream;

/**
 * The content of a reply without the codings that it was sent in.
 *
 * @param bytes at most one more than was asked for
 * @param truncated whether it ends before its end
 */
public record Content(byte[] bytes, boolean truncated) {
    private static final int BUFFER = 1 << 13;
    /** Bytes by which a text is known. */
    private static final int PROBE = 1024;

    /** Bytes that a coding adds at most to what does not get smaller, in practice. */
    private static final int OVERHEAD = 1 << 16;

    /** Opens what was sent; may fail on the first bytes already. */
    private interface Coding {
        InputStream open(InputStream in) throws IOException;
    }

    /**
     * Reads and decodes. Archives keep headers of codings that they have undone, and servers send codings that there are
     * not: what is not in the coding, and looks like text, is taken as it is.
     *
     * @param limit bytes above which nothing more is decoded
     * @throws IOException if it is in a coding that cannot be decoded
     */
    public static Content of(HttpReply reply, int limit) throws IOException {
        byte[] sent = reply.content().readNBytes((int) Math.min(Integer.MAX_VALUE - 8L, limit + (long) OVERHEAD));
        if (sent.length > limit + (long) OVERHEAD - 1) {
            return new Content(sent, true);
        }
        boolean cut = false;
        if (reply.header("transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked")) {
            Chunks.Joined joined = Chunks.join(sent);
            sent = joined.content();
            cut = !joined.whole();
        }
        String[] codings =
                reply.header("content-encoding").toLowerCase(Locale.ROOT).split(",");
        Content content = new Content(sent, cut);
        // The last one was put on last.
        for (int i = codings.length - 1; i >= 0; i--) {
            Content decoded = content.without(codings[i].strip(), limit);
            content = new Content(decoded.bytes, decoded.truncated || content.truncated);
        }
        return content.without("gzip", limit); // Also where the header is lost: no text begins so.
    }

    private Content without(String coding, int limit) throws IOException {
        return switch (coding) {
            case "gzip", "x-gzip", "deflate", "br", "zstd", "utf-8", "utf8", "identity", "none", "" ->
                known(coding, limit);
            default -> {
                if (!looksLikeText()) {
                    throw new IOException("an unknown coding");
                }
                yield this;
            }
        };
    }

    private Content known(String coding, int limit) throws IOException {
        boolean isGzip = begins(0x1f, 0x8b);
        switch (coding) {
            case "gzip", "x-gzip":
                return isGzip ? decoded(GZIPInputStream::new, limit) : plainOr("gzip");
            case "zstd":
                return begins(0x28, 0xb5, 0x2f, 0xfd)
                        ? decoded(ZstdInputStreamNoFinalizer::new, limit)
                        : plainOr(coding);
            case "deflate":
                // RFC 9110 says zlib; some servers send what is inside, and some what they call gzip elsewhere.
                List<Coding> ways = isGzip
                        ? List.of(GZIPInputStream::new)
                        : List.of(InflaterInputStream::new, in -> new InflaterInputStream(in, new Inflater(true)));
                return first(ways, coding, limit);
            case "br":
                return first(List.of(BrotliInputStream::new), coding, limit);
            default:
                return this;
        }
    }

    /** By the first way that comes to the end; else as a text that is in no coding; else what a way gives up to where it breaks. */
    private Content first(List<Coding> ways, String coding, int limit) throws IOException {
        Content broken = null;
        for (Coding way : ways) {
            try {
                Content made = decoded(way, limit);
                if (!made.truncated || truncated) {
                    return made;
                }
                broken = broken == null ? made : broken;
            } catch (IOException | RuntimeException e) {
                continue; // Another way may do.
            }
        }
        return broken == null || looksLikeText() ? plainOr(coding) : broken;
    }

    private Content plainOr(String coding) throws IOException {
        if (bytes.length > 0 && !looksLikeText()) {
            throw new IOException("not in this coding: " + coding);
        }
        return this;
    }

    /** What breaks off counts as far as it goes. */
    private Content decoded(Coding coding, int limit) throws IOException {
        ByteArrayOutputStream made = new ByteArrayOutputStream(2 * bytes.length);
        try {
            copy(coding, BUFFER, limit, made);
            return new Content(made.toByteArray(), truncated);
        } catch (IOException e) {
            if (!isEnd(e)) {
                throw e;
            }
            // Some decoders keep what they have of the last buffer to themselves: now in the smallest.
            ByteArrayOutputStream all = new ByteArrayOutputStream(2 * bytes.length);
            try {
                copy(coding, 1, limit, all);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            if (all.size() == 0) {
                throw e;
            }
            return new Content(all.toByteArray(), true);
        }
    }

    private void copy(Coding coding, int step, int limit, ByteArrayOutputStream made) throws IOException {
        byte[] buffer = new byte[step];
        try (InputStream in = coding.open(new ByteArrayInputStream(bytes))) {
            int read = in.read(buffer);
            while (read >= 0 && made.size() <= limit) {
                made.write(buffer, 0, read);
                read = in.read(buffer);
            }
        }
    }

    /** Whether bytes are missing at the end; the libraries of Brotli and Zstandard say so in words alone. */
    private static boolean isEnd(IOException e) {
        String words =
                e.getMessage() + " " + (e.getCause() == null ? "" : e.getCause().getMessage());
        return e instanceof EOFException
                || words.contains("Unexpected end of input")
                || words.contains("Truncated source");
    }

    private boolean begins(int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether there are none of the characters that a text does not have, as in what is compressed one in ten is. */
    private boolean looksLikeText() {
        for (int i = 0; i < Math.min(PROBE, bytes.length); i++) {
            int c = bytes[i];
            if (c >= 0 && c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return "Content[bytes=" + Shown.of(bytes) + ", truncated=" + truncated + "]";
    }
}
