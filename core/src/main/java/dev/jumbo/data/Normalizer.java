package dev.jumbo.data;

import java.util.List;
import java.util.stream.IntStream;

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

    /**
     * Fits on the training split: pass that alone. Of several inputs each of numbers is scaled by what it has itself; ids and boxes stay. {@code
     * RESCALE} is of bytes: of those inputs that the data knows to be some, or else of pictures, or else of all numbers.
     *
     * @throws dev.jumbo.error.InputException if no input has numbers
     */
    public Preprocessing fit(Dataset train) {
        List<Field> inputs = train.inputs();
        if (this == NONE) {
            return Preprocessing.none(inputs.get(0).unit());
        }
        Preprocessing known = train.preprocessing();
        if (this == RESCALE && inputs.size() > 1 && !(known instanceof NoPreprocessing)) {
            return known;
        }
        boolean pictures = this == RESCALE && inputs.stream().anyMatch(Normalizer::isPicture);
        List<Integer> scaled = IntStream.range(0, inputs.size())
                .filter(i -> isNumbers(inputs.get(i)) && (!pictures || isPicture(inputs.get(i))))
                .boxed()
                .toList();
        // One alone is written as it always was; that of no numbers says so.
        if (scaled.isEmpty() || scaled.equals(List.of(0))) {
            return fit(train, 0);
        }
        return new EachInput(IntStream.range(0, inputs.size())
                .mapToObj(i -> scaled.contains(i)
                        ? fit(train, i)
                        : Preprocessing.none(inputs.get(i).unit()))
                .toList());
    }

    private static boolean isNumbers(Field field) {
        return field.dtype().isFloating() && !(field.meaning() instanceof Meaning.Boxes);
    }

    private static boolean isPicture(Field field) {
        return field.meaning() instanceof Meaning.Image;
    }

    private Preprocessing fit(Dataset train, int input) {
        return switch (this) {
            case NONE -> Preprocessing.none(train.inputs().get(input).unit());
            case RESCALE -> Normalization.rescale(train, input);
            case MIN_MAX -> Normalization.minMax(train, input);
            case Z_SCORE -> Normalization.zScore(train, input);
            case PER_CHANNEL -> Normalization.perChannel(train, input);
        };
    }
}
