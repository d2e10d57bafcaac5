package dev.jumbo.data.language;

import dev.jumbo.data.Example;
import dev.jumbo.data.ExampleStream;
import dev.jumbo.data.Field;
import dev.jumbo.tensor.RandomState;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Windows that begin at random places of a sequence, each place as likely and drawn again and again, as nanoGPT's {@code get_batch} draws
 * them: a stream, since there is no pass that would end. A window's place follows from the seed and its number alone, so a resume draws
 * on where it ended. Without a seed ({@code shuffle: false}) windows begin at one place after the other.
 */
public final class RandomWindows implements ExampleStream {
    private final TokenSequence sequence;
    private final NextTokens window;

    /** @throws dev.jumbo.error.InputException if the sequence is shorter than a window and the token behind it */
    public RandomWindows(TokenSequence sequence, NextTokens window) {
        window.require(sequence, window.context(), "text that is learned");
        this.sequence = sequence;
        this.window = window;
    }

    @Override
    public List<Field> inputs() {
        return window.inputs();
    }

    @Override
    public List<Field> targets() {
        return window.targets();
    }

    @Override
    public Flow flow(@Nullable RandomState seed, long place) {
        RandomState places = seed == null ? null : seed.derive("windows");
        return new Flow() {
            private long at = place;

            @Override
            public Example next() {
                long starts = sequence.tokens() - window.context();
                SplittableRandom random =
                        places == null ? null : places.derive(at).generator();
                long from = random == null ? at % starts : random.nextLong(starts);
                at++;
                int context = window.context();
                long[] tokens = new long[context];
                long[] next = new long[context];
                sequence.read(from, context, tokens, 0);
                System.arraycopy(tokens, 1, next, 0, context - 1);
                sequence.read(from + context, 1, next, context - 1);
                return Example.of(tokens, next);
            }
        };
    }

    @Override
    public String fingerprint() {
        return sequence.fingerprint() + "[random windows of " + window.context() + "]";
    }

    @Override
    public String toString() {
        return "random windows of " + window.context() + " of " + sequence.tokens() + " tokens";
    }
}
