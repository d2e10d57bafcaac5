package dev.jumbo.spark.text.charset;

/** Charsets of ASCII and characters of two bytes. Of a pair that is none, a second byte of ASCII means itself. */
abstract class DoubleByte implements Decoder {
    /** The character of a byte that stands alone; -1 if it is the first of two. */
    abstract int single(int next);

    /** The character of two bytes, or U+FFFD. */
    abstract int pair(int first, int second);

    @Override
    public final void decode(Bytes in, StringBuilder out) {
        for (int first = in.next(); first != Bytes.END; first = in.next()) {
            int code = first < 0x80 ? first : single(first);
            if (code >= 0) {
                out.appendCodePoint(code);
            } else {
                second(first, in, out);
            }
        }
    }

    private void second(int first, Bytes in, StringBuilder out) {
        int second = in.next();
        int code = second == Bytes.END ? REPLACEMENT : pair(first, second);
        out.appendCodePoint(code);
        if (code == REPLACEMENT && second < 0x80) {
            in.back(1);
        }
        int mark = code == REPLACEMENT || second == Bytes.END ? 0 : mark(first, second);
        if (mark != 0) {
            out.appendCodePoint(mark);
        }
    }

    /** A second character of a pair; 0 for none. */
    int mark(int first, int second) {
        return 0;
    }
}
