package dev.jumbo.data.packing;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.Row;
import dev.jumbo.data.Transform;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Spec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Each document is an example, {@link DocumentPacking#NONE}: {@code tokens} INT64 {@code [T]} and the target {@code next}, T at most the context. A
 * loader pads the examples of a batch, and {@code train.bucketing} puts those of similar length together.
 */
public final class SingleDocuments implements Dataset {
    private final DocumentTokens tokens;
    private final int context;
    private final Map<String, Transform> madeBy;
    /** Those of two ids or more. */
    private final int[] documents;

    private SingleDocuments(DocumentTokens tokens, int context, Map<String, Transform> madeBy) {
        this.tokens = tokens;
        this.context = PackedFields.of(tokens, context, false).context();
        this.madeBy = madeBy;
        int[] found = new int[Math.toIntExact(tokens.documents())];
        int kept = 0;
        for (int document = 0; document < found.length; document++) {
            if (tokens.start(document + 1L) - tokens.start(document) > 1) {
                found[kept++] = document;
            }
        }
        documents = Arrays.copyOf(found, kept);
        if (kept == 0) {
            throw new InputException("expected a document of two tokens or more, received " + tokens.tokens()
                    + " tokens in " + found.length + " documents");
        }
    }

    /** @param context the most steps of an example, which loses its end beyond @param madeBy what made the ids, such as a tokenizer */
    public static SingleDocuments of(DocumentTokens tokens, int context, Map<String, Transform> madeBy) {
        return new SingleDocuments(tokens, context, madeBy);
    }

    @Override
    public int size() {
        return documents.length;
    }

    @Override
    public List<Field> inputs() {
        Integer end = tokens.endOfDocument();
        return List.of(Field.tokens("tokens", tokens.vocabulary(), end == null ? 0 : end, context));
    }

    @Override
    public List<Field> targets() {
        return List.of(new Field("next", Spec.ids(context).varying(0), new Meaning.ClassId(List.of())));
    }

    @Override
    public int length(int index, int field) {
        int document = documents[index];
        return (int) Math.min(context, tokens.start(document + 1L) - tokens.start(document) - 1);
    }

    @Override
    public void read(int index, Row into) {
        long from = tokens.start(documents[index]);
        int steps = length(index, 0);
        tokens.read(from, steps, into.longs(0), into.offset(0));
        tokens.readLearned(from + 1, steps, into.longs(1), into.offset(1));
    }

    @Override
    public Map<String, Transform> madeBy() {
        return madeBy;
    }

    @Override
    public String fingerprint() {
        return tokens.fingerprint() + "[single, at most " + context + "]";
    }

    @Override
    public String toString() {
        return size() + " documents of at most " + context + " tokens";
    }
}
