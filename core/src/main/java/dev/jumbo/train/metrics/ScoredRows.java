package dev.jumbo.train.metrics;

import java.util.Arrays;

/** Growing columns of scores and right classes, for metrics that need all of them at once. */
final class ScoredRows {
    private float[] scores = new float[0];
    private int[] targets = new int[0];
    private int width;
    private int rows;

    void add(Predictions predictions) {
        width = predictions.width();
        if (targets.length < rows + predictions.rows()) {
            int capacity = Math.max(rows + predictions.rows(), 2 * rows);
            targets = Arrays.copyOf(targets, capacity);
            scores = Arrays.copyOf(scores, Math.multiplyExact(capacity, width));
        }
        for (int row = 0; row < predictions.rows(); row++) {
            if (predictions.counts(row)) {
                targets[rows] = predictions.target(row);
                System.arraycopy(predictions.outputs(), row * width, scores, rows * width, width);
                rows++;
            }
        }
    }

    int rows() {
        return rows;
    }

    int classes() {
        return Math.max(2, width);
    }

    /** The probabilities of a class, for every row. */
    float[] scores(int classId) {
        float[] column = new float[rows];
        for (int row = 0; row < rows; row++) {
            column[row] = width == 1 ? (classId == 1 ? scores[row] : 1 - scores[row]) : scores[row * width + classId];
        }
        return column;
    }

    /** Whether each row is of a class. */
    boolean[] positives(int classId) {
        boolean[] column = new boolean[rows];
        for (int row = 0; row < rows; row++) {
            column[row] = targets[row] == classId;
        }
        return column;
    }
}
