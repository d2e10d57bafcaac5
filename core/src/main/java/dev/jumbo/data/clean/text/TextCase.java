package dev.jumbo.data.clean.text;

import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Table;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Upper, lower and title case, the same in any country. */
final class TextCase {
    private TextCase() {}

    static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    static String title(String text) {
        StringBuilder title = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            int end = wordEnd(text, at);
            if (end == at) {
                int c = text.codePointAt(at);
                title.appendCodePoint(c);
                at += Character.charCount(c);
            } else {
                int first = Character.charCount(text.codePointAt(at));
                // Lower case of the whole word: what a sigma becomes depends on its place.
                String word = text.substring(at, end);
                String rest =
                        lower(word).substring(lower(word.substring(0, first)).length());
                title.append(capital(text.codePointAt(at))).append(rest);
                at = end;
            }
        }
        return title.toString();
    }

    private static String capital(int letter) {
        int title = Character.toTitleCase(letter);
        if (title != letter || Character.isTitleCase(letter)) {
            return Character.toString(title);
        }
        // Letters whose capital is two, such as the German sharp s.
        String upper = upper(Character.toString(letter));
        int first = upper.codePointAt(0);
        return Character.toString(first) + lower(upper.substring(Character.charCount(first)));
    }

    /** Where the letters from a place end, apostrophes between them included. */
    private static int wordEnd(String text, int from) {
        int at = from;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            boolean inside = at > from && (c == '\'' || c == '\u2019');
            int after = at + Character.charCount(c);
            if (isLetter(c) || inside && after < text.length() && isLetter(text.codePointAt(after))) {
                at = after;
            } else {
                break;
            }
        }
        return at;
    }

    private static boolean isLetter(int c) {
        int type = Character.getType(c);
        return Character.isLetter(c) || type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    static void change(Table table, Edits edits, List<String> columns, UnaryOperator<String> to, String reason) {
        for (int column : CleaningStep.positions(table, columns)) {
            for (int row = 0; row < table.rows(); row++) {
                String text = table.text(row, column);
                // Of numbers there is no case: 1E9 stays what it is.
                if (text != null && !table.columns().get(column).isNumber(row)) {
                    edits.set(row, column, to.apply(text), reason);
                }
            }
        }
    }
}
