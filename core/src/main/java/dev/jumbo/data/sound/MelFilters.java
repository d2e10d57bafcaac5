package dev.jumbo.data.sound;

import dev.jumbo.error.InputException;

/**
 * Triangles over the frequencies of a spectrum whose corners are evenly spread in mel, as {@code librosa.filters.mel} and {@code
 * torchaudio.functional.melscale_fbanks} make them.
 */
public final class MelFilters {
    private final int bins;
    /** For each filter the first frequency that it hears. */
    private final int[] first;

    private final double[][] weights;

    /**
     * @param filters how many, 1 or more
     * @param bins frequencies of a spectrum, from 0 to half the sample rate
     * @param lowest in Hz, 0 or more
     * @param highest in Hz, above the lowest and up to half the sample rate
     * @param areas whether each triangle has the same area ({@code norm: slaney}) instead of the same height
     * @throws InputException if a filter lies between two frequencies and would hear nothing
     */
    public MelFilters(
            int filters, int bins, int sampleRate, double lowest, double highest, MelScale scale, boolean areas) {
        this.bins = bins;
        first = new int[filters];
        weights = new double[filters][];
        double from = scale.mel(lowest);
        double step = (scale.mel(highest) - from) / (filters + 1);
        double width = (double) sampleRate / 2 / (bins - 1);
        for (int m = 0; m < filters; m++) {
            double left = scale.hertz(from + m * step);
            double top = scale.hertz(from + (m + 1) * step);
            double right = scale.hertz(from + (m + 2) * step);
            double height = areas ? 2 / (right - left) : 1;
            int begin = (int) Math.max(0, Math.floor(left / width));
            int end = (int) Math.min(bins - 1, Math.ceil(right / width));
            first[m] = begin;
            weights[m] = new double[end - begin + 1];
            double sum = 0;
            for (int k = begin; k <= end; k++) {
                double hertz = k * width;
                double weight = Math.max(0, Math.min((hertz - left) / (top - left), (right - hertz) / (right - top)));
                weights[m][k - begin] = height * weight;
                sum += weight;
            }
            if (sum == 0) {
                throw new InputException(
                        "expected mel filters that each hear a frequency of the spectrum, received one from "
                                + Math.round(left) + " to " + Math.round(right) + " Hz between frequencies that are "
                                + Math.round(width) + " Hz apart; take fewer n_mels or a larger n_fft");
            }
        }
    }

    /** Number of filters. */
    public int size() {
        return first.length;
    }

    /** What each filter hears of each spectrum: {@code [frames, bins]} to {@code [frames, filters]}. */
    public double[] apply(double[] spectra) {
        int frames = spectra.length / bins;
        double[] heard = new double[frames * first.length];
        for (int frame = 0; frame < frames; frame++) {
            for (int m = 0; m < first.length; m++) {
                double sum = 0;
                int at = frame * bins + first[m];
                for (double weight : weights[m]) {
                    sum += weight * spectra[at++];
                }
                heard[frame * first.length + m] = sum;
            }
        }
        return heard;
    }
}
