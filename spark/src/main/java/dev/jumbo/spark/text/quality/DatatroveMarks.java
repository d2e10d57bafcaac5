package dev.jumbo.spark.text.quality;

/** Characters that datatrove counts as punctuation, and as ends of sentences. */
final class DatatroveMarks {
    private static final String TERMINAL =
            "!.?\u0589\u061d\u061e\u061f\u06d4\u0700\u0701\u0702\u07f9\u0837\u0839\u083d\u083e\u0964\u0965\u104a\u104b\u1362\u1367\u1368\u166e\u1735\u1736\u17d4\u17d5\u17d6\u17d9\u17da"
                    + "\u1803\u1809\u1944\u1945\u1aa8\u1aa9\u1aaa\u1aab\u1b5a\u1b5b\u1b5e\u1b5f\u1b7d\u1b7e\u1c3b\u1c3c\u1c7e\u1c7f\u203c\u203d\u2047\u2048\u2049\u2e2e\u2e3c\u2e53\u2e54\u3002"
                    + "\ua4ff\ua60e\ua60f\ua6f3\ua6f7\ua876\ua877\ua8ce\ua8cf\ua92f\ua9c8\ua9c9\uaa5d\uaa5e\uaa5f\uaaf0\uaaf1\uabeb\ufe52\ufe56\ufe57\uff01\uff0e\uff1f\uff61";

    /** Of these spaCy's sentencizer leaves some out. */
    private static final String NO_END =
            "\u061d\u061e\u0837\u0839\u083d\u083e\u17d4\u17d5\u17d6\u17d9\u17da\u1b7d\u1b7e\u2e53\u2e54";

    private static final String MARKS =
            "!/\u2014\u201d:\uff05\uff11\u3008&(\u3001\u2501\\\u3010#%\u300c\u300d\uff0c\u3011\uff1b+^]~\u201c\u300a\u201e';\u2019{|\u2236\u00b4[=-`*\uff0e\uff08\u2013\uff1f\uff01\uff1a$\uff5e\u00ab\u3009,><\u300b)?\uff09\u3002\u2026@_.\"}\u25ba\u00bb";

    private DatatroveMarks() {}

    static boolean isTerminal(char c) {
        return TERMINAL.indexOf(c) >= 0;
    }

    static boolean endsSentence(char c) {
        return isTerminal(c) && NO_END.indexOf(c) < 0;
    }

    /** Punctuation, or a control character but for tab and line feed. */
    static boolean isMark(char c) {
        return c < 32 && c != 9 && c != 10 || c >= 127 && c < 160 || MARKS.indexOf(c) >= 0 || isTerminal(c);
    }
}
