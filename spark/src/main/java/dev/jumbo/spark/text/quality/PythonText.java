package dev.jumbo.spark.text.quality;

import java.util.ArrayList;
import java.util.List;

/** What Python's strings say of white space and lines, which differs from Java's. */
final class PythonText {
    private PythonText() {}

    /** {@code str.isspace}. */
    static boolean isSpace(char c) {
        return c == ' '
                || c >= 9 && c <= 13
                || c >= 0x1c && c <= 0x1f
                || c == 0x85
                || c == 0xa0
                || c >= 0x1680 && (Character.isSpaceChar(c) || c == 0x2028 || c == 0x2029);
    }

    /** {@code str.strip}. */
    static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /** {@code str.splitlines}: also at form feeds, separators of records and U+0085. */
    static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 10 && c <= 13 || c >= 0x1c && c <= 0x1e || c == 0x85 || c == 0x2028 || c == 0x2029) {
                lines.add(text.substring(start, i));
                i += c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n' ? 1 : 0;
                start = i + 1;
            }
        }
        if (start < text.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }

    /** Parts between runs of line feeds that are at least so long, as {@code re.split} has them. */
    static List<String> split(String text, int feeds) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); ) {
            int end = i;
            while (end < text.length() && text.charAt(end) == '\n') {
                end++;
            }
            if (end - i >= feeds) {
                parts.add(text.substring(start, i));
                start = end;
            }
            i = Math.max(end, i + 1);
        }
        parts.add(text.substring(start));
        return parts;
    }

    /** {@code str.count}: occurrences that do not overlap. */
    static int count(String text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    /** {@code len}. */
    static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
