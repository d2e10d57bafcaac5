package dev.jumbo.data.digits;

import dev.jumbo.data.image.ImageDataset;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Digits drawn by the program: grey, 28 by 28, 0 is paper and 255 is ink, ten classes of equal probability.
 *
 * <p>An image depends on the seed, its split and its index alone: the first images of a larger dataset are those of a
 * smaller one, on every machine.
 *
 * @param train examples to learn from
 * @param test examples from another branch of the seed, so that none is drawn twice
 */
public record Digits(ImageDataset train, ImageDataset test) {
    /** Width and height of an image in pixels. */
    public static final int SIZE = 28;

    public static final int TRAIN = 12_000;
    public static final int TEST = 2_000;

    private static final List<String> CLASSES =
            IntStream.range(0, 10).mapToObj(Integer::toString).toList();

    /** 12,000 training and 2,000 test examples of the seed 0. */
    public static Digits draw() {
        return draw(TRAIN, TEST, 0);
    }

    /** @throws InputException if a count is negative or above a million */
    public static Digits draw(int train, int test, long seed) {
        RandomState random = RandomState.of(seed).derive("digits");
        return new Digits(split(train, random.derive("train")), split(test, random.derive("test")));
    }

    private static ImageDataset split(int count, RandomState random) {
        if (count < 0 || count > 1_000_000) {
            throw new InputException("digits: expected 0 to 1000000 examples, received " + count);
        }
        byte[] pixels = new byte[count * SIZE * SIZE];
        int[] labels = new int[count];
        Hand hand = new Hand();
        for (int i = 0; i < count; i++) {
            SplittableRandom draws = random.derive(i).generator();
            labels[i] = draws.nextInt(CLASSES.size());
            hand.write(labels[i], draws, pixels, i * SIZE * SIZE);
        }
        return ImageDataset.of(Shape.of(1, SIZE, SIZE), pixels, labels, CLASSES);
    }
}
