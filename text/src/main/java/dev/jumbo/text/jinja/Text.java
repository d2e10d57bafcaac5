package dev.jumbo.text.jinja;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Texts as Python counts them, by code points. */
final class Text {
    private static final int SHOWN = 60;
    private static final Set<Integer> MORE_SPACE = Set.of(0x85, 0xa0, 0x2007, 0x202f);

    private Text() {}

    static boolean isSpace(int c) {
        return Character.isWhitespace(c) || MORE_SPACE.contains(c);
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Place in the string of a code point. */
    static int place(String text, int codePoint) {
        return text.offsetByCodePoints(0, codePoint);
    }

    static String shown(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }

    /** Without characters at its ends. @param which null for white space */
    static String strip(String text, boolean left, boolean right, @Nullable String which) {
        int from = 0;
        int to = text.length();
        while (left && from < to && strips(text.codePointAt(from), which)) {
            from += Character.charCount(text.codePointAt(from));
        }
        while (right && to > from && strips(text.codePointBefore(to), which)) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return text.substring(from, to);
    }

    private static boolean strips(int c, @Nullable String which) {
        return which == null ? isSpace(c) : which.indexOf(c) >= 0;
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = Character.charCount(text.codePointAt(0));
        return title(text.codePointAt(0)) + lower(text.substring(first));
    }

    private static String title(int c) {
        return Character.toString(Character.toTitleCase(c));
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    /** Each run of letters begins with a capital, as Python's {@code str.title}. */
    static String title(String text) {
        StringBuilder made = new StringBuilder();
        boolean inside = false;
        for (int c : text.codePoints().toArray()) {
            boolean letter = Character.isLetter(c);
            made.append(!letter ? Character.toString(c) : inside ? lower(Character.toString(c)) : title(c));
            inside = letter;
        }
        return made.toString();
    }
}
