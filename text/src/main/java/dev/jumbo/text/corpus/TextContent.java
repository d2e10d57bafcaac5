package dev.jumbo.text.corpus;

import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Text files in UTF-8, compressed with gzip or not, whole. */
public final class TextContent {
    private static final int GZIP_MAGIC = 0x1F8B;
    /** How many times larger than the file gzip content may be: zlib gives at most 1,032. */
    private static final long MOST_RATIO = 1100;

    private TextContent() {}

    /**
     * The text of a file, without a byte order mark.
     *
     * @throws InputException if it is not UTF-8, with the place of the first byte that is not, or cannot be held in memory
     */
    public static String read(Path file) {
        return decode(bytes(file), file.toString());
    }

    private static byte[] bytes(Path file) {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            raw.mark(2);
            boolean gzip = (raw.read() << 8 | raw.read()) == GZIP_MAGIC;
            raw.reset();
            if (!gzip) {
                return raw.readAllBytes();
            }
            long most = Math.min(Integer.MAX_VALUE - 16, Math.max(1 << 20, Files.size(file) * MOST_RATIO));
            return new GZIPInputStream(raw, 1 << 16).readNBytes((int) most);
        } catch (ZipException e) {
            throw new InputException("cannot read " + file + ": its gzip is damaged; copy it again", e);
        } catch (IOException e) {
            throw new InputException("cannot read " + file + ": " + IoProblem.of(e), e);
        } catch (OutOfMemoryError e) {
            throw new InputException(
                    file + ": expected a text that memory holds; divide it into several files, or write"
                            + " its documents as JSON lines",
                    e);
        }
    }

    /**
     * As {@link #read}, of bytes that have been read.
     *
     * @param name for errors
     */
    static String decode(byte[] bytes, String name) {
        int first =
                bytes.length >= 3 && (bytes[0] & 0xff) == 0xef && (bytes[1] & 0xff) == 0xbb && (bytes[2] & 0xff) == 0xbf
                        ? 3
                        : 0;
        ByteBuffer rest = ByteBuffer.wrap(bytes, first, bytes.length - first);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(rest)
                    .toString();
        } catch (CharacterCodingException e) {
            int line = 1;
            for (int i = 0; i < rest.position(); i++) {
                line += bytes[i] == '\n' ? 1 : 0;
            }
            throw new InputException(
                    name + ", line " + line + ": expected text in UTF-8, received the byte 0x"
                            + Integer.toHexString(bytes[rest.position()] & 0xff) + " at " + rest.position()
                            + "; convert the file, as iconv -f windows-1252 -t UTF-8 does",
                    e);
        }
    }
}
