package dev.jumbo.spark.text.charset;

/** Shift_JIS as windows-31j, with the characters of NEC and IBM and the area for private use. */
final class ShiftJisDecoder extends DoubleByte {
    private static final int PRIVATE = 8836;
    private static final int PRIVATE_END = 10_716;

    @Override
    int single(int next) {
        if (next == 0x80) {
            return next;
        }
        if (Decoder.isIn(next, 0xa1, 0xdf)) {
            return 0xff61 - 0xa1 + next;
        }
        return Decoder.isIn(next, 0x81, 0x9f) || Decoder.isIn(next, 0xe0, 0xfc) ? -1 : REPLACEMENT;
    }

    @Override
    int pair(int first, int second) {
        if (!Decoder.isIn(second, 0x40, 0xfc) || second == 0x7f) {
            return REPLACEMENT;
        }
        int row = first - (first < 0xa0 ? 0x81 : 0xc1);
        int pointer = row * 188 + second - (second < 0x7f ? 0x40 : 0x41);
        return pointer >= PRIVATE && pointer < PRIVATE_END ? 0xe000 + pointer - PRIVATE : Tables.at(Jis.X0208, pointer);
    }
}
