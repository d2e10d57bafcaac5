package dev.jumbo.data.sound;

/** What stands before and behind a sound where frames are centred ({@code pad_mode}). */
public enum Edge {
    /** The sound read backwards from its end, which is not repeated; of a sound of one sample, that. */
    REFLECT,
    /** Silence. */
    CONSTANT;

    /** A sample at a place that may lie outside. */
    double at(double[] x, long place) {
        if (place >= 0 && place < x.length) {
            return x[(int) place];
        }
        if (this == CONSTANT) {
            return 0;
        }
        if (x.length == 1) {
            return x[0];
        }
        // As often as it takes, for sounds that are shorter than a frame.
        long period = 2L * (x.length - 1);
        long within = Math.floorMod(place, period);
        return x[(int) Math.min(within, period - within)];
    }
}
