package dev.jumbo.data.shards;

/** How a token id is stored: little-endian, without a sign. */
public enum TokenType {
    /** Ids below 65,536. */
    UINT16(2),
    /** Ids below 2,147,483,648, as Java's {@code int} has them. */
    UINT32(4);

    private final int bytes;

    TokenType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one id. */
    public int bytes() {
        return bytes;
    }

    /** The smallest type that holds a vocabulary. */
    public static TokenType of(int vocabularySize) {
        return vocabularySize <= 1 << 16 ? UINT16 : UINT32;
    }
}
