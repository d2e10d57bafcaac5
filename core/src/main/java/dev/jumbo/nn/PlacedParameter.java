package dev.jumbo.nn;

import dev.jumbo.tensor.Shape;

/**
 * A parameter in flat values, for a rule that sees it whole: a matrix and not a run of numbers.
 *
 * @param name its path
 * @param shape PyTorch's. Behind a flattened image the columns of a matrix lie in another order
 * @param table whether its rows are looked up, as those of an embedding: a step changes few of them
 * @param segment where it lies, and how it is treated
 */
public record PlacedParameter(String name, Shape shape, boolean table, Segment segment) {
    /** Whether it is a matrix that a layer multiplies by. */
    public boolean isMatrix() {
        return segment.decays() && shape.rank() == 2 && !table;
    }

    /** The same with the place counted from another start. */
    public PlacedParameter relativeTo(long start) {
        return new PlacedParameter(
                name, shape, table, segment.with(segment.range().relativeTo(start)));
    }
}
