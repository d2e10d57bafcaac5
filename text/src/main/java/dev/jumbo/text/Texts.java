package dev.jumbo.text;

/** Java's texts as other libraries count them. */
final class Texts {
    private Texts() {}

    /** The text with U+FFFD in the place of each half of a surrogate pair that stands alone: no UTF-8 says such a half. */
    static String whole(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                StringBuilder mended = new StringBuilder(text);
                for (int k = i; k < mended.length(); k++) {
                    boolean pair = Character.isHighSurrogate(mended.charAt(k))
                            && k + 1 < mended.length()
                            && Character.isLowSurrogate(mended.charAt(k + 1));
                    if (pair) {
                        k++;
                    } else if (Character.isSurrogate(mended.charAt(k))) {
                        mended.setCharAt(k, '\ufffd');
                    }
                }
                return mended.toString();
            }
        }
        return text;
    }

    /** Where each code point begins in {@code char}s, and the end. */
    static int[] places(String text) {
        int[] places = new int[text.codePointCount(0, text.length()) + 1];
        int n = 0;
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            places[n++] = at;
        }
        places[n] = text.length();
        return places;
    }
}
