package dev.jumbo.error;

/** The caller's mistake: a bad option, file, shape or value. The message says what was expected, received, and what to do. */
public class InputException extends JumboException {
    private static final long serialVersionUID = 1L;

    public InputException(String message) {
        super(message, null);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
