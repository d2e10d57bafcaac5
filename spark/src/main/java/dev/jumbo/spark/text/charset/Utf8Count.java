package dev.jumbo.spark.text.charset;

/**
 * What bytes are if they are read as UTF-8.
 *
 * @param characters beyond ASCII
 * @param wrong bytes, or beginnings of characters, that mean nothing; a character that the end cuts is not one
 */
public record Utf8Count(long characters, long wrong) {
    /** Of all bytes. */
    public static Utf8Count of(byte[] bytes) {
        long characters = 0;
        long wrong = 0;
        Bytes in = new Bytes(bytes, 0, bytes.length);
        for (int next = in.next(); next != Bytes.END; next = in.next()) {
            if (next >= 0x80) {
                int code = Utf8Decoder.beyondAscii(next, in);
                characters += code >= 0 ? 1 : 0;
                wrong += code == Utf8Decoder.WRONG ? 1 : 0;
            }
        }
        return new Utf8Count(characters, wrong);
    }

    /** Whether at least half of what is beyond ASCII is UTF-8: in other charsets, next to nothing is by chance. */
    public boolean isUtf8() {
        return wrong <= characters;
    }
}
