package dev.jumbo.spark.text.charset;

/** Bytes that a decoder takes one after the other, and can put back. */
final class Bytes {
    /** What {@link #next} gives behind the last byte. */
    static final int END = -1;

    private final byte[] bytes;
    private final int to;
    private int at;

    Bytes(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = from;
        this.to = to;
    }

    /** From 0 to 255, or {@link #END}, which can be put back as a byte can. */
    int next() {
        int place = at++;
        return place < to ? bytes[place] & 0xff : END;
    }

    /** Puts the last ones back. */
    void back(int count) {
        at -= count;
    }

    int left() {
        return Math.max(0, to - at);
    }
}
