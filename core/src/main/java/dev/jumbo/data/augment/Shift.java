package dev.jumbo.data.augment;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Augmentation;
import dev.jumbo.data.boxes.PictureMap;
import dev.jumbo.tensor.Shape;
import java.util.SplittableRandom;

/** Moves an image by whole pixels along both axes, each drawn uniformly; what comes in is 0. */
@Kind("shift")
public record Shift(
        @Doc("Largest shift along each axis, whole pixels.") int pixels) implements Augmentation {
    public Shift {
        Check.range("shift: pixels", pixels, 0, 10_000);
    }

    @Override
    public void apply(float[] values, int offset, Shape image, SplittableRandom random) {
        follow(values, offset, image, random);
    }

    @Override
    public PictureMap follow(float[] values, int offset, Shape image, SplittableRandom random) {
        Check.image("shift", image);
        int right = random.nextInt(2 * pixels + 1) - pixels;
        int down = random.nextInt(2 * pixels + 1) - pixels;
        Pixels.mine().move(values, offset, image, right, down, false);
        return Pixels.moved(image, right, down);
    }
}
