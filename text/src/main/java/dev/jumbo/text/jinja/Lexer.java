package dev.jumbo.text.jinja;

import dev.jumbo.text.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Cuts a template into tokens, with {@code trim_blocks} and {@code lstrip_blocks}: jinja2's rules for white space. */
final class Lexer {
    private static final List<String> OPERATORS = List.of(
            "//", "**", "==", "!=", "<=", ">=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<",
            "=", ".", ":", "|", ",", ";");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private final boolean keepsSpace;
    private int at;
    private int line = 1;

    private Lexer(String template, boolean keepsSpace) {
        this.keepsSpace = keepsSpace;
        String lines = template.replace("\r\n", "\n").replace('\r', '\n');
        // Otherwise keep_trailing_newline is off.
        source = !keepsSpace && lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines;
    }

    /** @param keepsSpace without trim_blocks and lstrip_blocks, and with the last line end */
    static List<Token> tokens(String template, boolean keepsSpace) {
        Lexer lexer = new Lexer(template, keepsSpace);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        boolean lineStarting = true;
        while (at < source.length()) {
            int open = nextOpen(at);
            if (open < 0) {
                add(Kind.DATA, source.substring(at));
                at = source.length();
                break;
            }
            char type = source.charAt(open + 1);
            char sign = open + 2 < source.length() ? source.charAt(open + 2) : ' ';
            String text = source.substring(at, open);
            String kept = text;
            if (sign == '-') {
                kept = text.substring(0, text.length() - trailingSpace(text));
            } else if (!keepsSpace && sign != '+' && type != '{') {
                int from = text.lastIndexOf('\n') + 1;
                if ((from > 0 || lineStarting) && from < text.length() && isSpace(text, from)) {
                    kept = text.substring(0, from);
                }
            }
            if (!kept.isEmpty()) {
                add(Kind.DATA, kept);
            }
            count(text);
            at = open + 2 + (sign == '-' || sign == '+' ? 1 : 0);
            switch (type) {
                case '#' -> comment();
                case '%' -> {
                    if (!raw(open)) {
                        add(Kind.BLOCK_BEGIN, "{%");
                        inside("%}", Kind.BLOCK_END);
                    }
                }
                default -> {
                    add(Kind.VARIABLE_BEGIN, "{{");
                    inside("}}", Kind.VARIABLE_END);
                }
            }
            lineStarting = at > 0 && source.charAt(at - 1) == '\n';
        }
        add(Kind.END, "");
    }

    private int nextOpen(int from) {
        for (int i = source.indexOf('{', from); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            char next = source.charAt(i + 1);
            if (next == '{' || next == '%' || next == '#') {
                return i;
            }
        }
        return -1;
    }

    private void add(Kind kind, Object value) {
        tokens.add(new Token(kind, value, line));
    }

