package dev.jumbo.error;

/**
 * The caller's mistake: a bad option, file, shape or value. The message says what was expected, received, and what to do; of a
 * very long one the middle is left out.
 */
public class InputException extends JumboException {
    private static final long serialVersionUID = 1L;

    /** Characters of a message at most: a value that somebody else supplied may be in it, of whatever length. */
    private static final int LONGEST = 3000;

    /** Of these, how many are its end, which says what to do next. */
    private static final int END = 500;

    public InputException(String message) {
        super(bounded(message), null);
    }

    public InputException(String message, Throwable cause) {
        super(bounded(message), cause);
    }

    private static String bounded(String message) {
        return message.length() <= LONGEST
                ? message
                : message.substring(0, LONGEST - END) + " ... " + (message.length() - LONGEST) + " more characters ... "
                        + message.substring(message.length() - END);
    }
}
