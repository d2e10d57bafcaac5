package dev.jumbo.train.metrics;

import java.util.Arrays;

/** Growing columns of scores, right classes and weights, for metrics that need all of them at once. Rows that count 0 are left out. */
final class ScoredRows {
    private float[] scores = new float[0];
    private int[] targets = new int[0];
    /** Of each row; empty as long as each counts 1. */
    private double[] weights = new double[0];

    private int width;
    private int rows;

    void add(Predictions predictions) {
        width = predictions.width();
        reserve(predictions.rows());
        weigh(predictions.weights().length > 0);
        for (int row = 0; row < predictions.rows(); row++) {
            if (predictions.counts(row) && predictions.weight(row) > 0) {
                if (weights.length > 0) {
                    weights[rows] = predictions.weight(row);
                }
                targets[rows] = predictions.target(row);
                System.arraycopy(predictions.outputs(), row * width, scores, rows * width, width);
                rows++;
            }
        }
    }

    /** From now on rows have weights, and those before had 1, where one row has. */
    private void weigh(boolean weighted) {
        int before = weights.length;
        if (weighted || before > 0) {
            weights = Arrays.copyOf(weights, targets.length);
            Arrays.fill(weights, before == 0 ? 0 : Math.min(before, targets.length), targets.length, 1);
        }
    }

    private void reserve(int more) {
        if (targets.length < rows + more) {
            int capacity = Math.max(rows + more, 2 * rows);
            targets = Arrays.copyOf(targets, capacity);
            scores = Arrays.copyOf(scores, Math.multiplyExact(capacity, width));
        }
    }

    /** The width, then for each row its class and its scores; with weights, the width below 0, and each row's weight first. Empty without rows. */
    double[] state() {
        boolean weighted = weights.length > 0;
        int each = (weighted ? 2 : 1) + width;
        double[] state = new double[rows == 0 ? 0 : Math.addExact(1, Math.multiplyExact(rows, each))];
        int at = 0;
        if (rows > 0) {
            state[at++] = weighted ? -width : width;
        }
        for (int row = 0; row < rows; row++) {
            if (weighted) {
                state[at++] = weights[row];
            }
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
        boolean weighted = state[0] < 0;
        width = (int) Math.abs(state[0]);
        int more = (state.length - 1) / ((weighted ? 2 : 1) + width);
        reserve(more);
        weigh(weighted);
        for (int at = 1; at < state.length; rows++) {
            if (weighted) {
                weights[rows] = state[at++];
            }
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

    /** Of every row; empty where each counts 1. */
    double[] weights() {
        return weights.length == 0 ? weights : Arrays.copyOf(weights, rows);
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
