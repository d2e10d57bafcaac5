package dev.jumbo.data.sound;

/** What samples of a frame are multiplied with; periodic, as of spectra ({@code torch.hann_window}, {@code scipy.signal.get_window}). */
public enum Window {
    /** {@code 0.5 - 0.5 cos(2 pi i / n)}. */
    HANN,
    /** {@code 0.54 - 0.46 cos(2 pi i / n)}. */
    HAMMING,
    /** 1. */
    RECTANGULAR;

    double[] values(int n) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            double wave = Math.cos(2 * Math.PI * i / n);
            values[i] = switch (this) {
                case HANN -> 0.5 - 0.5 * wave;
                case HAMMING -> 0.54 - 0.46 * wave;
                case RECTANGULAR -> 1;
            };
        }
        return values;
    }
}
