package dev.jumbo.data.augment;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Augmentation;
import dev.jumbo.data.boxes.PictureMap;
import dev.jumbo.tensor.Shape;
import java.util.SplittableRandom;

/** Adds independent normal noise to each value and cuts off below 0 and above 255. */
@Kind("noise")
public record Noise(
        @Doc("Standard deviation, in units of 0 to 255.") double stddev) implements Augmentation {
    public Noise {
        Check.range("noise: stddev", stddev, 0, 255);
    }

    @Override
    public void apply(float[] values, int offset, Shape image, SplittableRandom random) {
        int end = offset + (int) image.elements();
        for (int i = offset; i < end; i++) {
            values[i] = Math.min(255, Math.max(0, values[i] + (float) (stddev * random.nextGaussian())));
        }
    }

    @Override
    public PictureMap follow(float[] values, int offset, Shape image, SplittableRandom random) {
        apply(values, offset, image, random);
        return PictureMap.none(image.size(2), image.size(1));
    }
}
