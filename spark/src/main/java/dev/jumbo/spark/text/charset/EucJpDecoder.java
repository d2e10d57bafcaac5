package dev.jumbo.spark.text.charset;

/** EUC-JP: JIS X 0208 in two bytes, JIS X 0212 in three, katakana of half width in two. */
final class EucJpDecoder implements Decoder {
    private static final int KATAKANA = 0x8e;
    private static final int LONGER = 0x8f;

    private static final class Index {
        static final int[] X0212 = Tables.index("jis0212.txt");
    }

    @Override
    public void decode(Bytes in, StringBuilder out) {
        for (int next = in.next(); next != Bytes.END; next = in.next()) {
            if (next < 0x80) {
                out.append((char) next);
            } else if (next == KATAKANA || next == LONGER || Decoder.isIn(next, 0xa1, 0xfe)) {
                out.appendCodePoint(longer(next, in));
            } else {
                out.appendCodePoint(REPLACEMENT);
            }
        }
    }

    private static int longer(int first, Bytes in) {
        int second = in.next();
        if (first == KATAKANA && Decoder.isIn(second, 0xa1, 0xdf)) {
            return 0xff61 - 0xa1 + second;
        }
        if (first == LONGER && Decoder.isIn(second, 0xa1, 0xfe)) {
            return pair(Index.X0212, second, in.next(), in);
        }
        return pair(Jis.X0208, first, second, in);
    }

    private static int pair(int[] index, int first, int second, Bytes in) {
        boolean fits = Decoder.isIn(first, 0xa1, 0xfe) && Decoder.isIn(second, 0xa1, 0xfe);
        int code = fits ? Tables.at(index, (first - 0xa1) * Jis.SIZE + second - 0xa1) : REPLACEMENT;
        if (code == REPLACEMENT && second < 0x80) {
            in.back(1);
        }
        return code;
    }
}
