package dev.jumbo.serve.http;

import com.linecorp.armeria.common.HttpStatus;
import dev.jumbo.error.InputException;

/** An answer other than 400 to a request that can't be served. */
public final class HttpException extends InputException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public HttpException(HttpStatus status, String message) {
        super(message);
        this.status = status.code();
    }

    HttpStatus status() {
        return HttpStatus.valueOf(status);
    }
}
