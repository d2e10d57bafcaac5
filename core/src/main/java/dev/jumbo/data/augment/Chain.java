package dev.jumbo.data.augment;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Augmentation;
import dev.jumbo.data.boxes.PictureMap;
import dev.jumbo.tensor.Shape;
import java.util.List;
import java.util.SplittableRandom;

/** Several augmentations, one after the other. */
@Kind("chain")
public record Chain(@Doc("Applied in this order.") List<Augmentation> steps) implements Augmentation {
    public Chain {
        steps = List.copyOf(steps);
    }

    @Override
    public void apply(float[] values, int offset, Shape image, SplittableRandom random) {
        for (Augmentation step : steps) {
            step.apply(values, offset, image, random);
        }
    }

    @Override
    public PictureMap follow(float[] values, int offset, Shape image, SplittableRandom random) {
        PictureMap all = PictureMap.none(image.size(2), image.size(1));
        for (Augmentation step : steps) {
            all = all.then(step.follow(values, offset, image, random));
        }
        return all;
    }
}
