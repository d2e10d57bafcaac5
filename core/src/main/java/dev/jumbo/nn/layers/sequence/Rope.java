package dev.jumbo.nn.layers.sequence;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Cache;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Rotary;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The angles of rotary positions (Su et al., 2021), scaled or not.
 *
 * @param headDim d, even
 * @param theta base of the wavelengths
 */
record Rope(int headDim, double theta, @Nullable RopeScaling scaling) {
    /** @throws InputException if longrope has not one factor for each pair */
    static Rope of(int headDim, double theta, @Nullable RopeScaling scaling) {
        if (scaling != null
                && scaling.ropeType() == RopeType.LONGROPE
                && scaling.shortFactor().size() != headDim / 2) {
            throw new InputException("rope_scaling: expected a short_factor and a long_factor for each of the "
                    + headDim / 2 + " pairs of a head of width " + headDim + ", received "
                    + scaling.shortFactor().size());
        }
        return new Rope(headDim, theta, scaling);
    }

    /** The turns of the steps of a pass. Where angles depend on the length, each sequence has those of its own: padding does not count. */
    Rotary turns(Tensors xs, Pass pass, long steps) {
        Tensor positions = Positions.of(xs, pass, steps);
        double factor = scaling == null ? 1 : scaling.attention();
        if (scaling == null || !scaling.dependsOnLength()) {
            return Rotary.of(frequencies(1), factor, positions, xs.main());
        }
        float[][] each = Arrays.stream(lengths(xs, pass, positions, (int) steps))
                .mapToObj(this::frequencies)
                .toArray(float[][]::new);
        boolean same = Arrays.stream(each).allMatch(row -> Arrays.equals(row, each[0]));
        return same
                ? Rotary.of(each[0], factor, positions, xs.main())
                : Rotary.ofRows(each, factor, positions, xs.main());
    }

    /** Of each sequence, up to its last real step. */
    private static long[] lengths(Tensors xs, Pass pass, Tensor positions, int steps) {
        @Nullable Tensor mask = Masks.of(xs, steps);
        @Nullable Cache cache = pass.cache();
        boolean given = positions.rank() == 2;
        // A prompt that comes in several passes is as long in the first one as it will be.
        long least = given || cache == null ? 1 : cache.expected();
        if (mask == null && !given) {
            return new long[] {Math.max(least, Positions.first(pass) + steps)};
        }
        long[] at = positions.toLongs();
        long[] real = mask == null ? new long[0] : mask.to(DType.INT64).toLongs();
        long[] lengths = new long[(int) xs.main().size(0)];
        Arrays.fill(lengths, least);
        for (int i = 0; i < lengths.length * steps; i++) {
            if (mask == null || real[i] != 0) {
                int row = i / steps;
                lengths[row] = Math.max(lengths[row], 1 + at[given ? i : i % steps]);
            }
        }
        return lengths;
    }

    /** The angle of one step of each pair. @param length of the sequence, where they depend on it */
    float[] frequencies(long length) {
        float[] frequencies = new float[headDim / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = (float) frequency(i, length);
        }
        return frequencies;
    }

    private double frequency(int pair, long length) {
        double plain = plain(theta, pair);
        if (scaling == null) {
            return plain;
        }
        return switch (scaling.ropeType()) {
            case LINEAR -> plain / scaling.factor();
            case DYNAMIC -> plain(dynamicBase(scaling, length), pair);
            case LLAMA3 -> llama3(scaling, plain);
            case YARN -> yarn(scaling, plain, pair);
            case LONGROPE -> {
                List<Double> factors =
                        length > scaling.originalMaxPositions() ? scaling.longFactor() : scaling.shortFactor();
                yield plain / factors.get(pair);
            }
        };
    }

    private double plain(double base, int pair) {
        return Math.pow(base, -2.0 * pair / headDim);
    }

    private double dynamicBase(RopeScaling scaling, long length) {
        double original = scaling.originalMaxPositions();
        double longer = Math.max((double) length, original) / original;
        double stretched = scaling.factor() * longer - (scaling.factor() - 1);
        return theta * Math.pow(stretched, headDim / (headDim - 2.0));
    }

    private static double llama3(RopeScaling scaling, double plain) {
        double wavelength = 2 * Math.PI / plain;
        double original = scaling.originalMaxPositions();
        double low = scaling.lowFreqFactor();
        double high = scaling.highFreqFactor();
        if (wavelength > original / low) {
            return plain / scaling.factor();
        }
        if (wavelength < original / high) {
            return plain;
        }
        double share = (original / wavelength - low) / (high - low);
        return (1 - share) * plain / scaling.factor() + share * plain;
    }

    private double yarn(RopeScaling scaling, double plain, int pair) {
        double low = pairOfTurns(scaling, scaling.betaFast());
        double high = pairOfTurns(scaling, scaling.betaSlow());
        if (scaling.truncate()) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        low = Math.max(low, 0);
        high = Math.min(high, headDim - 1);
        // As the public implementation, which must not divide by 0.
        double width = low == high ? 0.001 : high - low;
        double slowed = Math.min(1, Math.max(0, (pair - low) / width));
        return plain / scaling.factor() * slowed + plain * (1 - slowed);
    }

    /** Which pair turns so often over the first context (Peng et al., 2024, equation 20). */
    private double pairOfTurns(RopeScaling scaling, double turns) {
        return headDim * Math.log(scaling.originalMaxPositions() / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
    }
}
