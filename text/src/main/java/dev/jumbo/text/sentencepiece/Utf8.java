package dev.jumbo.text.sentencepiece;

/** Lengths of characters in UTF-8. */
final class Utf8 {
    private Utf8() {}

    /** Bytes of the character at a place of sound UTF-8, as {@code String.getBytes} writes it; 0 inside a character. */
    static int length(byte[] text, int at) {
        int first = Byte.toUnsignedInt(text[at]);
        int length = first < 0x80 ? 1 : first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        return Math.min(length, text.length - at);
    }
}
