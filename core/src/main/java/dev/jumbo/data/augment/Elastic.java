package dev.jumbo.data.augment;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Augmentation;
import dev.jumbo.tensor.Shape;
import java.util.SplittableRandom;

/**
 * Elastic distortion: each pixel is taken from a place displaced by a smooth random field (Simard, Steinkraus, Platt,
 * <i>Best practices for convolutional neural networks applied to visual document analysis</i>, ICDAR 2003). Displacements
 * have the standard deviation {@code alpha / (sigma sqrt(12 pi))} pixels: 1.4 for the paper's 34 and 4 on 28 by 28.
 */
@Kind("elastic")
public record Elastic(
        @Doc("Strength: what smoothed noise from -1 to 1 is multiplied by, pixels.") @Default("34")
        double alpha,

        @Doc("Standard deviation of the smoothing, pixels.") @Default("4")
        double sigma)
        implements Augmentation {
    public Elastic {
        Check.range("elastic: alpha", alpha, 0, 10_000);
        Check.range("elastic: sigma", sigma, 0.5, 1000);
    }

    @Override
    public void apply(float[] values, int offset, Shape image, SplittableRandom random) {
        Check.image("elastic", image);
        Resampler resampler = Resampler.mine();
        ElasticField field = resampler.elastic().draw(random, (int) image.size(1), (int) image.size(2), alpha, sigma);
        resampler.apply(values, offset, image, SourceMap.identity(), field);
    }
}
