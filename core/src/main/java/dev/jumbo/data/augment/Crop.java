package dev.jumbo.data.augment;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Augmentation;
import dev.jumbo.data.boxes.PictureMap;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.util.SplittableRandom;

/**
 * Pads an image on all sides and cuts a window of its own size from a random place, as usual for CIFAR (torchvision's
 * {@code RandomCrop(size, padding)}).
 */
@Kind("crop")
public record Crop(
        @Doc("Pixels added on each side.") int padding,

        @Doc("Pad with the mirror image instead of 0.") @Default("false")
        boolean reflect)
        implements Augmentation {
    public Crop {
        Check.range("crop: padding", padding, 0, 10_000);
    }

    /** @throws InputException if a mirror image is asked for that is larger than the image */
    @Override
    public void apply(float[] values, int offset, Shape image, SplittableRandom random) {
        follow(values, offset, image, random);
    }

    @Override
    public PictureMap follow(float[] values, int offset, Shape image, SplittableRandom random) {
        Check.image("crop", image);
        if (reflect && padding >= Math.min(image.size(1), image.size(2))) {
            throw new InputException(
                    "crop: expected a padding below the image's height and width with reflect, received " + padding
                            + " for " + image);
        }
        int right = random.nextInt(2 * padding + 1) - padding;
        int down = random.nextInt(2 * padding + 1) - padding;
        Pixels.mine().move(values, offset, image, right, down, reflect);
        return Pixels.moved(image, right, down);
    }
}
