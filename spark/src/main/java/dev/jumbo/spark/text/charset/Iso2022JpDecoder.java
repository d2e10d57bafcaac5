package dev.jumbo.spark.text.charset;

import org.jspecify.annotations.Nullable;

/** ISO-2022-JP: seven bits, with escape sequences between sets of characters. */
final class Iso2022JpDecoder implements Decoder {
    private static final int ESCAPE = 0x1b;

    private enum Set {
        ASCII,
        ROMAN,
        KATAKANA,
        PAIRS
    }

    @Override
    public void decode(Bytes in, StringBuilder out) {
        Set set = Set.ASCII;
        boolean justChanged = false;
        for (int next = in.next(); next != Bytes.END; next = in.next()) {
            if (next == ESCAPE) {
                Set chosen = escape(in);
                // An escape that nothing follows but another could hide characters from filters.
                if (chosen == null || justChanged) {
                    out.appendCodePoint(REPLACEMENT);
                }
                set = chosen == null ? set : chosen;
                justChanged = chosen != null;
            } else {
                justChanged = false;
                out.appendCodePoint(set == Set.PAIRS ? pair(next, in) : single(set, next));
            }
        }
    }

    /** The set that is named behind an escape; null, with all put back, if none is. */
    private static @Nullable Set escape(Bytes in) {
        int first = in.next();
        int second = in.next();
        if (first == '(' && second == 'B') {
            return Set.ASCII;
        }
        if (first == '(' && second == 'J') {
            return Set.ROMAN;
        }
        if (first == '(' && second == 'I') {
            return Set.KATAKANA;
        }
        if (first == '$' && (second == '@' || second == 'B')) {
            return Set.PAIRS;
        }
        in.back(2);
        return null;
    }

    private static int single(Set set, int next) {
        if (set == Set.KATAKANA) {
            return Decoder.isIn(next, 0x21, 0x5f) ? 0xff61 - 0x21 + next : REPLACEMENT;
        }
        if (!Decoder.isAscii(next) || next == 0x0e || next == 0x0f) {
            return REPLACEMENT;
        }
        if (set == Set.ROMAN && next == 0x5c) {
            return 0xa5;
        }
        return set == Set.ROMAN && next == 0x7e ? 0x203e : next;
    }

    private static int pair(int first, Bytes in) {
        if (!Decoder.isIn(first, 0x21, 0x7e)) {
            return REPLACEMENT;
        }
        int second = in.next();
        if (second == ESCAPE) {
            in.back(1);
            return REPLACEMENT;
        }
        return Decoder.isIn(second, 0x21, 0x7e)
                ? Tables.at(Jis.X0208, (first - 0x21) * Jis.SIZE + second - 0x21)
                : REPLACEMENT;
    }
}
