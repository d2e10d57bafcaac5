package dev.jumbo.serve.schedule;

import dev.jumbo.error.InputException;

/** How urgent a request is. Less urgent ones are not forgotten: waiting makes them more urgent. */
public enum Priority {
    HIGH,
    NORMAL,
    LOW;

    /**
     * From V2's parameter {@code priority}, where 1 is the highest.
     *
     * @param value 0 for what requests have that do not say
     * @throws InputException if it is none of 0 to 3
     */
    public static Priority of(long value) {
        if (value < 0 || value > 3) {
            throw new InputException(
                    "expected a priority of 1 (high), 2 (normal) or 3 (low), or 0 for the usual one, received "
                            + value);
        }
        return value == 0 ? NORMAL : values()[(int) value - 1];
    }
}
