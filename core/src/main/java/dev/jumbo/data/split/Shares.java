package dev.jumbo.data.split;

import dev.jumbo.error.InputException;

/**
 * How much is held out: shares of all examples that are there.
 *
 * <p>Of n examples, {@code ceil(n * share)} are held out, as scikit-learn's {@code train_test_split} does; {@link
 * LastSplit} cuts at {@code floor(n * (1 - share))} as Keras does. Both are the same but for rounding of the product.
 *
 * @param validation from 0 (no such part) to below 1
 * @param test likewise; the two together below 1
 */
public record Shares(double validation, double test) {
    public Shares {
        require("validation_split", validation);
        require("test_split", test);
        if (validation + test >= 1) {
            throw new InputException("expected validation_split and test_split below 1 together, received " + validation
                    + " and " + test + ": nothing is left to train on");
        }
    }

    private static void require(String key, double share) {
        if (!(share >= 0 && share < 1)) {
            throw new InputException(key + ": expected 0 to below 1, received " + share);
        }
    }

    /** Whether nothing is held out. */
    public boolean isNone() {
        return validation == 0 && test == 0;
    }

    /** As scikit-learn counts. */
    static int of(int n, double share) {
        return (int) Math.ceil(n * share);
    }
}
