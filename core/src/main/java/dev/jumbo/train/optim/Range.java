package dev.jumbo.train.optim;

import dev.jumbo.error.InputException;

/** Checks of settings: key and value in one line. */
final class Range {
    private Range() {}

    static void atLeastZero(String key, double value) {
        require(value >= 0 && Double.isFinite(value), key, "0 or more", value);
    }

    static void aboveZero(String key, double value) {
        require(value > 0 && Double.isFinite(value), key, "more than 0", value);
    }

    /** From 0 (inclusive) to 1 (exclusive). */
    static void fraction(String key, double value) {
        require(value >= 0 && value < 1, key, "from 0 to below 1", value);
    }

    static void require(boolean fits, String key, String expected, Object value) {
        if (!fits) {
            throw new InputException(key + ": expected " + expected + ", received " + value);
        }
    }
}
