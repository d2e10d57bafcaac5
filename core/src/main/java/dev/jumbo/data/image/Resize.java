package dev.jumbo.data.image;

/**
 * Bilinear resizing with antialiasing along one axis: each output pixel is a mean of input pixels, weighted by a triangle
 * as wide as an output pixel (as PIL's {@code BILINEAR} and PyTorch's {@code interpolate(antialias=True)}).
 */
final class Resize {
    private final int[] first;
    private final float[][] weights;

    Resize(int from, int to) {
        double scale = (double) from / to;
        double support = Math.max(1, scale);
        first = new int[to];
        weights = new float[to][];
        for (int i = 0; i < to; i++) {
            double centre = (i + 0.5) * scale;
            first[i] = Math.max(0, (int) (centre - support + 0.5));
            int end = Math.min(from, (int) (centre + support + 0.5));
            weights[i] = new float[end - first[i]];
            double sum = 0;
            for (int k = 0; k < weights[i].length; k++) {
                sum += triangle(first[i] + k + 0.5 - centre, support);
            }
            for (int k = 0; k < weights[i].length; k++) {
                weights[i][k] = (float) (triangle(first[i] + k + 0.5 - centre, support) / sum);
            }
        }
    }

    private static double triangle(double distance, double support) {
        return Math.max(0, 1 - Math.abs(distance) / support);
    }

    /** Resizes one line of values: value k is at {@code from + k * fromStep}, result i at {@code to + i * toStep}. */
    void line(float[] in, int from, int fromStep, float[] out, int to, int toStep) {
        for (int i = 0; i < first.length; i++) {
            float[] w = weights[i];
            float sum = 0;
            for (int k = 0; k < w.length; k++) {
                sum += w[k] * in[from + (first[i] + k) * fromStep];
            }
            out[to + i * toStep] = sum;
        }
    }
}
