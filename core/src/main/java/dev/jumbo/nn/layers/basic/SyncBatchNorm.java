package dev.jumbo.nn.layers.basic;

import dev.jumbo.nn.BatchParts;
import dev.jumbo.nn.Parameter;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link BatchNorm} in training on a part of a batch, by the statistics of the whole batch, or on padded sequences by those of real steps. Each worker takes the mean
 * m and variance v of its n values of a channel in fp32; of {@code [n, n m, n (v + m^2)]}, added up over the workers in
 * fp64, come mean and variance of all. Squares of means would cancel in fp32; in fp64 they leave more digits than fp32 has.
 */
final class SyncBatchNorm {
    private SyncBatchNorm() {}

    static Tensor forward(
            Tensor x,
            @Nullable Tensor real,
            @Nullable BatchParts parts,
            BatchNorm layer,
            String path,
            Parameter weight,
            Parameter bias,
            Parameter runningMean,
            Parameter runningVariance) {
        long channels = x.size(1);
        Tensor wide = Functional.toFloat32(x);
        long[] dims = allButChannels(x.rank());
        double count = real == null
                ? (double) x.elements() / channels
                : real.detach().sum().item();
        Tensor localMean = mean(wide, real, count, dims);
        Tensor localVariance = mean(wide.sub(localMean).pow(2), real, count, dims);
        Tensor m = localMean.reshape(channels).to(DType.FLOAT64);
        Tensor v = localVariance.reshape(channels).to(DType.FLOAT64);
        Tensor n = Tensor.full(Shape.of(1), count, DType.FLOAT64).to(x.device());
        Tensor own = Tensor.cat(List.of(n, m.mul(count), v.add(m.pow(2)).mul(count)), 0);
        Tensor total = parts == null ? own : parts.sum(own);

        double all = total.detach().narrow(0, 0, 1).item();
        BatchNorm.requireSeveral(all, path, x);
        Tensor mean = total.narrow(0, 1, channels).div(all);
        Tensor variance = total.narrow(0, 1 + channels, channels).div(all).sub(mean.pow(2));
        track(runningMean, mean, layer.momentum());
        track(runningVariance, variance.mul(all / (all - 1)), layer.momentum());

        Tensor scale = variance.add(layer.epsilon()).pow(-0.5).to(wide.dtype()).mul(weight.tensor());
        long[] shape = perChannel(x);
        Tensor y = wide.sub(mean.to(wide.dtype()).reshape(shape))
                .mul(scale.reshape(shape))
                .add(bias.tensor().reshape(shape));
        return x.dtype() == y.dtype() ? y : y.to(x.dtype());
    }

    /** Over all values of a channel, or those of real steps. */
    private static Tensor mean(Tensor x, @Nullable Tensor real, double count, long[] dims) {
        return real == null
                ? x.mean(true, dims)
                : x.mul(real.to(x.dtype())).sum(true, dims).div(Math.max(1, count));
    }

    private static void track(Parameter running, Tensor batch, double momentum) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            running.tensor().lerp_(batch.detach().to(running.tensor().dtype()), momentum);
        }
    }

    private static long[] allButChannels(int rank) {
        long[] dims = new long[rank - 1];
        for (int i = 1; i < dims.length; i++) {
            dims[i] = i + 1;
        }
        return dims;
    }

    /** {@code [1, C, 1, ...]}. */
    private static long[] perChannel(Tensor x) {
        long[] shape = new long[x.rank()];
        Arrays.fill(shape, 1);
        shape[1] = x.size(1);
        return shape;
    }
}
