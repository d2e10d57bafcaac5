package dev.jumbo.spark.text.charset;

/** Big5 with the Hong Kong Supplementary Character Set. */
final class Big5Decoder extends DoubleByte {
    private static final class Index {
        static final int[] CHINESE = Tables.index("big5.txt");
    }

    @Override
    int single(int next) {
        return Decoder.isIn(next, 0x81, 0xfe) ? -1 : REPLACEMENT;
    }

    @Override
    int pair(int first, int second) {
        int pointer = pointer(first, second);
        // Two letters of Pinyin have no character of their own with their second mark.
        return switch (pointer) {
            case 1133, 1135 -> 0xca;
            case 1164, 1166 -> 0xea;
            default -> Tables.at(Index.CHINESE, pointer);
        };
    }

    @Override
    int mark(int first, int second) {
        return switch (pointer(first, second)) {
            case 1133, 1164 -> 0x304;
            case 1135, 1166 -> 0x30c;
            default -> 0;
        };
    }

    private static int pointer(int first, int second) {
        boolean fits = Decoder.isIn(second, 0x40, 0x7e) || Decoder.isIn(second, 0xa1, 0xfe);
        return fits ? (first - 0x81) * 157 + second - (second < 0x7f ? 0x40 : 0x62) : -1;
    }
}
