package dev.jumbo.error;

/** Work that was asked for rightly but could not be done: a full disk, a damaged checkpoint, a loss that is not finite. */
public class FailureException extends JumboException {
    private static final long serialVersionUID = 1L;

    public FailureException(String message) {
        super(message, null);
    }

    public FailureException(String message, Throwable cause) {
        super(message, cause);
    }
}
