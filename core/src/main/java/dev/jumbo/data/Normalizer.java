package dev.jumbo.data;

/** The choice of a normalisation by name, as the key {@code data.normalize} has it; {@link #fit} makes the fitted one. */
public enum Normalizer {
    /** Raw values as they are. */
    NONE,
    /** x / 255. */
    RESCALE,
    /** To [0, 1] by minimum and maximum. */
    MIN_MAX,
    /** To mean 0 and deviation 1. */
    Z_SCORE,
    /** To mean 0 and deviation 1, each channel on its own. */
    PER_CHANNEL;

    /** Fits on the training split: pass that alone. */
    public Preprocessing fit(Dataset train) {
        return switch (this) {
            case NONE -> Preprocessing.none(train.inputs().get(0).unit());
            case RESCALE -> Normalization.rescale(train);
            case MIN_MAX -> Normalization.minMax(train);
            case Z_SCORE -> Normalization.zScore(train);
            case PER_CHANNEL -> Normalization.perChannel(train);
        };
    }
}
