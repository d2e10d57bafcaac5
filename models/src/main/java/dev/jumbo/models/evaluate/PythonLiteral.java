package dev.jumbo.models.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Python's {@code ast.literal_eval} of what templates write: texts, whole numbers, and lists and tuples of them. */
final class PythonLiteral {
    private static final int DEEPEST = 20;
    /** Up to the last character of Unicode. */
    private static final Pattern HEX = Pattern.compile("(?:00(?:0\\p{XDigit}|10))?\\p{XDigit}{1,4}");

    private final String text;
    private int at;

    private PythonLiteral(String text) {
        this.text = text;
    }

    /** Not a literal. */
    private static final class NoLiteral extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** A {@code String}, {@code Long} or {@code List}; empty where the text is none of them. */
    static Optional<Object> of(String text) {
        PythonLiteral literal = new PythonLiteral(text);
        try {
            Object value = literal.value(0);
            literal.skip();
            return literal.at == text.length() ? Optional.of(value) : Optional.empty();
        } catch (NoLiteral e) {
            return Optional.empty();
        }
    }

    private void skip() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() throws NoLiteral {
        skip();
        if (at >= text.length()) {
            throw new NoLiteral();
        }
        return text.charAt(at);
    }

    private Object value(int depth) throws NoLiteral {
        char c = peek();
        if (depth > DEEPEST) {
            throw new NoLiteral();
        }
        if (c == '[' || c == '(') {
            return list(c == '[' ? ']' : ')', depth);
        }
        if (c == '\'' || c == '"') {
            return quoted(c);
        }
        int from = at;
        at += c == '-' ? 1 : 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        try {
            return Long.valueOf(text.substring(from, at));
        } catch (NumberFormatException e) {
            throw new NoLiteral();
        }
    }

    private List<Object> list(char end, int depth) throws NoLiteral {
        List<Object> values = new ArrayList<>();
        at++;
        while (peek() != end) {
            values.add(value(depth + 1));
            if (peek() == ',') {
                at++;
            } else if (peek() != end) {
                throw new NoLiteral();
            }
        }
        at++;
        return values;
    }

    private String quoted(char quote) throws NoLiteral {
        StringBuilder said = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != quote) {
            char c = text.charAt(at++);
            if (c == '\n') {
                throw new NoLiteral();
            }
            if (c == '\\') {
                escape(said);
            } else {
                said.append(c);
            }
        }
        if (at >= text.length()) {
            throw new NoLiteral();
        }
        at++;
        return said.toString();
    }

    private void escape(StringBuilder into) throws NoLiteral {
        if (at >= text.length()) {
            throw new NoLiteral();
        }
        char c = text.charAt(at++);
        switch (c) {
            case 'n' -> into.append('\n');
            case 't' -> into.append('\t');
            case 'r' -> into.append('\r');
            case '\\', '\'', '"' -> into.append(c);
            case 'x' -> into.appendCodePoint(hex(2));
            case 'u' -> into.appendCodePoint(hex(4));
            case 'U' -> into.appendCodePoint(hex(8));
            default -> into.append('\\').append(c);
        }
    }

    private int hex(int digits) throws NoLiteral {
        String code = text.substring(at, Math.min(text.length(), at + digits));
        if (code.length() < digits || !HEX.matcher(code).matches()) {
            throw new NoLiteral();
        }
        at += digits;
        return Integer.parseInt(code, 16);
    }
}
