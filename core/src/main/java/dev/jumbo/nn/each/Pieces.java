package dev.jumbo.nn.each;

import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Divides the examples of a batch, so that what is written out for a moment stays small. */
final class Pieces {
    /** 64 MB of FLOAT32. */
    private static final long MOST_VALUES = 16L << 20;

    private Pieces() {}

    /** Computes one number for each example of a piece. */
    interface Piece {
        /** @return {@code [count]} */
        Tensor of(long from, long count);
    }

    /** Whether a piece holds all examples. @param values for each example that are held meanwhile */
    static boolean isOne(long examples, long values) {
        return examples * values <= MOST_VALUES;
    }

    /** One number for each example, {@code [examples]}. @param values for each example that are held meanwhile */
    static Tensor join(long examples, long values, Piece piece) {
        long most = Math.max(1, MOST_VALUES / Math.max(1, values));
        if (examples <= most) {
            return piece.of(0, examples);
        }
        List<Tensor> numbers = new ArrayList<>();
        for (long from = 0; from < examples; from += most) {
            try (Scope scope = Scope.open()) {
                numbers.add(scope.keep(piece.of(from, Math.min(most, examples - from))));
            }
        }
        return Tensor.cat(numbers, 0);
    }
}
