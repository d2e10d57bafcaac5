package dev.jumbo.spark.corpus.input;

import dev.jumbo.spark.corpus.document.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A file as one document. */
final class FileReading extends Reading {
    private final InputStream in;
    private final Charset charset;
    private final int limit;
    private boolean read;

    FileReading(FileSplit split, Charset charset, int limit) throws IOException {
        super(split, "read.unreadable");
        this.charset = charset;
        this.limit = limit;
        in = Streams.open(Path.of(split.path()));
    }

    @Override
    @Nullable
    Entry advance() throws IOException {
        if (read) {
            return null;
        }
        read = true;
        byte[] bytes = in.readNBytes(limit);
        return in.read() >= 0 ? tooLong(bytes) : whole(bytes);
    }

    private Entry whole(byte[] bytes) {
        Texts.Decoded decoded = Texts.decode(bytes, bytes.length, charset);
        if (!decoded.isText()) {
            String shown = new String(bytes, StandardCharsets.ISO_8859_1);
            return bad(0, "read.malformed_text", decoded.fault(), shown, bytes.length);
        }
        return document(0, decoded.text(), Map.of());
    }

    private Entry tooLong(byte[] bytes) {
        String head = new String(bytes, 0, Math.min(bytes.length, 4 * Entry.EXCERPT), charset);
        return bad(0, "read.too_long", "a file of more than " + limit + " bytes", head, split().size());
    }

    @Override
    String source(long at) {
        return split().path();
    }

    @Override
    long place() {
        return 0;
    }

    @Override
    long remaining() {
        return split().size();
    }

    @Override
    void release() throws IOException {
        in.close();
    }
}
