package dev.jumbo.spark.text.language;

import java.lang.Character.UnicodeScript;
import java.util.Arrays;

/**
 * The script of each letter, by Unicode; Han, Hiragana, Katakana and Bopomofo are one, because Japanese and Chinese mix them. Characters beyond 16
 * bits have none: what is frequent among them (styled Latin letters) is plain after NFKC.
 */
final class Scripts {
    /** No letter, or one of no script: a word ends there. */
    static final int NONE = -1;

    static final int COUNT = UnicodeScript.values().length;

    private static final int HAN = UnicodeScript.HAN.ordinal();
    private static final int HANGUL = UnicodeScript.HANGUL.ordinal();

    private static final short[] OF = table();

    private Scripts() {}

    private static short[] table() {
        short[] table = new short[1 << 16];
        Arrays.fill(table, (short) NONE);
        for (int c = 0; c < table.length; c++) {
            if (!Character.isLetter(c)) {
                continue;
            }
            UnicodeScript script = UnicodeScript.of(c);
            switch (script) {
                case HIRAGANA, KATAKANA, BOPOMOFO -> table[c] = (short) HAN;
                case COMMON, INHERITED, UNKNOWN -> table[c] = NONE;
                default -> table[c] = (short) script.ordinal();
            }
        }
        return table;
    }

    /** A number below {@link #COUNT}, or {@link #NONE}. */
    static int of(char c) {
        return OF[c];
    }

    /**
     * How many letters of an alphabet a letter counts for where a text mixes scripts: a text in English has about three letters for each character of
     * its translation into Chinese, and two for each syllable of Korean or character of Japanese.
     */
    static int weight(char c) {
        int script = OF[c];
        return script == HANGUL ? 2 : script != HAN ? 1 : c >= 0x3040 && c < 0x3200 ? 2 : 3;
    }
}
