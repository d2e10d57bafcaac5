package dev.jumbo.data.augment;

import java.util.SplittableRandom;

/**
 * A smooth random field of displacements.
 *
 * <p>Simard, Steinkraus and Platt (2003) draw uniform noise from -1 to 1 for each pixel, smooth it with a Gaussian of
 * standard deviation sigma and multiply by alpha. The same to the eye and some fifty times cheaper: noise on a coarse
 * grid, interpolated by cubic B-splines. A B-spline on a grid of spacing h is a bell of standard deviation {@code h /
 * sqrt(3)}, so {@code h = sqrt(3) sigma}; the noise is scaled to give displacements the standard deviation that Simard's
 * have, {@code alpha / (sigma sqrt(12 pi))}.
 */
final class ElasticField {
    /** Standard deviation of the spline's sum of independent values of standard deviation 1, in two dimensions, mean over a cell. */
    private static final double SPLINE_STDDEV = 0.4794;

    private final Axis across = new Axis();
    private final Axis down = new Axis();
    private float[] gridX = {};
    private float[] gridY = {};
    private float[] rowX = {};
    private float[] rowY = {};

    /** Standard deviation of displacements in pixels, along each axis. */
    static double stddev(double alpha, double sigma) {
        return alpha / (sigma * Math.sqrt(12 * Math.PI));
    }

    /** Draws a field for images of a size. */
    ElasticField draw(SplittableRandom random, int height, int width, double alpha, double sigma) {
        across.fit(width, sigma);
        down.fit(height, sigma);
        int nodes = across.nodes * down.nodes;
        if (gridX.length < nodes) {
            gridX = new float[nodes];
            gridY = new float[nodes];
        }
        if (rowX.length < across.nodes) {
            rowX = new float[across.nodes];
            rowY = new float[across.nodes];
        }
        // A uniform number from -a to a has the standard deviation a / sqrt(3).
        float amplitude = (float) (stddev(alpha, sigma) * Math.sqrt(3) / SPLINE_STDDEV);
        for (int i = 0; i < nodes; i++) {
            gridX[i] = amplitude * Uniform.sign(random);
            gridY[i] = amplitude * Uniform.sign(random);
        }
        return this;
    }

    /** Adds the displacements of one row of pixels to coordinates. */
    void addRow(int y, float[] u, float[] v) {
        int nodes = across.nodes;
        int top = down.first[y] * nodes;
        float w0 = down.weights[4 * y];
        float w1 = down.weights[4 * y + 1];
        float w2 = down.weights[4 * y + 2];
        float w3 = down.weights[4 * y + 3];
        for (int j = 0; j < nodes; j++) {
            int at = top + j;
            rowX[j] = w0 * gridX[at] + w1 * gridX[at + nodes] + w2 * gridX[at + 2 * nodes] + w3 * gridX[at + 3 * nodes];
            rowY[j] = w0 * gridY[at] + w1 * gridY[at + nodes] + w2 * gridY[at + 2 * nodes] + w3 * gridY[at + 3 * nodes];
        }
        float[] w = across.weights;
        for (int x = 0; x < across.size; x++) {
            int j = across.first[x];
            u[x] += w[4 * x] * rowX[j]
                    + w[4 * x + 1] * rowX[j + 1]
                    + w[4 * x + 2] * rowX[j + 2]
                    + w[4 * x + 3] * rowX[j + 3];
            v[x] += w[4 * x] * rowY[j]
                    + w[4 * x + 1] * rowY[j + 1]
                    + w[4 * x + 2] * rowY[j + 2]
                    + w[4 * x + 3] * rowY[j + 3];
        }
    }

    /** The spline along one axis: for each pixel the first of four grid nodes, and their weights. Kept while the size is the same. */
    private static final class Axis {
        private int size;
        private double sigma;
        private int nodes;
        private int[] first = {};
        private float[] weights = {};

        void fit(int size, double sigma) {
            if (this.size == size && this.sigma == sigma) {
                return;
            }
            this.size = size;
            this.sigma = sigma;
            double spacing = Math.sqrt(3) * sigma;
            nodes = (int) ((size - 1) / spacing) + 4;
            first = new int[size];
            weights = new float[4 * size];
            for (int i = 0; i < size; i++) {
                first[i] = (int) (i / spacing);
                double t = i / spacing - first[i];
                double s = 1 - t;
                weights[4 * i] = (float) (s * s * s / 6);
                weights[4 * i + 1] = (float) ((3 * t * t * t - 6 * t * t + 4) / 6);
                weights[4 * i + 2] = (float) ((3 * s * s * s - 6 * s * s + 4) / 6);
                weights[4 * i + 3] = (float) (t * t * t / 6);
            }
        }
    }
}
