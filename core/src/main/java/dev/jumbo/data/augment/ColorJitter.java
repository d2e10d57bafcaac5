package dev.jumbo.data.augment;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Augmentation;
import dev.jumbo.data.boxes.PictureMap;
import dev.jumbo.tensor.Shape;
import java.util.SplittableRandom;

/**
 * Changes brightness, {@code b x}, then contrast, {@code mean + c (x - mean)} with the mean of the whole image, with b and
 * c drawn uniformly around 1; cuts off below 0 and above 255. As torchvision's {@code ColorJitter}.
 */
@Kind("color_jitter")
public record ColorJitter(
        @Doc("Largest change of the brightness as a fraction: 0.2 is 0.8 to 1.2.") @Default("0")
        double brightness,

        @Doc("Largest change of the contrast as a fraction.") @Default("0")
        double contrast)
        implements Augmentation {
    public ColorJitter {
        Check.range("color_jitter: brightness", brightness, 0, 1);
        Check.range("color_jitter: contrast", contrast, 0, 1);
    }

    @Override
    public void apply(float[] values, int offset, Shape image, SplittableRandom random) {
        int count = (int) image.elements();
        Tone.brightness(values, offset, count, (float) (1 + brightness * Uniform.sign(random)));
        Tone.contrast(values, offset, count, (float) (1 + contrast * Uniform.sign(random)));
    }

    @Override
    public PictureMap follow(float[] values, int offset, Shape image, SplittableRandom random) {
        apply(values, offset, image, random);
        return PictureMap.none(image.size(2), image.size(1));
    }
}
