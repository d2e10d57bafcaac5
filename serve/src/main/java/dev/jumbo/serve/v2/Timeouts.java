package dev.jumbo.serve.v2;

import dev.jumbo.error.InputException;
import java.util.concurrent.TimeUnit;

/** The header {@code timeout}: a whole number of microseconds, as the parameter of that name in a body. */
final class Timeouts {
    private static final int MOST_DIGITS = 15;

    private Timeouts() {}

    /** @throws InputException if it is no number of 1 or more */
    static long nanos(String header) {
        String text = header.strip();
        boolean whole =
                !text.isEmpty() && text.length() <= MOST_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
        long micros = whole ? Long.parseLong(text) : 0;
        if (micros < 1) {
            throw new InputException("expected a number of microseconds of 1 or more in the header timeout, received \""
                    + (text.length() <= 40 ? text : text.substring(0, 40) + "...") + "\"");
        }
        return TimeUnit.MICROSECONDS.toNanos(micros);
    }
}
