package dev.jumbo.spark.corpus.input;

import dev.jumbo.error.InputException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Optional;

/** Bytes as text. */
final class Texts {
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

    /** The text of bytes, if they are one in the charset; a byte order mark is left out. */
    static Optional<String> strict(byte[] bytes, int length, Charset charset) {
        String text = new String(bytes, 0, length, charset);
        if (text.indexOf('\uFFFD') >= 0) {
            try {
                text = charset.newDecoder()
                        .decode(ByteBuffer.wrap(bytes, 0, length))
                        .toString();
            } catch (CharacterCodingException e) {
                return Optional.empty();
            }
        }
        return Optional.of(!text.isEmpty() && text.charAt(0) == '\uFEFF' ? text.substring(1) : text);
    }
}
