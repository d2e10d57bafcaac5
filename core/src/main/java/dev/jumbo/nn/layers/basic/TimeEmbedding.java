package dev.jumbo.nn.layers.basic;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Cost;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Tells a layer how far a diffusion is (Ho et al., 2020, appendix B; the modulation is that of Perez et al., 2018): the side input
 * {@code time t} becomes {@code e = [sin(t w_i), cos(t w_i)]} with {@code w_i = maxPeriod^(-2 i / width)}, and {@code x} becomes {@code (1 +
 * s) x + b} for each feature or channel with {@code [s, b] = W_2 f(W_1 e)}. {@code [D]}, {@code [T, D]} and {@code [C, H, W]} stay what
 * they are. Parameters {@code linear1.weight [units, width]}, {@code linear2.weight [2 D, units]} and biases.
 *
 * <p>Time is a number or an id for each example, {@code [1]} or {@code []}; it is not rounded in bf16.
 *
 * @param width of the sines and cosines, even
 * @param units between the two dense layers
 * @param maxPeriod of the slowest pair, over 2 pi
 */
@Kind("time_embedding")
public record TimeEmbedding(
        @Doc("Number of sines and cosines, even.") int width,
        @Doc("Units between the two dense layers.") int units,

        @Doc("Slowest wavelength over 2 pi.") @Default("10000.0")
        double maxPeriod)
        implements Layer {
    public TimeEmbedding {
        if (width < 2 || width % 2 != 0 || units < 1 || !(maxPeriod > 1)) {
            throw new InputException(
                    "time_embedding: expected an even width of 2 or more, 1 or more units and a max_period"
                            + " above 1, received " + width + ", " + units + " and " + maxPeriod);
        }
    }

    /** The dimension of features, from 0. */
    private static int dim(Shape x) {
        return x.rank() == 3 ? 0 : x.rank() - 1;
    }

    @Override
    public Specs outputs(Specs in) {
        Shape x = in.main().shape();
        if (x.rank() < 1 || x.rank() > 3) {
            throw new ShapeException("", "[D], [T, D] or [C, H, W]", in.main());
        }
        if (in.require(Masks.TIME).shape().elements() != 1) {
            throw new ShapeException(Masks.TIME, "one number for each example, [1]", in.require(Masks.TIME));
        }
        return Specs.of(in.main());
    }

    @Override
    public Set<String> sides() {
        return Set.of(Masks.TIME);
    }

    @Override
    public boolean goesOn(Specs in) {
        return true;
    }

    @Override
    public List<Part> parts(Specs in) {
        Shape x = in.main().shape();
        Dense up = Dense.of(units, Activation.SILU);
        Dense down = Dense.of((int) (2 * x.size(dim(x))), Activation.LINEAR);
        return List.of(
                new Part("linear1", up, Specs.of(Spec.floats(width))),
                new Part("linear2", down, Specs.of(Spec.floats(units))));
    }

    @Override
    public long flops(Specs in) {
        return Part.flops(parts(in)) + 2 * in.main().shape().elements() + width;
    }

    @Override
    public List<Operation> work(Specs in, Compute how) {
        long values = in.main().shape().elements();
        List<Operation> work = new ArrayList<>();
        work.add(Operation.pass("", "add", width, width, Kept.values(4L * width)));
        work.addAll(Cost.of(parts(in), how));
        work.add(Operation.pass("", "add", values, values, Kept.values(2 * values))
                .withFlops(2.0 * values));
        return work;
    }

    @Override
    public Network build(Specs in, Parameters into) {
        List<Network> dense = parts(in).stream()
                .map(part -> into.build(part.path(), part.layer(), part.inputs()))
                .toList();
        Shape shape = in.main().shape();
        int dim = dim(shape);
        float[] frequencies = new float[width / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = (float) Math.pow(maxPeriod, -2.0 * i / width);
        }
        long[] perFeature = new long[shape.rank() + 1];
        Arrays.fill(perFeature, 1);
        perFeature[dim + 1] = shape.size(dim);
        return (xs, pass) -> {
            Tensor x = xs.main();
            Tensor time = xs.require(Masks.TIME);
            Tensor wide = time.dtype() == DType.FLOAT64 ? time : time.to(DType.FLOAT32);
            Tensor angles = wide.reshape(x.size(0), 1)
                    .mul(Tensor.of(frequencies, Shape.of(1, frequencies.length))
                            .to(x.device())
                            .to(wide.dtype()));
            Tensor sines = Functional.sinusoids(angles).to(x.dtype());
            Tensor both = dense.get(1).forward(dense.get(0).forward(sines, pass), pass);
            long[] each = perFeature.clone();
            each[0] = x.size(0);
            Tensor scale = both.narrow(1, 0, shape.size(dim)).reshape(each);
            Tensor shift = both.narrow(1, shape.size(dim), shape.size(dim)).reshape(each);
            return Tensors.of(x.mul(scale.add(1)).add(shift));
        };
    }
}
