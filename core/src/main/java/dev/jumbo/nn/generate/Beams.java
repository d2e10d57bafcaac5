package dev.jumbo.nn.generate;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;

/**
 * Beam search, as Hugging Face's {@code generate} has it. The score of an answer of n tokens (its end included) is the sum of their
 * log-probabilities over {@code n ^ length_penalty}.
 *
 * @param numBeams answers that are followed at the same time, 1 or more
 * @param lengthPenalty above 0 favours long answers, below 0 short ones
 * @param earlyStopping when the search ends
 */
@Doc("Several answers are followed at the same time, and the best one is taken.")
public record Beams(
        @Doc("How many.") int numBeams,

        @Doc("Above 0 favours long answers, below 0 short ones.") @Default("1.0")
        double lengthPenalty,

        @Doc(
                "true: when as many answers have ended as there are beams; false: when a better one is unlikely; never: when a better one cannot be.")
        @Default("\"false\"")
        EarlyStopping earlyStopping) {
    /** When a search ends. */
    public enum EarlyStopping {
        /** As soon as there are as many answers as beams. */
        TRUE,
        /** When the best beam, as long as it is, scores below the worst answer. */
        FALSE,
        /** When no beam can score above the worst answer, however long it becomes. */
        NEVER
    }

    public Beams {
        if (numBeams < 1 || !Double.isFinite(lengthPenalty)) {
            throw new InputException("beams: expected num_beams of 1 or more and a finite length_penalty, received "
                    + numBeams + " and " + lengthPenalty);
        }
    }

    public static Beams of(int numBeams) {
        return new Beams(numBeams, 1, EarlyStopping.FALSE);
    }
}
