package dev.jumbo.data.augment;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Augmentation;
import dev.jumbo.tensor.Shape;
import java.util.SplittableRandom;

/** Turns an image about its centre by a uniformly drawn angle. */
@Kind("rotation")
public record Rotation(
        @Doc("Largest angle to either side, degrees.") double degrees) implements Augmentation {
    public Rotation {
        Check.range("rotation: degrees", degrees, 0, 180);
    }

    @Override
    public void apply(float[] values, int offset, Shape image, SplittableRandom random) {
        Check.image("rotation", image);
        SourceMap map = SourceMap.of(image, degrees * Uniform.sign(random), 1, 0, 0, 0);
        Resampler.mine().apply(values, offset, image, map, null);
    }
}
