package dev.jumbo.spark.text.extract;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The HTML standard's "extracting a character encoding from a meta element". */
final class CharsetOfContent {
    private static final String WORD = "charset";

    private CharsetOfContent() {}

    /** The label in a value such as {@code text/html; charset=koi8-r}; null if there is none. */
    static @Nullable String label(String content) {
        String small = content.toLowerCase(Locale.ROOT);
        int at = small.indexOf(WORD);
        while (at >= 0) {
            int behind = skipSpaces(content, at + WORD.length());
            if (content.startsWith("=", behind)) {
                return value(content, skipSpaces(content, behind + 1));
            }
            at = small.indexOf(WORD, at + WORD.length());
        }
        return null;
    }

    private static int skipSpaces(String text, int from) {
        int at = from;
        while (at < text.length() && DeclaredCharset.isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static @Nullable String value(String text, int from) {
        char quote = from < text.length() ? text.charAt(from) : 0;
        if (quote == '"' || quote == '\'') {
            int end = text.indexOf(quote, from + 1);
            return end < 0 ? null : text.substring(from + 1, end);
        }
        int end = from;
        while (end < text.length() && !DeclaredCharset.isSpace(text.charAt(end)) && text.charAt(end) != ';') {
            end++;
        }
        return text.substring(from, end);
    }
}
