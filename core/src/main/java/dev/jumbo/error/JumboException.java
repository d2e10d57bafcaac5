package dev.jumbo.error;

import org.jspecify.annotations.Nullable;

/** What every error of Jumbo is: one line that can be shown to a user as it stands. */
public abstract class JumboException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JumboException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
