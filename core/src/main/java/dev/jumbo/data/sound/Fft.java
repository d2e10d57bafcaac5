package dev.jumbo.data.sound;

import java.util.Arrays;

/**
 * The discrete Fourier transform {@code X_k = sum_t x_t exp(-2 pi i k t / n)} of one length, in double precision: by halves (Cooley and Tukey, 1965)
 * where it is a power of two, otherwise by a convolution with a chirp (Bluestein, 1970). Several threads may use one.
 */
final class Fft {
    private final int n;
    private final int wide;
    /** {@code cos} and {@code -sin} of {@code 2 pi k / wide}, k to the half. */
    private final double[] cos;

    private final double[] sin;
    private final double[] chirpRe;
    private final double[] chirpIm;
    private final double[] kernelRe;
    private final double[] kernelIm;

    private Fft(int n) {
        this.n = n;
        boolean power = Integer.bitCount(n) == 1;
        wide = power ? n : Integer.highestOneBit(2 * n - 1) << 1;
        cos = new double[Math.max(1, wide / 2)];
        sin = new double[cos.length];
        for (int k = 0; k < cos.length; k++) {
            cos[k] = Math.cos(2 * Math.PI * k / wide);
            sin[k] = -Math.sin(2 * Math.PI * k / wide);
        }
        int chirps = power ? 0 : n;
        chirpRe = new double[chirps];
        chirpIm = new double[chirps];
        kernelRe = new double[power ? 0 : wide];
        kernelIm = new double[power ? 0 : wide];
        for (int k = 0; k < chirps; k++) {
            // k^2 modulo 2 n, so that large k lose no digits.
            double angle = Math.PI * ((long) k * k % (2L * n)) / n;
            chirpRe[k] = Math.cos(angle);
            chirpIm[k] = -Math.sin(angle);
            kernelRe[k] = chirpRe[k];
            kernelIm[k] = -chirpIm[k];
            kernelRe[(wide - k) % wide] = chirpRe[k];
            kernelIm[(wide - k) % wide] = -chirpIm[k];
        }
        if (!power) {
            byHalves(kernelRe, kernelIm);
        }
    }

    /** @param n 1 to 2^24 */
    static Fft of(int n) {
        return new Fft(n);
    }

    /** Room that {@link #apply} works in. */
    double[] scratch() {
        return new double[chirpRe.length == 0 ? 0 : wide];
    }

    /** In place, {@code n} values each. @param a of {@link #scratch}, as {@code b}; nobody else's meanwhile */
    void apply(double[] re, double[] im, double[] a, double[] b) {
        if (chirpRe.length == 0) {
            byHalves(re, im);
            return;
        }
        Arrays.fill(a, 0);
        Arrays.fill(b, 0);
        for (int k = 0; k < n; k++) {
            a[k] = re[k] * chirpRe[k] - im[k] * chirpIm[k];
            b[k] = re[k] * chirpIm[k] + im[k] * chirpRe[k];
        }
        byHalves(a, b);
        for (int k = 0; k < wide; k++) {
            double x = a[k] * kernelRe[k] - b[k] * kernelIm[k];
            double y = a[k] * kernelIm[k] + b[k] * kernelRe[k];
            // The inverse of a transform is that of the conjugate, conjugated.
            a[k] = x;
            b[k] = -y;
        }
        byHalves(a, b);
        for (int k = 0; k < n; k++) {
            double x = a[k] / wide;
            double y = -b[k] / wide;
            re[k] = x * chirpRe[k] - y * chirpIm[k];
            im[k] = x * chirpIm[k] + y * chirpRe[k];
        }
    }

    private void byHalves(double[] re, double[] im) {
        int size = re.length;
        for (int i = 1, j = 0; i < size; i++) {
            int bit = size >> 1;
            for (; (j & bit) != 0; bit >>= 1) {
                j ^= bit;
            }
            j ^= bit;
            if (i < j) {
                double x = re[i];
                re[i] = re[j];
                re[j] = x;
                double y = im[i];
                im[i] = im[j];
                im[j] = y;
            }
        }
        for (int span = 2; span <= size; span <<= 1) {
            int half = span >> 1;
            int step = size / span;
            for (int start = 0; start < size; start += span) {
                for (int k = 0; k < half; k++) {
                    int low = start + k;
                    int high = low + half;
                    double c = cos[k * step];
                    double s = sin[k * step];
                    double x = re[high] * c - im[high] * s;
                    double y = re[high] * s + im[high] * c;
                    re[high] = re[low] - x;
                    im[high] = im[low] - y;
                    re[low] += x;
                    im[low] += y;
                }
            }
        }
    }
}
