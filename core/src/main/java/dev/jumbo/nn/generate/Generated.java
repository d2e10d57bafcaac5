package dev.jumbo.nn.generate;

import java.util.List;

/**
 * An answer.
 *
 * @param tokens without the prompt, and without a token that ended it
 * @param finish why it ended
 * @param score of beam search ({@link Beams}); NaN otherwise
 */
public record Generated(List<GeneratedToken> tokens, Finish finish, double score) {
    public Generated {
        tokens = List.copyOf(tokens);
    }

    /** The ids of its tokens. */
    public int[] ids() {
        return tokens.stream().mapToInt(GeneratedToken::id).toArray();
    }
}
