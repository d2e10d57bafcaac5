package dev.jumbo.train.infer;

import dev.jumbo.tensor.Shape;

/**
 * One row of an input whose sizes are the caller's to choose ({@link FreeShapes}).
 *
 * @param values {@code float[]} or {@code long[]}, row-major
 * @param shape of this row, without a batch
 */
public record SizedRow(Object values, Shape shape) {}
