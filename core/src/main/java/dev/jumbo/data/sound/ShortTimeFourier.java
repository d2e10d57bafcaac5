package dev.jumbo.data.sound;

import dev.jumbo.error.InputException;
import java.util.Arrays;

/**
 * Spectra of the frames of a sound (Allen, 1977), as {@code torch.stft} and {@code librosa.stft} have them: {@code X[t, k] = sum_j w_j x[t hop + j - p]
 * exp(-2 pi i k j / n)} for k of 0 to n / 2, where p is n / 2 with {@code centred} frames, else 0. A window shorter than n stands in the middle of the frame.
 */
public final class ShortTimeFourier {
    private final int n;
    private final int hop;
    private final boolean centred;
    private final Edge edge;
    private final double[] window;
    private final Fft fft;

    /**
     * @param n samples of a frame
     * @param windowLength 1 to n
     * @param hop samples from a frame to the next one, 1 or more
     */
    public ShortTimeFourier(int n, int windowLength, int hop, Window kind, boolean centred, Edge edge) {
        this.n = n;
        this.hop = hop;
        this.centred = centred;
        this.edge = edge;
        window = new double[n];
        System.arraycopy(kind.values(windowLength), 0, window, (n - windowLength) / 2, windowLength);
        fft = Fft.of(n);
    }

    /** Frequencies of a spectrum. */
    public int bins() {
        return n / 2 + 1;
    }

    /** Frames of a sound. @throws InputException if it is shorter than one */
    public int frames(long samples) {
        long places = samples + (centred ? 2L * (n / 2) : 0) - n;
        if (samples < 1 || places < 0) {
            throw new InputException("expected a sound of " + (centred ? 1 : n) + " samples or more, received "
                    + samples + "; leave such rows out, or take a smaller n_fft or center: true");
        }
        return Math.toIntExact(1 + places / hop);
    }

    /**
     * {@code |X|^power}, {@code [frames, bins]} in row-major order.
     *
     * @param frames the first so many, at most {@link #frames}
     * @param power 1 for magnitudes, 2 for powers
     */
    public double[] spectra(double[] x, int frames, double power) {
        int bins = bins();
        double[] all = new double[Math.multiplyExact(frames, bins)];
        double[] re = new double[n];
        double[] im = new double[n];
        double[] a = fft.scratch();
        double[] b = fft.scratch();
        // Two frames at a time: of real sequences, one can be the imaginary part of the other.
        for (int frame = 0; frame < frames; frame += 2) {
            fill(x, frame, re);
            if (frame + 1 < frames) {
                fill(x, frame + 1, im);
            } else {
                Arrays.fill(im, 0);
            }
            fft.apply(re, im, a, b);
            for (int k = 0; k < bins; k++) {
                int mirror = (n - k) % n;
                all[frame * bins + k] = size(re[k] + re[mirror], im[k] - im[mirror], power);
                if (frame + 1 < frames) {
                    all[(frame + 1) * bins + k] = size(im[k] + im[mirror], re[mirror] - re[k], power);
                }
            }
        }
        return all;
    }

    private static double size(double twiceRe, double twiceIm, double power) {
        double square = (twiceRe * twiceRe + twiceIm * twiceIm) / 4;
        return power == 2 ? square : power == 1 ? Math.sqrt(square) : Math.pow(square, power / 2);
    }

    private void fill(double[] x, int frame, double[] into) {
        long start = (long) frame * hop - (centred ? n / 2 : 0);
        for (int j = 0; j < n; j++) {
            into[j] = window[j] == 0 ? 0 : window[j] * edge.at(x, start + j);
        }
    }
}
