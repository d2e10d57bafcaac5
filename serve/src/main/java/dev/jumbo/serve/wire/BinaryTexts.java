package dev.jumbo.serve.wire;

import dev.jumbo.error.InputException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** BYTES as they come over a binary protocol: texts in UTF-8, or what files hold. */
public record BinaryTexts(List<ByteBuffer> each) implements Elements {
    /** Splits the form of the binary extension: before each element its length in four little-endian bytes. */
    public static BinaryTexts read(ByteBuffer data) {
        ByteBuffer little = data.slice().order(ByteOrder.LITTLE_ENDIAN);
        List<ByteBuffer> each = new ArrayList<>();
        while (little.hasRemaining()) {
            long length = little.remaining() < 4 ? -1 : little.getInt() & 0xFFFF_FFFFL;
            if (length < 0 || length > little.remaining()) {
                throw new InputException("expected a length of four bytes and as many bytes of text for each of BYTES,"
                        + " received less after " + each.size() + " of them");
            }
            each.add(little.slice(little.position(), (int) length));
            little.position(little.position() + (int) length);
        }
        return new BinaryTexts(each);
    }

    /** The form that {@link #read} splits. */
    static byte[] write(List<String> texts) {
        var out = new ByteArrayOutputStream();
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(bytes.length)
                    .array());
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }

    @Override
    public int size() {
        return each.size();
    }

    @Override
    public Form form() {
        return Form.TEXTS;
    }

    @Override
    public double real(int index) {
        throw new IllegalStateException("texts are no numbers");
    }

    @Override
    public long whole(int index) {
        throw new IllegalStateException("texts are no numbers");
    }

    @Override
    public @Nullable String text(int index) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(each.get(index).duplicate())
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InputException("expected UTF-8 as BYTES, received other bytes at " + index, e);
        }
    }

    @Override
    public byte[] bytes(int index) {
        ByteBuffer from = each.get(index).duplicate();
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        return bytes;
    }
}
