package dev.jumbo.text.jinja;

import dev.jumbo.text.jinja.Token.Kind;
import java.util.List;

/** The tokens of a template, one after the other, and how deep what is read of them is nested. */
final class TokenSource {
    private static final int DEEPEST = 120;

    private final List<Token> tokens;
    private int at;
    private int depth;

    TokenSource(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(at);
    }

    Token look() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(at);
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    boolean at(String text) {
        return current().is(text);
    }

    boolean skip(String text) {
        boolean there = at(text);
        if (there) {
            next();
        }
        return there;
    }

    void expect(String text) {
        if (!skip(text)) {
            throw wrong("\"" + text + "\"");
        }
    }

    void expect(Kind kind) {
        if (current().kind() != kind) {
            throw wrong(new Token(kind, "", 0).toString());
        }
        next();
    }

    String name() {
        if (current().kind() != Kind.NAME) {
            throw wrong("a name");
        }
        return (String) next().value();
    }

    SyntaxRefused wrong(String expected) {
        return new SyntaxRefused(
                "expected " + expected + ", found " + current(), current().line());
    }

    void deeper() {
        if (++depth > DEEPEST) {
            throw new SyntaxRefused(
                    "expected at most " + DEEPEST + " levels of what is inside of each other",
                    current().line());
        }
    }

    void back() {
        depth--;
    }
}
