package dev.jumbo.nn.generate;

import dev.jumbo.error.Shown;
import java.util.Arrays;

/**
 * What a network thinks of given tokens.
 *
 * @param logprobs the natural logarithm of the probability of each token behind those before it
 * @param greedy whether each is the most probable one
 */
@SuppressWarnings("ArrayRecordComponent") // Made for one look.
public record TokenScores(double[] logprobs, boolean[] greedy) {
    /** Of all tokens together. */
    public double sum() {
        return Arrays.stream(logprobs).sum();
    }

    /** Whether greedy decoding would have said these tokens. */
    public boolean allGreedy() {
        for (boolean one : greedy) {
            if (!one) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return "TokenScores[logprobs=" + Shown.of(logprobs) + ", greedy=" + Shown.of(greedy) + "]";
    }
}
