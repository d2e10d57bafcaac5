package dev.jumbo.data.augment;

/** Changes of pixel values in place, each result within 0 to 255. */
final class Tone {
    private Tone() {}

    static void brightness(float[] values, int offset, int count, float factor) {
        for (int i = offset; i < offset + count; i++) {
            values[i] = Math.min(255, values[i] * factor);
        }
    }

    /** Away from the mean for factors above 1, towards it below. */
    static void contrast(float[] values, int offset, int count, float factor) {
        double sum = 0;
        for (int i = offset; i < offset + count; i++) {
            sum += values[i];
        }
        float mean = (float) (sum / count);
        for (int i = offset; i < offset + count; i++) {
            values[i] = Math.min(255, Math.max(0, mean + factor * (values[i] - mean)));
        }
    }

    /** Stretches each channel so that its values go from 0 to 255; a channel of one value stays. */
    static void autoContrast(float[] values, int offset, int count) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (int i = offset; i < offset + count; i++) {
            low = Math.min(low, values[i]);
            high = Math.max(high, values[i]);
        }
        if (low < high) {
            for (int i = offset; i < offset + count; i++) {
                values[i] = 255 * ((values[i] - low) / (high - low));
            }
        }
    }

    /** Inverts values at or above a threshold. */
    static void solarize(float[] values, int offset, int count, float threshold) {
        for (int i = offset; i < offset + count; i++) {
            values[i] = values[i] >= threshold ? 255 - values[i] : values[i];
        }
    }

    /** Keeps the highest bits of eight. */
    static void posterize(float[] values, int offset, int count, int bits) {
        int mask = 0xFF << (8 - bits);
        for (int i = offset; i < offset + count; i++) {
            values[i] = (int) values[i] & mask;
        }
    }
}
