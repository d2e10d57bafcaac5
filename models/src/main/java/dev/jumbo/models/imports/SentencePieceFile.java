package dev.jumbo.models.imports;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes a {@code .model} of SentencePiece ({@code sentencepiece_model.proto}) whose pieces are merged by pairs, the best score first. */
public final class SentencePieceFile {
    /** Kinds of pieces, with the numbers of the file. */
    public static final int NORMAL = 1;

    public static final int UNKNOWN = 2;
    public static final int CONTROL = 3;
    public static final int BYTE = 6;

    private static final int PAIRS = 2;

    private SentencePieceFile() {}

    /** A piece. @param text with blanks as U+2581 */
    public record Piece(String text, float score, int kind) {}

    /** @param dummyPrefix whether a text begins with a blank */
    public static byte[] of(List<Piece> pieces, boolean dummyPrefix) {
        Message model = new Message();
        for (Piece piece : pieces) {
            Message each = new Message();
            each.bytes(1, piece.text().getBytes(StandardCharsets.UTF_8));
            each.real(2, piece.score());
            each.number(3, piece.kind());
            model.bytes(1, each.made());
        }
        boolean bytes = pieces.stream().anyMatch(piece -> piece.kind() == BYTE);
        Message trainer = new Message();
        trainer.number(3, PAIRS);
        trainer.number(35, bytes ? 1 : 0);
        model.bytes(2, trainer.made());
        Message normalizer = new Message();
        normalizer.bytes(1, "identity".getBytes(StandardCharsets.UTF_8));
        normalizer.number(3, dummyPrefix ? 1 : 0);
        normalizer.number(4, 0);
        normalizer.number(5, 1);
        model.bytes(3, normalizer.made());
        return model.made();
    }

    /** A message of Protocol Buffers. */
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        private void varint(int value) {
            int rest = value;
            while ((rest & ~0x7f) != 0) {
                out.write((rest & 0x7f) | 0x80);
                rest >>>= 7;
            }
            out.write(rest);
        }

        void number(int field, int value) {
            varint(field << 3);
            varint(value);
        }

        void real(int field, float value) {
            varint(field << 3 | 5);
            int bits = Float.floatToIntBits(value);
            for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
                out.write(bits >> shift);
            }
        }

        void bytes(int field, byte[] value) {
            varint(field << 3 | 2);
            varint(value.length);
            out.writeBytes(value);
        }

        byte[] made() {
            return out.toByteArray();
        }
    }
}
