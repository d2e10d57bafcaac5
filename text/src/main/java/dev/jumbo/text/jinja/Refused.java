package dev.jumbo.text.jinja;

import java.io.Serial;

/** What a template cannot do; the template adds the line. */
final class Refused extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    Refused(String message) {
        super(message, null, false, false);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
