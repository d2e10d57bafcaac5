package dev.jumbo.data.clean.rules;

import dev.jumbo.data.table.Numbers;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A word of an expression.
 *
 * @param text without quotes
 * @param at its position, from 1
 */
record Token(Kind kind, String text, int at) {
    enum Kind {
        NUMBER,
        TEXT,
        NAME,
        /** A name between backticks: never a word of the language. */
        QUOTED_NAME,
        SIGN,
        END
    }

    private static final Set<String> LONG_SIGNS = Set.of("<=", ">=", "==", "!=", "<>", "&&", "||");
    private static final String SIGNS = "<>=+-*/%(),[]!&|";

    boolean is(String word) {
        return kind == Kind.SIGN && text.equals(word)
                || kind == Kind.NAME && text.toLowerCase(Locale.ROOT).equals(word);
    }

    String shown() {
        return switch (kind) {
            case END -> "the end";
            case TEXT -> "'" + text + "'";
            default -> "\"" + text + "\"";
        };
    }

    static List<Token> of(String expression) {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < expression.length()) {
            char c = expression.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
            } else if (c == '\'' || c == '"' || c == '`') {
                at = quoted(expression, at, tokens);
            } else if (isDigit(c) || c == '.' && at + 1 < expression.length() && isDigit(expression.charAt(at + 1))) {
                at = number(expression, at, tokens);
            } else if (Character.isLetter(c) || c == '_') {
                int end = at;
                while (end < expression.length()
                        && (Character.isLetterOrDigit(expression.charAt(end)) || expression.charAt(end) == '_')) {
                    end++;
                }
                tokens.add(new Token(Kind.NAME, expression.substring(at, end), at + 1));
                at = end;
            } else if (SIGNS.indexOf(c) >= 0) {
                String two = expression.substring(at, Math.min(at + 2, expression.length()));
                String sign = LONG_SIGNS.contains(two) ? two : String.valueOf(c);
                tokens.add(new Token(Kind.SIGN, sign, at + 1));
                at += sign.length();
            } else {
                throw error(expression, at + 1, "\"" + c + "\" has no meaning here");
            }
        }
        tokens.add(new Token(Kind.END, "", expression.length() + 1));
        return tokens;
    }

    /** A mark twice stands for itself. */
    private static int quoted(String expression, int from, List<Token> tokens) {
        char mark = expression.charAt(from);
        StringBuilder text = new StringBuilder();
        int at = from + 1;
        while (at < expression.length()) {
            char c = expression.charAt(at++);
            if (c != mark) {
                text.append(c);
            } else if (at < expression.length() && expression.charAt(at) == mark) {
                text.append(c);
                at++;
            } else {
                tokens.add(new Token(mark == '`' ? Kind.QUOTED_NAME : Kind.TEXT, text.toString(), from + 1));
                return at;
            }
        }
        throw error(expression, from + 1, "the text that begins with " + mark + " here has no end");
    }

    private static int number(String expression, int from, List<Token> tokens) {
        int at = from;
        while (at < expression.length()) {
            char c = expression.charAt(at);
            boolean sign =
                    (c == '+' || c == '-') && "eE".indexOf(expression.charAt(at - 1 < from ? from : at - 1)) >= 0;
            if (!sign && !Character.isLetterOrDigit(c) && c != '.' && c != '_') {
                break;
            }
            at++;
        }
        String text = expression.substring(from, at);
        if (Double.isNaN(Numbers.parse(text))) {
            throw error(
                    expression,
                    from + 1,
                    "\"" + text + "\" is no number; a date or a text stands in quotes, a name"
                            + " that begins with a digit in backticks");
        }
        tokens.add(new Token(Kind.NUMBER, text, from + 1));
        return at;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static InputException error(String expression, int at, String what) {
        return new InputException("rule \"" + expression + "\", position " + at + ": " + what);
    }
}
