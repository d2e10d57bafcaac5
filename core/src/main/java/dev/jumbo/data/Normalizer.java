package dev.jumbo.data;

import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(Normalizer.class);

    /** Fits on the training split: pass that alone. */
    public Preprocessing fit(Dataset train) {
        warnOfOthers(train);
        return switch (this) {
            case NONE -> Preprocessing.none(train.inputs().get(0).unit());
            case RESCALE -> Normalization.rescale(train);
            case MIN_MAX -> Normalization.minMax(train);
            case Z_SCORE -> Normalization.zScore(train);
            case PER_CHANNEL -> Normalization.perChannel(train);
        };
    }

    private void warnOfOthers(Dataset train) {
        List<String> numbers = train.inputs().stream()
                .skip(1)
                .filter(field -> field.dtype().isFloating())
                .map(Field::name)
                .toList();
        if (this != NONE && !numbers.isEmpty()) {
            LOG.warn(
                    "normalization: {} scales the first input, {}, alone; the network gets {} as they are: put the inputs to be"
                            + " scaled into the data scaled, or a layer such as batch_norm behind them",
                    name().toLowerCase(Locale.ROOT),
                    train.inputs().get(0).name(),
                    numbers);
        }
    }
}
