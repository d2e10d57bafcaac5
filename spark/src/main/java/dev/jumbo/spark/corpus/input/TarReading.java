package dev.jumbo.spark.corpus.input;

import dev.jumbo.spark.corpus.document.Entry;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/** The files of an archive. A document's place is the number of its file in the archive. */
final class TarReading extends Reading {
    /** Key of a document's metadata: its path in the archive. */
    private static final String PATH = "path";

    private final TarArchiveInputStream tar;
    private final Charset charset;
    private final int limit;
    private long count;
    private String name = "";

    TarReading(FileSplit split, Charset charset, int limit) throws IOException {
        super(split, "read.corrupt_tar");
        this.charset = charset;
        this.limit = limit;
        tar = new TarArchiveInputStream(Streams.open(Path.of(split.path())), StandardCharsets.UTF_8.name());
    }

    @Override
    @Nullable
    Entry advance() throws IOException {
        TarArchiveEntry file = entry();
        while (file != null && !file.isFile()) {
            file = entry();
        }
        if (file == null) {
            return null;
        }
        name = file.getName();
        if (file.getSize() > limit) {
            return bad(count++, "read.too_long", "a file of more than " + limit + " bytes", "", file.getSize());
        }
        byte[] bytes = tar.readNBytes((int) file.getSize());
        if (bytes.length < file.getSize()) {
            throw new IOException("the archive ends inside " + name);
        }
        long at = count++;
        Texts.Decoded decoded = Texts.decode(bytes, bytes.length, charset);
        if (!decoded.isText()) {
            String shown = new String(bytes, StandardCharsets.ISO_8859_1);
            return bad(at, "read.malformed_text", decoded.fault(), shown, bytes.length);
        }
        return document(at, decoded.text(), Map.of(PATH, name));
    }

    private @Nullable TarArchiveEntry entry() throws IOException {
        TarArchiveEntry entry = tar.getNextEntry();
        if (entry != null && !entry.isCheckSumOK()) {
            throw new IOException("a header with another checksum than that of its bytes, behind " + count + " files");
        }
        return entry;
    }

    @Override
    String source(long at) {
        return split().path() + "#" + name;
    }

    @Override
    long place() {
        return count;
    }

    @Override
    void release() throws IOException {
        tar.close();
    }
}
