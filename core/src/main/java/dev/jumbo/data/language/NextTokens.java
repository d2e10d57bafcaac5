package dev.jumbo.data.language;

import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import java.util.List;

/**
 * The fields of a window: {@code tokens} INT64 {@code [context]}, and the target {@code next}, the same shifted by one, so that {@code
 * next[i]} follows {@code tokens[i]}.
 *
 * @param context ids of a window, 1 or more
 * @param entries what the ids stand for, in their order; empty where that has no place in a list of names
 */
public record NextTokens(int context, List<String> entries) {
    /** The target of what is no token. {@code cross_entropy} leaves it out if nothing else is said. */
    public static final long IGNORED = -100;

    /** @throws InputException if the context is below 1 */
    public NextTokens {
        entries = List.copyOf(entries);
        if (context < 1) {
            throw new InputException("expected a context of 1 token or more, received " + context);
        }
    }

    /** The inputs of an example. */
    public List<Field> inputs() {
        return List.of(new Field("tokens", Spec.ids(context), new Meaning.Tokens(entries.size(), 0)));
    }

    /** Its targets. */
    public List<Field> targets() {
        return List.of(new Field("next", Spec.ids(context), new Meaning.ClassId(entries)));
    }

    /** @throws InputException if a sequence is too short for a window and what follows it */
    void require(TokenSequence sequence, int least, String what) {
        if (sequence.tokens() < least + 1L) {
            throw new InputException("expected at least " + (least + 1) + " tokens in the " + what + ", received "
                    + sequence.tokens() + "; use a longer text or a shorter context");
        }
    }

    /** Shape of the ids of a window. */
    Shape shape() {
        return Shape.of(context);
    }
}
