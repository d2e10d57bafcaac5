package dev.jumbo.data.augment;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Augmentation;
import dev.jumbo.tensor.Shape;
import java.util.SplittableRandom;

/**
 * Rotation, scale, shear and shift about the centre, and an elastic distortion if asked for, in one bilinear
 * resampling: {@code out = R(r) s K(k) (in - centre) + centre + t}, with r, s, k and both components of t drawn
 * uniformly from their ranges. Parameters as torchvision's {@code RandomAffine}, but for shifts, which are in pixels.
 */
@Kind("affine")
public record Affine(
        @Doc("Largest rotation to either side, degrees.") @Default("0")
        double rotation,

        @Doc("Largest change of size as a fraction: 0.15 is 0.85 to 1.15.") @Default("0")
        double scale,

        @Doc("Largest slant to either side, degrees.") @Default("0")
        double shear,

        @Doc("Largest shift along each axis, pixels.") @Default("0")
        double shift,

        @Doc("Strength of an elastic distortion in the same resampling, as in elastic; 0 for none.") @Default("0")
        double elasticAlpha,

        @Doc("Smoothness of the elastic distortion, pixels.") @Default("4")
        double elasticSigma)
        implements Augmentation {
    static final double SIGMA = 4;

    public Affine {
        Check.range("affine: rotation", rotation, 0, 180);
        Check.range("affine: scale", scale, 0, 0.95);
        Check.range("affine: shear", shear, 0, 80);
        Check.range("affine: shift", shift, 0, 10_000);
        Check.range("affine: elastic_alpha", elasticAlpha, 0, 10_000);
        Check.range("affine: elastic_sigma", elasticSigma, 0.5, 1000);
    }

    @Override
    public void apply(float[] values, int offset, Shape image, SplittableRandom random) {
        Check.image("affine", image);
        Resampler resampler = Resampler.mine();
        SourceMap map = SourceMap.of(
                image,
                rotation * Uniform.sign(random),
                1 + scale * Uniform.sign(random),
                shear * Uniform.sign(random),
                shift * Uniform.sign(random),
                shift * Uniform.sign(random));
        ElasticField field = elasticAlpha == 0
                ? null
                : resampler
                        .elastic()
                        .draw(random, (int) image.size(1), (int) image.size(2), elasticAlpha, elasticSigma);
        resampler.apply(values, offset, image, map, field);
    }
}
