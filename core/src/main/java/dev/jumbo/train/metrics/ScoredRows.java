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
        reserve(predictions.rows());
        for (int row = 0; row < predictions.rows(); row++) {
            if (predictions.counts(row)) {
                targets[rows] = predictions.target(row);
                System.arraycopy(predictions.outputs(), row * width, scores, rows * width, width);
                rows++;
            }
        }
    }

    private void reserve(int more) {
        if (targets.length < rows + more) {
            int capacity = Math.max(rows + more, 2 * rows);
            targets = Arrays.copyOf(targets, capacity);
            scores = Arrays.copyOf(scores, Math.multiplyExact(capacity, width));
        }
    }

    /** The width, then for each row its class and its scores; empty without rows. */
    double[] state() {
        double[] state = new double[rows == 0 ? 0 : Math.addExact(1, Math.multiplyExact(rows, 1 + width))];
        int at = 0;
        if (rows > 0) {
            state[at++] = width;
        }
        for (int row = 0; row < rows; row++) {
            state[at++] = targets[row];
            for (int c = 0; c < width; c++) {
                state[at++] = scores[row * width + c];
            }
        }
        return state;
    }

    void merge(double[] state) {
        if (state.length == 0) {
            return;
        }
        width = (int) state[0];
        int more = (state.length - 1) / (1 + width);
        reserve(more);
        for (int at = 1; at < state.length; rows++) {
            targets[rows] = (int) state[at++];
            for (int c = 0; c < width; c++) {
                scores[rows * width + c] = (float) state[at++];
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
