package dev.jumbo.spark.corpus.input;

import dev.jumbo.spark.corpus.document.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A document on each line. A part of a file owns the lines that begin in it. */
abstract class LineReading extends Reading {
    private final ByteLines lines;
    private final Charset charset;
    private final int limit;

    LineReading(FileSplit split, Charset charset, int limit) throws IOException {
        super(split, "read.unreadable");
        this.charset = charset;
        this.limit = limit;
        lines = open(split, limit);
    }

    private static ByteLines open(FileSplit split, int limit) throws IOException {
        Path file = Path.of(split.path());
        if (split.start() == 0) {
            return new ByteLines(Streams.open(file), 0, limit);
        }
        InputStream in = Files.newInputStream(file);
        try {
            in.skipNBytes(split.start() - 1);
            ByteLines lines = new ByteLines(in, split.start() - 1, limit);
            lines.next(); // The line of the part before, or just its end.
            return lines;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** The document of a line. @param at its place */
    abstract Entry parse(long at, String line);

    @Override
    @Nullable
    Entry advance() throws IOException {
        // Of a compressed file, which is one part, places are those of its content.
        boolean mine = split().isWhole() || lines.position() < split().end();
        if (!mine || !lines.next()) {
            return null;
        }
        long at = lines.start();
        if (lines.isTooLong()) {
            String head = new String(lines.bytes(), 0, Math.min(lines.length(), 4 * Entry.EXCERPT), charset);
            return bad(at, "read.too_long", "a line of more than " + limit + " bytes", head, lines.fullLength());
        }
        Texts.Decoded decoded = Texts.decode(lines.bytes(), lines.length(), charset);
        if (!decoded.isText()) {
            String shown = new String(lines.bytes(), 0, lines.length(), StandardCharsets.ISO_8859_1);
            return bad(at, "read.malformed_text", decoded.fault(), shown, lines.length());
        }
        return parse(at, decoded.text());
    }

    @Override
    long place() {
        return lines.position();
    }

    @Override
    void release() throws IOException {
        lines.close();
    }
}
