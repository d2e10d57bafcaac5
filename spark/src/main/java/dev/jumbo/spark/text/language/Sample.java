package dev.jumbo.spark.text.language;

/**
 * The part of a text that its language is told by: words from the beginnings of its three thirds. Addresses, names of hosts and
 * files, numbers and code are in no language, or in another one than the text: a token of ASCII characters with a digit, a full stop
 * between letters, or a sign such as {@code @ / _ =} is left out. (A message of few lines with a German sender was German by these.)
 */
final class Sample {
    private static final int PIECES = 3;
    private static final String SIGNS = "@/\\_=<>{}|#$%^*+~`[]";

    private final String text;
    private final StringBuilder words = new StringBuilder();

    private Sample(String text) {
        this.text = text;
    }

    /** @param size most characters, but for the rest of a word */
    static String of(String text, int size) {
        Sample sample = new Sample(text);
        if (text.length() <= size) {
            sample.take(0, text.length(), size);
        } else {
            for (int piece = 0; piece < PIECES; piece++) {
                int start = (int) ((long) text.length() * piece / PIECES);
                int end = (int) ((long) text.length() * (piece + 1) / PIECES);
                sample.take(start, end, size / PIECES);
            }
        }
        return sample.words.toString();
    }

    private void take(int from, int to, int most) {
        int full = words.length() + most;
        int start = from;
        while (start < to && words.length() < full) {
            int end = start;
            // Scripts without blanks have no tokens; there the size ends a piece.
            while (end < to && end - start < most && !Character.isWhitespace(text.charAt(end))) {
                end++;
            }
            if (isWord(start, end)) {
                words.append(text, start, end).append(' ');
            }
            start = Math.max(end, start + 1);
        }
    }

    private boolean isWord(int start, int end) {
        boolean suspect = false;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c >= 128) {
                return true;
            }
            suspect |= c >= '0' && c <= '9'
                    || SIGNS.indexOf(c) >= 0
                    || c == '.' && i > start && i + 1 < end && Character.isLetter(text.charAt(i + 1));
        }
        return !suspect && end > start;
    }
}
