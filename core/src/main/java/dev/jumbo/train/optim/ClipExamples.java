package dev.jumbo.train.optim;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Tensor;

/**
 * Limits what one example can change (Abadi et al., 2016, algorithm 1): the gradient {@code g_i} of each example's own loss by all
 * parameters is scaled by {@code min(1, max_norm / |g_i|)} before the mean is taken, and normal noise of the standard deviation
 * {@code noise_multiplier max_norm s} is added to it, where s is the largest share that an example has in the mean: 1 / N of N
 * examples that count alike. The norms cost about half a step; batch normalisation is refused, as it mixes examples.
 *
 * <p>Noise is drawn from the run's seed, so that a run can be repeated and resumed; who knows the seed knows the noise.
 *
 * @param maxNorm limit of the Euclidean norm of each example's gradient, above 0
 * @param noiseMultiplier noise over that limit, 0 or more
 */
@Kind("clip_examples")
@Doc("Scales the gradient of each example down to a norm, and adds noise.")
public record ClipExamples(
        @Doc("Limit of the Euclidean norm of each example's gradient.") @Default("1.0")
        double maxNorm,

        @Doc("Standard deviation of the noise, over the limit and the share of an example.") @Default("0.0")
        double noiseMultiplier)
        implements GradientRule {
    /** Keeps the divisor above 0. */
    private static final double LEAST = 1e-6;

    /** @throws dev.jumbo.error.InputException if the limit is not above 0 or the noise below 0 */
    public ClipExamples {
        Range.require(maxNorm > 0, "clip_examples.max_norm", "more than 0", maxNorm);
        Range.require(noiseMultiplier >= 0, "clip_examples.noise_multiplier", "0 or more", noiseMultiplier);
    }

    @Override
    public Looks looks() {
        return Looks.AT_NORMS;
    }

    @Override
    public Tensor factors(Tensor norms) {
        return norms.add(LEAST).pow(-1).mul(maxNorm).clamp(0, 1);
    }

    @Override
    public void step(StepGradients gradients, RandomState random) {
        if (noiseMultiplier > 0) {
            gradients.addNoise(noiseMultiplier * maxNorm * gradients.largestShare(), random);
        }
    }
}
