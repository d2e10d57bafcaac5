package dev.jumbo.data.shards;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Row;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Windows of a set of token shards, for models that predict the next token.
 *
 * <p>Fields: {@code tokens} INT64 {@code [context]}, and the target {@code next} INT64 {@code [context]}: the same tokens
 * shifted by one, so that {@code next[i]} follows {@code tokens[i]}. Windows have the stride {@code context}: a target is
 * never a target of another window.
 *
 * <p>A set may hold more tokens than an {@code int} counts, but not more windows: 2<sup>31</sup> of 1,024 are two trillion
 * tokens, and the order of an epoch takes four bytes of heap for each. Beyond it the set is refused.
 */
public final class TokenDataset implements Dataset {
    /** The target that {@code cross_entropy} leaves out if nothing else is said. */
    public static final long IGNORED = -100;

    private final TokenShards shards;
    private final int context;
    private final Windows windows;
    private final @Nullable DocumentWindows documents;
    private final int size;

    private TokenDataset(
            TokenShards shards, int context, Windows windows, @Nullable DocumentWindows documents, long size) {
        this.shards = shards;
        this.context = context;
        this.windows = windows;
        this.documents = documents;
        if (size > Integer.MAX_VALUE - 8) { // The longest array of Java, which an order is.
            throw new InputException("expected at most " + (Integer.MAX_VALUE - 8) + " windows, received " + size
                    + " of " + context + " tokens; use a longer context, or train on a part of the shards");
        }
        this.size = (int) size;
    }

    /**
     * Windows of a set.
     *
     * @param context tokens of an example, 1 or more
     * @throws InputException if there are too few tokens for one window, or more than 2<sup>31</sup> - 9 windows
     */
    public static TokenDataset of(TokenShards shards, int context, Windows windows) {
        if (context < 1) {
            throw new InputException("expected a context of 1 token or more, received " + context);
        }
        DocumentWindows documents = windows == Windows.DOCUMENT ? DocumentWindows.of(shards, context) : null;
        long size = documents == null ? Math.max(0, shards.tokens() - 1) / context : documents.count();
        if (size == 0) {
            throw new InputException("expected tokens for at least one window of " + context + ", received "
                    + shards.tokens() + " in " + shards.documents() + " documents; use a shorter context");
        }
        return new TokenDataset(shards, context, windows, documents, size);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public List<Field> inputs() {
        return List.of(Field.ids("tokens", Shape.of(context)));
    }

    @Override
    public List<Field> targets() {
        return List.of(Field.ids("next", Shape.of(context)));
    }

    @Override
    public void read(int index, Row into) {
        long from = (long) index * context;
        int targets = context;
        if (documents != null) {
            DocumentWindows.Place place = documents.place(index);
            from = place.from();
            targets = place.targets();
        }
        long[] tokens = into.longs(0);
        int first = into.offset(0);
        long[] next = into.longs(1);
        int firstNext = into.offset(1);
        shards.read(from, targets, tokens, first);
        System.arraycopy(tokens, first + 1, next, firstNext, targets - 1);
        shards.read(from + targets, 1, next, firstNext + targets - 1);
        if (targets < context) {
            Integer end = shards.manifest().content().endOfDocument();
            Arrays.fill(tokens, first + targets, first + context, end == null ? 0 : end);
            Arrays.fill(next, firstNext + targets, firstNext + context, IGNORED);
        }
    }

    /** The hash of the manifest, and how it is cut into windows. */
    @Override
    public String fingerprint() {
        return shards.fingerprint() + "[" + context + " tokens, " + windows + "]";
    }
}
