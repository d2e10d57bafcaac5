package dev.jumbo.client;

import java.io.Serial;

/** The server did not answer what was asked: its own words are the message. */
public final class ServerException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final int status;

    ServerException(int status, String message) {
        super(message);
        this.status = status;
    }

    ServerException(String message, Throwable cause) {
        super(message, cause);
        status = 0;
    }

    /** The status of HTTP: 400 for what the caller can mend, 503 for what may pass; 0 where there was no answer. */
    public int status() {
        return status;
    }
}
