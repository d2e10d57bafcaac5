package dev.jumbo.data.transform;

import dev.jumbo.error.InputException;
import java.util.Arrays;

/** How many tokens a text may have. */
public final class TextLength {
    private TextLength() {}

    /**
     * The tokens that count.
     *
     * @param truncate whether those beyond {@code most} are left out
     * @param kind of the transform, for the advice
     * @throws InputException if there is none, or there are too many
     */
    public static long[] of(long[] tokens, int most, boolean truncate, String kind) {
        if (tokens.length == 0) {
            throw new InputException("expected a text, received one without a token; leave such rows out");
        }
        if (tokens.length <= most) {
            return tokens;
        }
        if (!truncate) {
            throw new InputException("expected a text of at most " + most + " tokens, received " + tokens.length
                    + "; train with a larger max_length of " + kind
                    + ", or with truncate: true, which cuts the ends off");
        }
        return Arrays.copyOf(tokens, most);
    }
}
