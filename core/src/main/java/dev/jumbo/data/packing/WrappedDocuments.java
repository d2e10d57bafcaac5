package dev.jumbo.data.packing;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Row;
import dev.jumbo.data.Transform;
import dev.jumbo.error.InputException;
import java.util.List;
import java.util.Map;

/**
 * Blocks that follow each other through all documents, {@link DocumentPacking#WRAPPED}: of T ids, {@code ceil((T - 1) / context)}.
 *
 * <p>With document masks, positions begin at 0 with each document and each block, attention does not cross from one document to another (the
 * input {@code documents} says so to layers that read it), and the last id of a document does not learn the first of the next.
 */
public final class WrappedDocuments implements Dataset {
    private final DocumentTokens tokens;
    private final PackedFields fields;
    private final Map<String, Transform> madeBy;
    private final int size;

    private WrappedDocuments(DocumentTokens tokens, PackedFields fields, Map<String, Transform> madeBy) {
        this.tokens = tokens;
        this.fields = fields;
        this.madeBy = madeBy;
        long blocks = tokens.tokens() < 2 ? 0 : (tokens.tokens() - 2) / fields.context() + 1;
        if (blocks < 1 || blocks > Integer.MAX_VALUE - 8) {
            throw new InputException("expected tokens for 1 to " + (Integer.MAX_VALUE - 8) + " blocks of "
                    + fields.context() + ", received " + tokens.tokens()
                    + (blocks < 1 ? "; give a longer text" : "; use a longer context, or a part of the data"));
        }
        size = (int) blocks;
    }

    /**
     * Blocks of documents.
     *
     * @param context ids of a block, 1 or more
     * @param documentMasks whether documents are kept apart
     * @param madeBy what made the ids, such as a tokenizer
     * @throws InputException if there are fewer than two ids, or more than 2<sup>31</sup> - 9 blocks
     */
    public static WrappedDocuments of(
            DocumentTokens tokens, int context, boolean documentMasks, Map<String, Transform> madeBy) {
        return new WrappedDocuments(tokens, PackedFields.of(tokens, context, documentMasks), madeBy);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public List<Field> inputs() {
        return fields.inputs();
    }

    @Override
    public List<Field> targets() {
        return fields.targets();
    }

    @Override
    public void read(int index, Row into) {
        Block block = new Block(fields, tokens, into);
        long from = (long) index * fields.context();
        long to = Math.min(from + fields.context(), tokens.tokens() - 1);
        if (!fields.masks()) {
            block.add(from, (int) (to - from), (int) (to - from));
            from = to;
        }
        for (long document = from < to ? tokens.documentAt(from) : 0; from < to; document++) {
            long end = tokens.start(document + 1);
            int steps = (int) (Math.min(end, to) - from);
            if (steps > 0) {
                block.add(from, steps, (int) (Math.min(end - 1, to) - from));
                from += steps;
            }
        }
        block.finish();
    }

    @Override
    public Map<String, Transform> madeBy() {
        return madeBy;
    }

    @Override
    public String fingerprint() {
        return tokens.fingerprint() + "[" + fields.context() + " wrapped" + (fields.masks() ? ", masked" : "") + "]";
    }

    @Override
    public String toString() {
        return size + " blocks of " + fields.context() + " from " + tokens.tokens() + " tokens in " + tokens.documents()
                + " documents";
    }
}
