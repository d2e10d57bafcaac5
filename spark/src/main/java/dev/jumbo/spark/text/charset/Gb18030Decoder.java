package dev.jumbo.spark.text.charset;

/** GB 18030, of which GBK and GB 2312 are parts: characters of one, two and four bytes. */
final class Gb18030Decoder implements Decoder {
    private static final class Index {
        static final int[] CHINESE = Tables.index("gb18030.txt");
        static final int[][] RANGES = Tables.ranges("gb18030-ranges.txt");
    }

    /** The last of four bytes in the basic plane, and the first and last of the other planes. */
    private static final int BASIC_LAST = 39_419;

    private static final int HIGHER = 189_000;
    private static final int HIGHER_LAST = 1_237_575;

    @Override
    public void decode(Bytes in, StringBuilder out) {
        for (int next = in.next(); next != Bytes.END; next = in.next()) {
            if (next < 0x80) {
                out.append((char) next);
            } else if (next == 0x80) {
                out.append('\u20ac');
            } else {
                out.appendCodePoint(next == 0xff ? REPLACEMENT : longer(next, in));
            }
        }
    }

    private static int longer(int first, Bytes in) {
        int second = in.next();
        if (Decoder.isIn(second, 0x30, 0x39)) {
            return four(first, second, in);
        }
        boolean fits = Decoder.isIn(second, 0x40, 0x7e) || Decoder.isIn(second, 0x80, 0xfe);
        int pointer = fits ? (first - 0x81) * 190 + second - (second < 0x7f ? 0x40 : 0x41) : -1;
        int code = Tables.at(Index.CHINESE, pointer);
        if (code == REPLACEMENT && second < 0x80) {
            in.back(1);
        }
        return code;
    }

    private static int four(int first, int second, Bytes in) {
        int third = in.next();
        if (third == Bytes.END) {
            return REPLACEMENT; // All that is left is one error.
        }
        if (!Decoder.isIn(third, 0x81, 0xfe)) {
            in.back(2);
            return REPLACEMENT;
        }
        int fourth = in.next();
        if (fourth == Bytes.END) {
            return REPLACEMENT;
        }
        if (!Decoder.isIn(fourth, 0x30, 0x39)) {
            in.back(3);
            return REPLACEMENT;
        }
        return range((((first - 0x81) * 10 + second - 0x30) * 126 + third - 0x81) * 10 + fourth - 0x30);
    }

    private static int range(int pointer) {
        if (pointer > BASIC_LAST && pointer < HIGHER || pointer > HIGHER_LAST) {
            return REPLACEMENT;
        }
        if (pointer == 7457) {
            return 0xe7c7; // The one that is out of order.
        }
        int[] last = Index.RANGES[0];
        for (int[] range : Index.RANGES) {
            if (range[0] > pointer) {
                break;
            }
            last = range;
        }
        return last[1] + pointer - last[0];
    }
}
