package dev.jumbo.spark.corpus.input;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** Files as streams of their content; gzip, bzip2 and Zstandard are recognised by their first bytes. */
final class Streams {
    private static final int BUFFER = 1 << 16;
    private static final int MAGIC = 4;

    private Streams() {}

    static boolean isCompressed(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Compression.of(in.readNBytes(MAGIC)) != Compression.NONE;
        }
    }

    /** The content of a file from its beginning. */
    static InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        try {
            in.mark(MAGIC);
            byte[] magic = in.readNBytes(MAGIC);
            in.reset();
            return switch (Compression.of(magic)) {
                case NONE -> in;
                case GZIP -> new GZIPInputStream(in, BUFFER);
                case BZIP2 -> new BZip2CompressorInputStream(in, true);
                case ZSTD -> new ZstdInputStreamNoFinalizer(in);
            };
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private enum Compression {
        NONE,
        GZIP,
        BZIP2,
        ZSTD;

        static Compression of(byte[] magic) {
            if (begins(magic, 0x1f, 0x8b)) {
                return GZIP;
            }
            if (begins(magic, 'B', 'Z', 'h')) {
                return BZIP2;
            }
            return begins(magic, 0x28, 0xb5, 0x2f, 0xfd) ? ZSTD : NONE;
        }

        private static boolean begins(byte[] magic, int... bytes) {
            if (magic.length < bytes.length) {
                return false;
            }
            for (int i = 0; i < bytes.length; i++) {
                if ((magic[i] & 0xff) != bytes[i]) {
                    return false;
                }
            }
            return true;
        }
    }
}
