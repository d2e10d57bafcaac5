package dev.jumbo.data.clean;

import dev.jumbo.error.InputException;
import java.util.regex.Pattern;

/** Regular expressions of configurations. */
public final class Patterns {
    private Patterns() {}

    /** @throws InputException if it is none */
    public static Pattern compile(String pattern) {
        return Replace.compile(pattern);
    }
}
