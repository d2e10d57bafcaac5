package dev.jumbo.text.jinja;

import dev.jumbo.error.InputException;

/**
 * What a template may use.
 *
 * @param steps expressions and statements that run, and every 8 characters or list entries that they make
 * @param output characters of the rendered text, and of any text on the way to it
 * @param depth of macros that call each other
 */
public record TemplateLimits(long steps, int output, int depth) {
    /** For conversations of up to some megabytes: 10 million steps, 16 million characters, 32 macros. */
    public static final TemplateLimits STANDARD = new TemplateLimits(10_000_000, 1 << 24, 32);

    /** @throws InputException if one is below 1 */
    public TemplateLimits {
        if (steps < 1 || output < 1 || depth < 1) {
            throw new InputException("limits: expected steps, output and depth of 1 or more, received " + steps + ", "
                    + output + ", " + depth);
        }
    }
}
