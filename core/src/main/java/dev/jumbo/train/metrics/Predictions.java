package dev.jumbo.train.metrics;

/**
 * What the network said of a batch, beside what was right, in plain arrays.
 *
 * @param rows number of examples
 * @param width values a prediction has: the classes of a classifier (probabilities), 1 for one regression value or one
 *     probability
 * @param outputs {@code rows * width} values, row by row
 * @param classIds the right classes, one a row; empty unless targets are class ids
 * @param values the right values, {@code rows * width}; empty if targets are class ids
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays are the point: no copy for each batch.
public record Predictions(int rows, int width, float[] outputs, long[] classIds, float[] values) {}
