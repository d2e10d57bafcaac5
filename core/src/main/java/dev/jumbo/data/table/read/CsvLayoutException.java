package dev.jumbo.data.table.read;

import dev.jumbo.error.InputException;

/** A sound CSV file is read by settings that do not fit it: another delimiter, a header that is none or one too many. */
public final class CsvLayoutException extends InputException {
    private static final long serialVersionUID = 1L;

    CsvLayoutException(String message) {
        super(message);
    }
}
