package dev.jumbo.nn;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Tensor;
import java.util.List;

/**
 * The flat values that one process steps, with their gradients: all of a {@link FlatStore}, or its share where several
 * workers divide the optimizer's state between them.
 */
public interface FlatSlice {
    /** The values, {@code [count]}, FLOAT32. Training changes them in place; the tensor stays the same one. */
    Tensor values();

    /** The gradients of these values, {@code [count]}, FLOAT32: of the current step. */
    Tensor gradients();

    /** Where they begin in the values of the whole model. */
    default long start() {
        return 0;
    }

    /** What of them is treated alike, in order and without holes. */
    List<Segment> segments();

    /**
     * Each parameter whole, in order, with its place counted from the start of {@link #values()}.
     *
     * @throws InputException where workers divide the values between them, and with them parameters
     */
    default List<PlacedParameter> parameters() {
        throw new InputException(
                "expected whole matrices for this optimizer, but workers divide the values between them;"
                        + " write distributed.strategy: data_parallel, or optimizer: adamw");
    }

    /** After {@link #values()} changed: brings every copy of them up to date, on all workers where there are several. */
    void valuesChanged();
}
