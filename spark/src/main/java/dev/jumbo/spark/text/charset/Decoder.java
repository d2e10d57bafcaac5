package dev.jumbo.spark.text.charset;

/** How the bytes of a charset become characters; U+FFFD stands for what means nothing. */
interface Decoder {
    int REPLACEMENT = 0xfffd;

    void decode(Bytes in, StringBuilder out);

    static boolean isAscii(int next) {
        return next >= 0 && next < 0x80;
    }

    static boolean isIn(int next, int first, int last) {
        return next >= first && next <= last;
    }
}
