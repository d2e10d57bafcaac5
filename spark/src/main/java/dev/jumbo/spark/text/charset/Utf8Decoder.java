package dev.jumbo.spark.text.charset;

/** UTF-8. One U+FFFD stands for the longest beginning of a character that is none, and for each other wrong byte. */
final class Utf8Decoder implements Decoder {
    /** In the place of a character: bytes that are none. */
    static final int WRONG = -1;
    /** In the place of a character: the bytes end inside it. */
    static final int CUT = -2;

    @Override
    public void decode(Bytes in, StringBuilder out) {
        for (int next = in.next(); next != Bytes.END; next = in.next()) {
            if (next < 0x80) {
                out.append((char) next);
            } else {
                int code = beyondAscii(next, in);
                out.appendCodePoint(code < 0 ? REPLACEMENT : code);
            }
        }
    }

    static int beyondAscii(int first, Bytes in) {
        int needed = Decoder.isIn(first, 0xc2, 0xdf) ? 1 : Decoder.isIn(first, 0xe0, 0xef) ? 2 : 3;
        if (first < 0xc2 || first > 0xf4) {
            return WRONG;
        }
        int code = first & (needed == 1 ? 0x1f : needed == 2 ? 0x0f : 0x07);
        // The second byte of these rules out longer forms than needed, surrogates, and what is beyond Unicode.
        int least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        for (int i = 0; i < needed; i++) {
            int next = in.next();
            if (!Decoder.isIn(next, least, most)) {
                in.back(1);
                return next == Bytes.END ? CUT : WRONG;
            }
            code = code << 6 | next & 0x3f;
            least = 0x80;
            most = 0xbf;
        }
        return code;
    }
}
