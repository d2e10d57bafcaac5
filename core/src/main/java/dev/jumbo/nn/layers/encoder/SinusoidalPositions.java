package dev.jumbo.nn.layers.encoder;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.SidedLayer;
import dev.jumbo.nn.layers.sequence.Positions;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.List;
import java.util.Set;

/**
 * {@code scale x} plus waves of its position (Vaswani et al., 2017, section 3.5): {@code [T, D]} stays {@code [T, D]}. The first half of
 * the features gets {@code sin(t / 10000^(2 i / D))}, the second the cosines, as Marian's. No parameters. Reads the side input {@code
 * positions}; without it positions count from 0, or on from what a {@link dev.jumbo.nn.Cache} has kept.
 *
 * @param scale of the input, {@code sqrt(D)} in the paper
 */
@Kind("sinusoidal_positions")
public record SinusoidalPositions(
        @Doc("What the input is multiplied with first.") @Default("1.0")
        double scale) implements SidedLayer {
    private static final double LONGEST = 10_000;

    public SinusoidalPositions {
        if (!(scale > 0) || Double.isInfinite(scale)) {
            throw new InputException("sinusoidal_positions.scale: expected a number above 0, received " + scale);
        }
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 2 || input.size(1) == 0 || input.size(1) % 2 != 0) {
            throw new ShapeException("", "[T, D] with D even", input);
        }
        return input;
    }

    @Override
    public long flops(Shape input) {
        return 2 * input.elements();
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        long values = input.elements();
        return List.of(Operation.pass("", "add", values, values, Kept.values(scale == 1 ? values : 2 * values))
                .withFlops(flops(input)));
    }

    @Override
    public boolean ignoresPadding(Shape input) {
        return true;
    }

    @Override
    public Set<String> sides() {
        return Set.of(Masks.POSITIONS);
    }

    @Override
    public Network build(Specs in, Parameters into) {
        int half = (int) in.main().shape().size(1) / 2;
        double[] frequencies = exact(half);
        return (xs, pass) -> {
            Tensor x = xs.main();
            Tensor positions =
                    Positions.of(xs, pass, x.size(1)).to(DType.FLOAT64).unsqueeze(-1);
            Tensor angles = positions.mul(Tensor.of(frequencies, Shape.of(half)).to(x.device()));
            Tensor waves = Functional.sinusoids(angles).to(x.dtype());
            return Tensors.of((scale == 1 ? x : x.mul(scale)).add(waves));
        };
    }

    private static double[] exact(int half) {
        double[] frequencies = new double[half];
        for (int i = 0; i < half; i++) {
            frequencies[i] = Math.pow(LONGEST, -(double) i / half);
        }
        return frequencies;
    }

    /** Of each feature's wave, in radians a step. @param width D */
    public static float[] frequencies(int width) {
        double[] exact = exact(width / 2);
        float[] rounded = new float[exact.length];
        for (int i = 0; i < exact.length; i++) {
            rounded[i] = (float) exact[i];
        }
        return rounded;
    }
}
