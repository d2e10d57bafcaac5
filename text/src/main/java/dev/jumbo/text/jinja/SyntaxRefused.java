package dev.jumbo.text.jinja;

import java.io.Serial;

/** What is no template, with its line. */
final class SyntaxRefused extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final int line;

    SyntaxRefused(String message, int line) {
        super(message, null, false, false);
        this.line = line;
    }

    int line() {
        return line;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
