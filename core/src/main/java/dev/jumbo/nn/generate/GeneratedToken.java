package dev.jumbo.nn.generate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token of an answer.
 *
 * @param id of the vocabulary
 * @param logprob its log-probability under the model, before penalties and filters; null where it was not asked for
 * @param top the most probable ones in its place, the most probable first; empty where they were not asked for
 */
public record GeneratedToken(int id, @Nullable Double logprob, List<Choice> top) {
    /** What might have stood there. @param logprob natural logarithm of its probability */
    public record Choice(int id, double logprob) {}

    /** Of which nothing else was asked. */
    static GeneratedToken of(int id) {
        return new GeneratedToken(id, null, List.of());
    }
}
