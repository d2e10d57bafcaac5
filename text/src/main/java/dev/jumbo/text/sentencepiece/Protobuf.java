package dev.jumbo.text.sentencepiece;

import dev.jumbo.error.InputException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads the fields of a message of Protocol Buffers (encoding of version 2 and 3), one after the other. */
final class Protobuf {
    static final int VARINT = 0;
    static final int FIXED_64 = 1;
    static final int BYTES = 2;
    static final int FIXED_32 = 5;

    private final byte[] bytes;
    private final int end;
    private int at;
    private int field;
    private int wire;

    private Protobuf(byte[] bytes, int at, int end) {
        this.bytes = bytes;
        this.at = at;
        this.end = end;
    }

    static Protobuf of(byte[] message) {
        return new Protobuf(message, 0, message.length);
    }

    /** Goes to the next field. @return its number, or 0 at the end */
    int next() {
        if (at == end) {
            return 0;
        }
        long key = varint();
        field = (int) (key >>> 3);
        wire = (int) (key & 7);
        if (field < 1 || key >>> 32 != 0) {
            throw damaged();
        }
        return field;
    }

    /** Passes over the field. */
    void skip() {
        switch (wire) {
            case VARINT -> varint();
            case FIXED_64 -> advance(8);
            case BYTES -> advance(length());
            case FIXED_32 -> advance(4);
            default -> throw damaged();
        }
    }

    long number() {
        require(VARINT);
        return varint();
    }

    boolean truth() {
        return number() != 0;
    }

    float real() {
        require(FIXED_32);
        int start = advance(4);
        int bits = 0;
        for (int i = 3; i >= 0; i--) {
            bits = bits << 8 | Byte.toUnsignedInt(bytes[start + i]);
        }
        return Float.intBitsToFloat(bits);
    }

    byte[] raw() {
        require(BYTES);
        int length = length();
        int start = advance(length);
        return Arrays.copyOfRange(bytes, start, start + length);
    }

    String text() {
        return new String(raw(), StandardCharsets.UTF_8);
    }

    /** The message that is in the field. */
    Protobuf message() {
        require(BYTES);
        int length = length();
        int start = advance(length);
        return new Protobuf(bytes, start, start + length);
    }

    private void require(int expected) {
        if (wire != expected) {
            throw damaged();
        }
    }

    private int length() {
        long length = varint();
        if (length < 0 || length > end - at) {
            throw damaged();
        }
        return (int) length;
    }

    private int advance(int count) {
        if (count > end - at) {
            throw damaged();
        }
        at += count;
        return at - count;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = bytes[advance(1)];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw damaged();
    }

    private static InputException damaged() {
        return new InputException(
                "expected a sound model of SentencePiece, received something else, or one that is cut off");
    }
}
