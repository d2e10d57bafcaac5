package dev.jumbo.spark.text.privacy;

/**
 * A line of a text, and how often the characters occur in it without which nothing can be found: most lines are passed
 * over after this one count.
 */
record Line(String text, int start, int end, int digits, int ats, int dots, int colons, int hyphens) {
    static Line of(String text, int start, int end) {
        int digits = 0;
        int ats = 0;
        int dots = 0;
        int colons = 0;
        int hyphens = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                digits++;
            } else if (c == '@') {
                ats++;
            } else if (c == '.') {
                dots++;
            } else if (c == ':') {
                colons++;
            } else if (c == '-') {
                hyphens++;
            }
        }
        return new Line(text, start, end, digits, ats, dots, colons, hyphens);
    }

    /** The character at a position, or a blank outside of the line. */
    char at(int position) {
        return position < start || position >= end ? ' ' : text.charAt(position);
    }

    boolean isDigit(int position) {
        char c = at(position);
        return c >= '0' && c <= '9';
    }

    boolean isLetterOrDigit(int position) {
        return Character.isLetterOrDigit(at(position));
    }
}
