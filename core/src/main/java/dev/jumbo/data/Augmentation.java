package dev.jumbo.data;

import dev.jumbo.data.boxes.PictureMap;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.util.SplittableRandom;

/**
 * A random change of one training example that leaves its meaning: part of the training split only, on raw values
 * (images 0 to 255), before preprocessing. Records with a {@link dev.jumbo.config.Kind}. Stateless but for scratch
 * memory that threads do not share.
 */
public interface Augmentation {
    /**
     * Changes an image {@code [C, H, W]} in place.
     *
     * @param random the example's own stream, derived from the seed, the epoch and the example's index, so that the
     *     result does not depend on threads or workers
     */
    void apply(float[] values, int offset, Shape image, SplittableRandom random);

    /**
     * As {@link #apply}, with the same draws, for an image whose example has boxes: says where its points went.
     *
     * @throws InputException unless it says so of its own accord: boxes would stay where the image was
     */
    default PictureMap follow(float[] values, int offset, Shape image, SplittableRandom random) {
        throw new InputException("augmentation: expected one that boxes can follow, such as flip, crop, shift, noise,"
                + " color_jitter or cutout, received " + this + "; leave it out");
    }
}
