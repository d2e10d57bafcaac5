package dev.jumbo.benchmarks.soak;

import java.util.Locale;

/**
 * How a figure went: least squares over the last two thirds of its samples.
 *
 * @param level mean of these
 * @param perMinute slope
 * @param error standard error of the slope
 */
record Trend(String name, double level, double perMinute, double error) {
    /** A drift of this share of the level within {@value #MINUTES} minutes counts as none. */
    private static final double FLAT = 0.05;

    private static final double MINUTES = 30;

    /** @param minutes when the samples were taken */
    static Trend of(String name, double[] minutes, double[] values) {
        int from = values.length / 3;
        int n = values.length - from;
        double meanX = 0;
        double meanY = 0;
        for (int i = from; i < values.length; i++) {
            meanX += minutes[i] / n;
            meanY += values[i] / n;
        }
        double products = 0;
        double squares = 0;
        for (int i = from; i < values.length; i++) {
            products += (minutes[i] - meanX) * (values[i] - meanY);
            squares += (minutes[i] - meanX) * (minutes[i] - meanX);
        }
        double slope = squares == 0 ? 0 : products / squares;
        double rest = 0;
        for (int i = from; i < values.length; i++) {
            double off = values[i] - meanY - slope * (minutes[i] - meanX);
            rest += off * off;
        }
        return new Trend(name, meanY, slope, squares == 0 ? 0 : Math.sqrt(rest / Math.max(1, n - 2) / squares));
    }

    /** What it would grow by in half an hour, as a share of its level. */
    double growth() {
        return level == 0 ? 0 : perMinute * MINUTES / level;
    }

    /** Whether it does not grow, or by less than one of its unit (a MiB, a thread). What falls is no leak. */
    boolean isFlat() {
        return growth() < FLAT || perMinute * MINUTES < 1;
    }

    /** Whether it grows for certain: by more than chance has it, two standard errors. In a few minutes there may be neither. */
    boolean isGrowing() {
        return !isFlat() && (perMinute - 2 * error) * MINUTES / level >= FLAT;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%-28s level %9.2f   %+9.4f (+- %.4f) a minute   %+7.2f %% in 30 minutes   %s",
                name,
                level,
                perMinute,
                error,
                100 * growth(),
                isFlat() ? "flat" : isGrowing() ? "GROWS" : "unsure");
    }
}
