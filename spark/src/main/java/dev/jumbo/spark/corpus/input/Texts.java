package dev.jumbo.spark.corpus.input;

import dev.jumbo.error.InputException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;

/** Bytes as text. */
final class Texts {
    /** Bytes by which a charset is guessed. */
    private static final int PROBE = 1024;

    private Texts() {}

    /** @throws InputException if there is no such charset */
    static Charset charset(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            throw new InputException("unknown charset \"" + name + "\": use a name such as UTF-8 or ISO-8859-1", e);
        }
    }

    /** Whether a file can be divided at the byte 10, as in UTF-8 and unlike UTF-16. */
    static boolean endsLinesWithOneByte(Charset charset) {
        return "\n".equals(new String(new byte[] {'\n'}, charset));
    }

    /**
     * Bytes as text.
     *
     * @param text without a byte order mark; empty if they are none
     * @param fault why they are none; empty if they are
     */
    record Decoded(String text, String fault) {
        boolean isText() {
            return fault.isEmpty();
        }
    }

    /** The text of bytes, if they are one in the charset. */
    static Decoded decode(byte[] bytes, int length, Charset charset) {
        String wide = wide(bytes, length);
        String text = new String(bytes, 0, length, charset);
        if (text.indexOf('\uFFFD') >= 0) {
            try {
                text = charset.newDecoder()
                        .decode(ByteBuffer.wrap(bytes, 0, length))
                        .toString();
            } catch (CharacterCodingException e) {
                return fault("bytes that are not " + charset, wide);
            }
        }
        boolean isWide = charset.name().startsWith("UTF-16");
        // Without a mark, UTF-16 is that of big ends.
        String read = charset.name().equals("UTF-16") && mark(bytes, length).isEmpty() ? "UTF-16BE" : charset.name();
        if (isWide && !wide.isEmpty() && !read.equals(wide) && !read.equals("UTF-16")) {
            return fault("bytes that are not " + charset, wide);
        }
        if (text.indexOf('\0') >= 0) {
            return fault("characters 0, which no text has", isWide ? "" : wide);
        }
        return new Decoded(!text.isEmpty() && text.charAt(0) == '\uFEFF' ? text.substring(1) : text, "");
    }

    private static Decoded fault(String what, String wide) {
        String hint = wide.isEmpty()
                ? ": expected a text, is it a binary file?"
                : "; they look like " + wide + ": set charset: " + wide + ", or convert the files to UTF-8";
        return new Decoded("", what + hint);
    }

    /** UTF-16LE or UTF-16BE, if the bytes are so marked, or if of Latin letters each second byte is 0; empty if not. */
    private static String wide(byte[] bytes, int length) {
        String marked = mark(bytes, length);
        if (!marked.isEmpty()) {
            return marked;
        }
        int head = Math.min(length, PROBE) & ~1;
        int[] zeros = new int[2];
        for (int i = 0; i < head; i++) {
            zeros[i & 1] += bytes[i] == 0 ? 1 : 0;
        }
        if (zeros[1] > 4 * zeros[0] && zeros[1] > head / 8) {
            return "UTF-16LE";
        }
        return zeros[0] > 4 * zeros[1] && zeros[0] > head / 8 ? "UTF-16BE" : "";
    }

    private static String mark(byte[] bytes, int length) {
        int mark = length < 2 ? 0 : (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
        return mark == 0xfffe ? "UTF-16LE" : mark == 0xfeff ? "UTF-16BE" : "";
    }
}
