package dev.jumbo.data.sound;

/** Cepstral coefficients (Davis and Mermelstein, 1980): the orthonormal discrete cosine transform (DCT-II) of each frame's log-mel values. */
public final class Cepstrum {
    private final double[][] cosines;

    /** @param coefficients how many are kept, 1 to the values of a frame */
    public Cepstrum(int coefficients, int values) {
        cosines = new double[coefficients][values];
        for (int k = 0; k < coefficients; k++) {
            double scale = Math.sqrt((k == 0 ? 1.0 : 2.0) / values);
            for (int m = 0; m < values; m++) {
                cosines[k][m] = scale * Math.cos(Math.PI * k * (2 * m + 1) / (2 * values));
            }
        }
    }

    /** {@code [frames, values]} to {@code [frames, coefficients]}. */
    public double[] apply(double[] logs) {
        int values = cosines[0].length;
        int frames = logs.length / values;
        double[] made = new double[frames * cosines.length];
        for (int frame = 0; frame < frames; frame++) {
            for (int k = 0; k < cosines.length; k++) {
                double sum = 0;
                for (int m = 0; m < values; m++) {
                    sum += cosines[k][m] * logs[frame * values + m];
                }
                made[frame * cosines.length + k] = sum;
            }
        }
        return made;
    }
}
