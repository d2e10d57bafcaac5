package dev.jumbo.spark.text.quality;

/** Marks of an encyclopedia: [], [12], [edit], [citation needed]. */
final class Citations {
    private Citations() {}

    /** The line without them, and without white space at its ends. */
    static String remove(String line) {
        return line.indexOf('[') < 0 ? line : cut(line).strip();
    }

    /** The line without them, and nothing else changed. */
    static String cut(String line) {
        int open = line.indexOf('[');
        if (open < 0) {
            return line;
        }
        StringBuilder kept = new StringBuilder(line.length());
        int from = 0;
        while (open >= 0) {
            int close = line.indexOf(']', open);
            if (close < 0) {
                break;
            }
            if (isMark(line, open + 1, close)) {
                kept.append(line, from, open);
                from = close + 1;
            }
            open = line.indexOf('[', open + 1);
        }
        return kept.append(line, from, line.length()).toString();
    }

    private static boolean isMark(String line, int from, int to) {
        String inside = line.substring(from, to);
        return inside.equals("edit")
                || inside.equals("citation needed")
                || inside.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
