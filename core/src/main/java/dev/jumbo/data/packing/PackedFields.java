package dev.jumbo.data.packing;

import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Spec;
import java.util.ArrayList;
import java.util.List;

/**
 * Fields of blocks: the inputs {@code tokens}, and with document masks {@code positions} and {@code documents}; the target {@code next}. All are
 * INT64 {@code [context]}.
 *
 * @param context ids of a block, 1 or more
 * @param vocabulary entries of the vocabulary; 0 where that is not known
 * @param padding the id that fills up
 * @param masks whether documents are kept apart
 */
public record PackedFields(int context, long vocabulary, long padding, boolean masks) {
    /** @throws InputException if the context is below 1 */
    public PackedFields {
        if (context < 1) {
            throw new InputException("expected a context of 1 token or more, received " + context);
        }
    }

    static PackedFields of(DocumentTokens tokens, int context, boolean masks) {
        Integer end = tokens.endOfDocument();
        return new PackedFields(context, tokens.vocabulary(), end == null ? 0 : end, masks);
    }

    /** The inputs of an example. */
    public List<Field> inputs() {
        List<Field> inputs = new ArrayList<>();
        inputs.add(new Field("tokens", Spec.ids(context), new Meaning.Tokens(vocabulary, padding)));
        if (masks) {
            inputs.add(new Field("positions", Spec.ids(context), new Meaning.Place()));
            inputs.add(new Field("documents", Spec.ids(context), new Meaning.Place()));
        }
        return List.copyOf(inputs);
    }

    /** Its targets. */
    public List<Field> targets() {
        return List.of(new Field("next", Spec.ids(context), new Meaning.ClassId(List.of())));
    }
}
