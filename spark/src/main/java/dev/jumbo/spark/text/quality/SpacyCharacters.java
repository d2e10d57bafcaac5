package dev.jumbo.spark.text.quality;

/** The classes of characters by which spaCy splits words at both ends and inside. */
final class SpacyCharacters {
    private static final String PUNCTUATION =
            "\u2026,:;!?\u00bf\u061f\u00a1()[]{}<>_#*&\u3002\uff1f\uff01\uff0c\u3001\uff1b\uff1a\uff5e\u00b7\u0964\u060c\u06d4\u061b\u066a";
    private static final String QUOTES =
            "'\"\u201d\u201c`\u2018\u00b4\u2019\u201a,\u201e\u00bb\u00ab\u300c\u300d\u300e\u300f\uff08\uff09\u3014\u3015\u3010\u3011\u300a\u300b\u3008\u3009\u27e6\u27e7";
    private static final String CURRENCIES = "$\u00a3\u20ac\u00a5\u0e3f\u20bd\ufdfc\u20b4";
    static final String[] UNITS =
            ("km km\u00b2 km\u00b3 m m\u00b2 m\u00b3 dm dm\u00b2 dm\u00b3 cm cm\u00b2 cm\u00b3 mm mm\u00b2 mm\u00b3 ha \u00b5m nm yd in ft kg g mg \u00b5g t lb oz m/s km/h kmh mph hPa Pa mbar mb MB kb KB gb GB tb TB T G M K %")
                    .split(" ");

    /** Ranges of scripts without capitals, first and last in turns. */
    private static final String UNCASED =
            "\u1200\u137f\u0980\u09ff\u0591\u05f4\ufb1d\ufb4f\u0620\u064a\u066e\u06d5\u06e5\u06ff\u0750\u077f\u08a0\u08bd\ufb50\ufbb1\ufbd3\ufd3d\ufd50\ufdc7\ufdf0\ufdfb\ufe70\ufefc"
                    + "\u0d80\u0dff\u0900\u097f\u0c80\u0cff\u0b80\u0bff\u0c00\u0c7f\uac00\ud7af\u1100\u11ff\u3040\u30ff\u4e00\u9fff\u3400\u4dbf\u2e80\u2fdf\u2ff0\u303f\u31c0\u31ef\u3200\u33ff\uf900\ufaff\ufe30\ufe4f";

    private SpacyCharacters() {}

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isLower(char c) {
        return c < 128
                ? c >= 'a' && c <= 'z'
                : isCased(c) && Character.isLowerCase(c) && c != 0xaa && c != 0xba && c != 0xb5 || isUncased(c);
    }

    static boolean isUpper(char c) {
        return c < 128 ? c >= 'A' && c <= 'Z' : isCased(c) && Character.isUpperCase(c) || isUncased(c);
    }

    static boolean isLetter(char c) {
        return isLower(c) || isUpper(c);
    }

    /** Latin, Greek and Cyrillic. */
    private static boolean isCased(char c) {
        return c < 0x2b0
                || c >= 0x386 && c <= 0x3ce
                || c >= 0x400 && c <= 0x4e9
                || c >= 0x1d00 && c <= 0x1eff
                || c >= 0x2c60 && c <= 0x2c7f
                || c >= 0xa722 && c <= 0xa7b9
                || c >= 0xab30 && c <= 0xab64
                || c >= 0xff21 && c <= 0xff5a;
    }

    private static boolean isUncased(char c) {
        for (int i = 0; i < UNCASED.length(); i += 2) {
            if (c >= UNCASED.charAt(i) && c <= UNCASED.charAt(i + 1)) {
                return true;
            }
        }
        return false;
    }

    static boolean isQuote(char c) {
        return QUOTES.indexOf(c) >= 0;
    }

    static boolean isCurrency(char c) {
        return CURRENCIES.indexOf(c) >= 0 || c >= 0x20a0 && c <= 0x20bf;
    }

    /** Punctuation, a quote, or a symbol such as a pictogram: split off at both ends. */
    static boolean isMark(char c) {
        return PUNCTUATION.indexOf(c) >= 0 || isQuote(c) || c > 127 && isIcon(c);
    }

    static boolean isIcon(char c) {
        return c > 127 && Character.getType(c) == Character.OTHER_SYMBOL;
    }

    /** Whether a full stop behind it is split off. */
    static boolean isBeforeStop(char c) {
        return isDigit(c) || isLower(c) || "%\u00b2-+|".indexOf(c) >= 0 || PUNCTUATION.indexOf(c) >= 0 || isQuote(c);
    }

    /** All characters are of Unicode's punctuation. */
    static boolean isPunctuation(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            switch (Character.getType(text.charAt(i))) {
                case Character.CONNECTOR_PUNCTUATION,
                        Character.DASH_PUNCTUATION,
                        Character.START_PUNCTUATION,
                        Character.END_PUNCTUATION,
                        Character.INITIAL_QUOTE_PUNCTUATION,
                        Character.FINAL_QUOTE_PUNCTUATION,
                        Character.OTHER_PUNCTUATION -> {}
                default -> {
                    return false;
                }
            }
        }
        return true;
    }
}
