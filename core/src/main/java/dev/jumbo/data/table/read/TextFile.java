package dev.jumbo.data.table.read;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.JumboException;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Text files, compressed with gzip or not: seen from the content, not the name. */
final class TextFile {
    private static final int GZIP_MAGIC = 0x1F8B;
    /** Below this size a file is not suspected of being a decompression bomb. */
    private static final long FREE = 1 << 20;

    private TextFile() {}

    /** Stands where bytes could not be decoded: alone, which no text of any charset has. */
    private static final char BROKEN = '\uDC00';

    /** As {@link #open}, with a mark of its own where bytes are not of the charset: U+FFFD may well stand in a text. */
    static BufferedReader openMarking(Path file, Charset charset, int maxRatio) {
        return open(
                file,
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE)
                        .replaceWith(String.valueOf(BROKEN)),
                maxRatio);
    }

    /** Whether bytes of a text that was opened with marks could not be decoded. */
    static boolean isBroken(String text) {
        for (int i = text.indexOf(BROKEN); i >= 0; i = text.indexOf(BROKEN, i + 1)) {
            if (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1))) {
                return true;
            }
        }
        return false;
    }

    /** A text with U+FFFD for each mark. */
    static String shown(String text) {
        if (!isBroken(text)) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text);
        for (int i = 0; i < shown.length(); i++) {
            if (shown.charAt(i) == BROKEN && (i == 0 || !Character.isHighSurrogate(shown.charAt(i - 1)))) {
                shown.setCharAt(i, '\uFFFD');
            }
        }
        return shown.toString();
    }

    /**
     * Opens a file for reading.
     *
     * @param maxRatio how many times larger than the file its decompressed content may be; reading more throws
     *     InputException
     */
    static BufferedReader open(Path file, Charset charset, int maxRatio) {
        return open(
                file,
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE),
                maxRatio);
    }

    private static BufferedReader open(Path file, CharsetDecoder decoder, int maxRatio) {
        if (Files.isDirectory(file)) {
            throw new InputException("expected a file at " + file + ", received a directory; name one of its files");
        }
        try {
            long stored = Files.size(file);
            InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
            try {
                raw.mark(2);
                boolean gzip = (raw.read() << 8 | raw.read()) == GZIP_MAGIC;
                raw.reset();
                InputStream content = gzip
                        ? new BufferedInputStream(
                                new Limited(new GZIPInputStream(raw, 1 << 16), file, Math.max(FREE, stored * maxRatio)))
                        : raw;
                TextSniffing.requireText(file, content, decoder.charset());
                return new BufferedReader(new InputStreamReader(content, decoder), 1 << 16);
            } catch (IOException e) {
                raw.close();
                throw e;
            }
        } catch (NoSuchFileException e) {
            throw new InputException("expected a file at " + file + ", found none; check the path", e);
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    /** Damaged gzip is the file's fault, everything else the disk's. */
    static JumboException failure(Object source, IOException e) {
        String message = "cannot read " + source + ": " + e.getMessage() + "; copy it again";
        return e instanceof ZipException || e instanceof EOFException
                ? new InputException(message, e)
                : new FailureException(message, e);
    }

    /** Ends a decompression bomb before it fills the memory. */
    private static final class Limited extends FilterInputStream {
        private final Path file;
        private final long limit;
        private long read;

        Limited(InputStream in, Path file, long limit) {
            super(in);
            this.file = file;
            this.limit = limit;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int got = super.read(bytes, offset, length);
            count(Math.max(0, got));
            return got;
        }

        private void count(int bytes) {
            read += bytes;
            if (read > limit) {
                throw new InputException("expected " + file + " to decompress to at most " + limit
                        + " bytes, received more; raise max_ratio if the file is trusted");
            }
        }
    }
}
