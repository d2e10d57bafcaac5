package dev.jumbo.data.augment;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Augmentation;
import dev.jumbo.data.boxes.PictureMap;
import dev.jumbo.tensor.Shape;
import java.util.SplittableRandom;

/** An augmentation with a probability; otherwise the image stays as it is. */
@Kind("sometimes")
public record Sometimes(
        @Doc("From 0, never, to 1, always.") double probability,
        @Doc("What is done.") Augmentation augmentation) implements Augmentation {
    public Sometimes {
        Check.range("sometimes: probability", probability, 0, 1);
    }

    @Override
    public void apply(float[] values, int offset, Shape image, SplittableRandom random) {
        if (random.nextDouble() < probability) {
            augmentation.apply(values, offset, image, random);
        }
    }

    @Override
    public PictureMap follow(float[] values, int offset, Shape image, SplittableRandom random) {
        return random.nextDouble() < probability
                ? augmentation.follow(values, offset, image, random)
                : PictureMap.none(image.size(2), image.size(1));
    }
}
