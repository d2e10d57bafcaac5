package dev.jumbo.spark.text.privacy;

/** A text in which what stands for an ASCII character is that character, each at its place: full-width forms, digits of all scripts, invisible hyphens. */
final class Folding {
    private Folding() {}

    /** The text itself if nothing is to be changed. */
    static String of(String text) {
        char[] folded = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x600) {
                continue;
            }
            char ascii = ascii(c);
            if (ascii != c) {
                if (folded == null) {
                    folded = text.toCharArray();
                }
                folded[i] = ascii;
            }
        }
        return folded == null ? text : new String(folded);
    }

    private static char ascii(char c) {
        if (c >= 0xff01 && c <= 0xff5e) {
            return (char) (c - 0xff01 + '!');
        }
        if (c == 0xfe6b) {
            return '@';
        }
        return Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER ? (char) ('0' + Character.digit(c, 10)) : c;
    }
}
