package dev.jumbo.data.augment;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Augmentation;
import dev.jumbo.data.boxes.PictureMap;
import dev.jumbo.tensor.Shape;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Sets a square to 0 in all channels. Its centre is drawn from all pixels, so it may reach over the border (DeVries,
 * Taylor, <i>Improved regularization of convolutional neural networks with cutout</i>, 2017).
 */
@Kind("cutout")
public record Cutout(@Doc("Side of the square, pixels.") int size) implements Augmentation {
    public Cutout {
        Check.range("cutout: size", size, 1, 10_000);
    }

    @Override
    public void apply(float[] values, int offset, Shape image, SplittableRandom random) {
        Check.image("cutout", image);
        int height = (int) image.size(1);
        int width = (int) image.size(2);
        int top = random.nextInt(height) - size / 2;
        int left = random.nextInt(width) - size / 2;
        for (int c = 0; c < image.size(0); c++) {
            for (int y = Math.max(0, top); y < Math.min(height, top + size); y++) {
                int row = offset + (c * height + y) * width;
                Arrays.fill(values, row + Math.max(0, left), row + Math.min(width, left + size), 0);
            }
        }
    }

    @Override
    public PictureMap follow(float[] values, int offset, Shape image, SplittableRandom random) {
        apply(values, offset, image, random);
        return PictureMap.none(image.size(2), image.size(1));
    }
}
