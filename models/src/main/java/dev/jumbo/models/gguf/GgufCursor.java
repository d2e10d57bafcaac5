package dev.jumbo.models.gguf;

import dev.jumbo.error.InputException;
import dev.jumbo.models.imports.ByteSource;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Reads the header of a file from the front. What a length says is held against what is left, before anything is allocated. */
final class GgufCursor {
    private static final int WINDOW = 1 << 16;

    private final ByteSource file;
    private ByteBuffer window;
    private long start;
    private long at;

    GgufCursor(ByteSource file) {
        this.file = file;
        window = ByteBuffer.allocate(0);
    }

    long at() {
        return at;
    }

    long left() {
        return file.size() - at;
    }

    private ByteBuffer take(int bytes) {
        if (at - start + bytes > window.limit() || at < start) {
            start = at;
            window = file.read(at, (int) Math.max(bytes, Math.min(WINDOW, left())));
        }
        window.position((int) (at - start));
        at += bytes;
        return window;
    }

    byte int8() {
        return take(1).get();
    }

    short int16() {
        return take(2).getShort();
    }

    int int32() {
        return take(4).getInt();
    }

    long int64() {
        return take(8).getLong();
    }

    /** A number of things, of which each takes some bytes. @param what for the message */
    int count(long least, String what) {
        long place = at;
        long count = int64();
        if (count < 0 || count > left() / least || count > Integer.MAX_VALUE - 8) {
            throw new InputException(
                    file.name() + ": expected a number of " + what + " that the rest of the file holds,"
                            + " received " + Long.toUnsignedString(count) + " at " + place
                            + "; the file is truncated or damaged");
        }
        return (int) count;
    }

    /** Text in UTF-8. */
    String text(String what) {
        int length = count(1, "bytes of " + what);
        byte[] bytes = new byte[length];
        if (length <= WINDOW) {
            take(length).get(bytes);
        } else {
            file.read(at, length).get(bytes);
            at += length;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InputException(
                    file.name() + ": expected UTF-8 in " + what + ", received other bytes before " + at, e);
        }
    }
}
