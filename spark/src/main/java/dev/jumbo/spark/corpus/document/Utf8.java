package dev.jumbo.spark.corpus.document;

/** Sizes in UTF-8 without encoding. */
public final class Utf8 {
    private Utf8() {}

    /** Bytes of a text in UTF-8; an unpaired surrogate counts 3, as the replacement character does. */
    public static long length(String text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x800) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                bytes += 2; // A pair is two characters and four bytes.
                if (pair) {
                    i++;
                }
            } else if (c >= 0x80) {
                bytes++;
            }
        }
        return bytes;
    }

    /** The beginning of a text, of at most so many characters; never half a pair of surrogates. */
    public static String head(String text, int limit) {
        if (text.length() <= limit) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit);
    }
}
