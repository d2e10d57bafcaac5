package dev.jumbo.error;

/** Work that was told to end before its end, by a signal or another worker. What was done is saved. */
public class StoppedException extends JumboException {
    private static final long serialVersionUID = 1L;

    public StoppedException(String message) {
        super(message, null);
    }
}