    private void count(String text) {
        for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
            line++;
        }
    }

    private static int trailingSpace(String text) {
        int count = 0;
        while (count < text.length() && Text.isSpace(text.charAt(text.length() - 1 - count))) {
            count++;
        }
        return count;
    }

    private static boolean isSpace(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (!Text.isSpace(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Behind an end of a tag: after {@code -} all white space goes, after {@code +} none, otherwise one line end. */
    private void behind(boolean strips, boolean keeps) {
        int from = at;
        if (strips) {
            while (at < source.length() && Text.isSpace(source.charAt(at))) {
                at++;
            }
        } else if (!keepsSpace && !keeps && at < source.length() && source.charAt(at) == '\n') {
            at++;
        }
        count(source.substring(from, at));
    }

    private void comment() {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw new SyntaxRefused("expected #} at the end of a comment, found none", line);
        }
        char sign = end > at ? source.charAt(end - 1) : ' ';
        count(source.substring(at, end));
        at = end + 2;
        behind(sign == '-', sign == '+');
    }

    /** {@code {% raw %}...{% endraw %}}. @return false if the block at a place is another one */
    private boolean raw(int open) {
        int name = skipSpace(at);
        if (!source.startsWith("raw", name)) {
            return false;
        }
        int end = skipSpace(name + 3);
        boolean strips = source.startsWith("-%}", end);
        if (!strips && !source.startsWith("%}", end)) {
            return false;
        }
        count(source.substring(open, end));
        at = end + (strips ? 3 : 2);
        behind(strips, true);
        for (int close = source.indexOf("{%", at); close >= 0; close = source.indexOf("{%", close + 1)) {
            char sign = close + 2 < source.length() ? source.charAt(close + 2) : ' ';
            int word = skipSpace(close + 2 + (sign == '-' || sign == '+' ? 1 : 0));
            if (!source.startsWith("endraw", word)) {
                continue;
            }
            int last = skipSpace(word + 6);
            char ending = last < source.length() ? source.charAt(last) : ' ';
            int percent = ending == '-' || ending == '+' ? last + 1 : last;
            if (!source.startsWith("%}", percent)) {
                continue;
            }
            String text = source.substring(at, close);
            String kept = sign == '-' ? text.substring(0, text.length() - trailingSpace(text)) : text;
            int from = text.lastIndexOf('\n') + 1;
            if (!keepsSpace && sign != '-' && sign != '+' && from > 0 && from < text.length() && isSpace(text, from)) {
                kept = text.substring(0, from);
            }
            if (!kept.isEmpty()) {
                add(Kind.DATA, kept);
            }
            count(source.substring(at, percent));
            at = percent + 2;
            behind(ending == '-', ending == '+');
            return true;
        }
        throw new SyntaxRefused("expected {% endraw %} behind {% raw %}, found none", line);
    }

    private int skipSpace(int from) {
        int i = from;
        while (i < source.length() && Text.isSpace(source.charAt(i))) {
            i++;
        }
        return i;
    }

    /** Tokens up to the end of a tag, which is none inside of brackets. */
    private void inside(String end, Kind kind) {
        Deque<Character> open = new ArrayDeque<>();
        while (true) {
            int from = at;
            at = skipSpace(at);
            count(source.substring(from, at));
            if (at >= source.length()) {
                throw new SyntaxRefused("expected " + end + ", found the end of the template", line);
            }
            char c = source.charAt(at);
            if (open.isEmpty()) {
                boolean strips = c == '-' && source.startsWith(end, at + 1);
                boolean keeps = c == '+' && kind == Kind.BLOCK_END && source.startsWith(end, at + 1);
                if (strips || keeps || source.startsWith(end, at)) {
                    add(kind, end);
                    at += end.length() + (strips || keeps ? 1 : 0);
                    behind(strips, keeps || kind == Kind.VARIABLE_END);
                    return;
                }
            }
            if (c >= '0' && c <= '9') {
                number();
            } else if (c == '_' || Character.isUnicodeIdentifierStart(c)) {
                name();
            } else if (c == '"' || c == '\'') {
                string(c);
            } else {
                operator(open);
            }
        }
    }

    private void operator(Deque<Character> open) {
        String found = OPERATORS.stream()
                .filter(each -> source.startsWith(each, at))
                .findFirst()
                .orElseThrow(() -> new SyntaxRefused(
                        "expected an expression, found the character \"" + source.charAt(at) + "\"", line));
        switch (found) {
            case "(" -> open.push(')');
            case "[" -> open.push(']');
            case "{" -> open.push('}');
            case ")", "]", "}" -> {
                if (open.isEmpty() || open.pop() != found.charAt(0)) {
                    throw new SyntaxRefused("expected no \"" + found + "\" that was not opened", line);
                }
            }
            default -> {
                // Nothing that opens.
            }
        }
        add(Kind.OPERATOR, found);
        at += found.length();
    }

    private void name() {
        int from = at;
        while (at < source.length() && Character.isUnicodeIdentifierPart(source.charAt(at))) {
            at++;
        }
        add(Kind.NAME, source.substring(from, at));
    }

    private void number() {
        int from = at;
        digits();
        boolean isFloat = false;
        boolean attribute = from > 0 && source.charAt(from - 1) == '.';
        if (!attribute && at + 1 < source.length() && source.charAt(at) == '.' && isDigit(at + 1)) {
            isFloat = true;
            at++;
            digits();
        }
        if (!attribute && at < source.length() && (source.charAt(at) | 0x20) == 'e') {
            int sign =
                    at + 1 < source.length() && (source.charAt(at + 1) == '+' || source.charAt(at + 1) == '-') ? 1 : 0;
            if (isDigit(at + 1 + sign)) {
                isFloat = true;
                at += 1 + sign;
                digits();
            }
        }
        String text = source.substring(from, at).replace("_", "");
        try {
            add(Kind.NUMBER, isFloat ? (Object) Double.valueOf(text) : (Object) Long.valueOf(text));
        } catch (NumberFormatException e) {
            throw new SyntaxRefused("expected a number of at most 64 bits, found " + Text.shown(text), line);
        }
    }

    private boolean isDigit(int place) {
        return place < source.length() && source.charAt(place) >= '0' && source.charAt(place) <= '9';
    }

    private void digits() {
        while (isDigit(at) || at < source.length() && source.charAt(at) == '_' && isDigit(at + 1)) {
            at++;
        }
    }

    private void string(char quote) {
        int from = at;
        StringBuilder text = new StringBuilder();
        at++;
        while (true) {
            if (at >= source.length()) {
                throw new SyntaxRefused("expected " + quote + " at the end of a text, found none", line);
            }
            char c = source.charAt(at++);
            if (c == quote) {
                break;
            }
            if (c != '\\') {
                text.append(c);
                continue;
            }
            if (at >= source.length()) {
                continue;
            }
            escape(source.charAt(at++), text);
        }
        add(Kind.STRING, text.toString());
        count(source.substring(from, at));
    }

    /** As Python's {@code unicode-escape}. */
    private void escape(char c, StringBuilder text) {
        switch (c) {
            case 'n' -> text.append('\n');
            case 't' -> text.append('\t');
            case 'r' -> text.append('\r');
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'a' -> text.append('\u0007');
            case 'v' -> text.append('\u000b');
            case '\\', '\'', '"' -> text.append(c);
            case '\n' -> {
                // A line that goes on.
            }
            case 'x' -> hex(2, text);
            case 'u' -> hex(4, text);
            case 'U' -> hex(8, text);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(c, text);
            default -> text.append('\\').append(c);
        }
    }

    private void octal(char first, StringBuilder text) {
        int value = first - '0';
        for (int i = 0; i < 2 && at < source.length() && source.charAt(at) >= '0' && source.charAt(at) <= '7'; i++) {
            value = value * 8 + source.charAt(at++) - '0';
        }
        text.append((char) value);
    }

    private void hex(int digits, StringBuilder text) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = at < source.length() ? Character.digit(source.charAt(at), 16) : -1;
            value = value * 16 + digit;
            if (digit < 0 || value < 0 || value > Character.MAX_CODE_POINT) {
                throw new SyntaxRefused("expected " + digits + " hexadecimal digits of a character in a text", line);
            }
            at++;
        }
        text.appendCodePoint(value);
    }
}
