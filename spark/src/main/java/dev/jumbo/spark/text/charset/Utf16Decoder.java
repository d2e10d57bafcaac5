package dev.jumbo.spark.text.charset;

/**
 * UTF-16; a lone surrogate and a lone last byte are U+FFFD.
 *
 * @param bigEndian whether the high byte comes first
 */
record Utf16Decoder(boolean bigEndian) implements Decoder {
    @Override
    public void decode(Bytes in, StringBuilder out) {
        while (in.left() > 1) {
            char unit = unit(in);
            if (!Character.isSurrogate(unit)) {
                out.append(unit);
                continue;
            }
            boolean paired = false;
            if (Character.isHighSurrogate(unit) && in.left() > 1) {
                char second = unit(in);
                paired = Character.isLowSurrogate(second);
                if (paired) {
                    out.append(unit).append(second);
                } else {
                    in.back(2);
                }
            } else if (Character.isHighSurrogate(unit)) {
                in.back(-in.left()); // With a lone byte behind it, the two are one error.
            }
            if (!paired) {
                out.appendCodePoint(REPLACEMENT);
            }
        }
        if (in.left() > 0) {
            out.appendCodePoint(REPLACEMENT);
        }
    }

    private char unit(Bytes in) {
        int first = in.next();
        int second = in.next();
        return (char) (bigEndian ? first << 8 | second : second << 8 | first);
    }
}
