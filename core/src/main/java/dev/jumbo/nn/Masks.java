package dev.jumbo.nn;

import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names under which layers find side inputs. */
public final class Masks {
    /** The side input that says which steps of padded sequences are real: {@code [N, T]}, BOOL. */
    public static final String MASK = "mask";

    /** The positions of steps, {@code [N, T]}, INT64, where they do not count from 0 (or on from a cache). */
    public static final String POSITIONS = "positions";

    /**
     * Which document each step is of, {@code [N, T]}, INT64, where several share a row: attention does not cross from one to another. Their
     * numbers only have to differ.
     */
    public static final String DOCUMENTS = "documents";

    /** What an encoder made, {@code [N, S, D]}, for attention across. */
    public static final String MEMORY = "memory";

    /** Which steps of {@link #MEMORY} are real: {@code [N, S]}, BOOL. */
    public static final String MEMORY_MASK = "memory_mask";

    /** How far a diffusion is, or another number that the whole example has: {@code [N]} or {@code [N, 1]}. */
    public static final String TIME = "time";

    /** What says which steps of a batch are real, and whose they are. */
    public static final Set<String> OF_STEPS = Set.of(MASK, POSITIONS, DOCUMENTS);

    private Masks() {}

    /**
     * Which keys the queries may see, by {@link #MASK} and {@link #DOCUMENTS}: {@code [N, T]} for all queries, or {@code [N, T, T]} with a row
     * for each; null where all may be seen.
     *
     * @param steps T
     * @throws ShapeException if one is of another shape or type
     */
    public static @Nullable Tensor seen(Tensors xs, long steps) {
        Tensor mask = of(xs, steps);
        Tensor documents = xs.get(DOCUMENTS);
        if (documents == null) {
            return mask;
        }
        Shape expected = Shape.of(xs.main().size(0), steps);
        if (documents.dtype() != DType.INT64 || !documents.shape().equals(expected)) {
            throw new ShapeException(DOCUMENTS, "INT64 " + expected, documents.dtype() + " " + documents.shape());
        }
        Tensor same = documents.unsqueeze(2).eq(documents.unsqueeze(1));
        return mask == null ? same : same.mul(mask.unsqueeze(1));
    }

    /** Whether {@link #seen} would leave anything out. */
    public static boolean hide(Tensors xs) {
        return xs.has(MASK) || xs.has(DOCUMENTS);
    }

    /** Which steps are real, or null where all are. @param steps T */
    public static @Nullable Tensor of(Tensors xs, long steps) {
        return of(xs, MASK, steps);
    }

    /**
     * As {@link #of(Tensors, long)}, under another name.
     *
     * @throws ShapeException if it is not BOOL {@code [N, T]}
     */
    public static @Nullable Tensor of(Tensors xs, String name, long steps) {
        Tensor mask = xs.get(name);
        if (mask == null) {
            return null;
        }
        Shape expected = Shape.of(xs.main().size(0), steps);
        if (mask.dtype() != DType.BOOL || !mask.shape().equals(expected)) {
            throw new ShapeException(name, "BOOL " + expected, mask.dtype() + " " + mask.shape());
        }
        return mask;
    }
}
