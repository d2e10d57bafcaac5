package dev.jumbo.spark.text.charset;

/** EUC-KR as windows-949, with all syllables of Hangul. */
final class EucKrDecoder extends DoubleByte {
    private static final class Index {
        static final int[] KOREAN = Tables.index("euc-kr.txt");
    }

    @Override
    int single(int next) {
        return Decoder.isIn(next, 0x81, 0xfe) ? -1 : REPLACEMENT;
    }

    @Override
    int pair(int first, int second) {
        return Decoder.isIn(second, 0x41, 0xfe)
                ? Tables.at(Index.KOREAN, (first - 0x81) * 190 + second - 0x41)
                : REPLACEMENT;
    }
}
