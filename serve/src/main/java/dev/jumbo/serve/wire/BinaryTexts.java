package dev.jumbo.serve.wire;

import dev.jumbo.error.InputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Texts of the binary extension: before each its length in four little-endian bytes, then UTF-8. */
public record BinaryTexts(List<String> texts) implements Elements {
    static BinaryTexts read(ByteBuffer data) {
        ByteBuffer little = data.slice().order(ByteOrder.LITTLE_ENDIAN);
        List<String> texts = new ArrayList<>();
        while (little.hasRemaining()) {
            long length = little.remaining() < 4 ? -1 : little.getInt() & 0xFFFF_FFFFL;
            if (length < 0 || length > little.remaining()) {
                throw new InputException("expected a length of four bytes and as many bytes of text for each of BYTES,"
                        + " received less after " + texts.size() + " of them");
            }
            ByteBuffer text = little.slice(little.position(), (int) length);
            little.position(little.position() + (int) length);
            try {
                texts.add(StandardCharsets.UTF_8.newDecoder().decode(text).toString());
            } catch (CharacterCodingException e) {
                throw new InputException("expected UTF-8 as BYTES, received other bytes at " + texts.size(), e);
            }
        }
        return new BinaryTexts(texts);
    }

    @Override
    public int size() {
        return texts.size();
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
        return texts.get(index);
    }
}
