package dev.jumbo.nn.layers.conv;

import dev.jumbo.config.Kind;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.PaddedChannels;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.SidedLayer;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The mean of each channel: {@code [C, L]} or {@code [C, H, W]} becomes {@code [C]}. As PyTorch's {@code AdaptiveAvgPool2d(1)} and a flatten (Lin et al., 2014). Of padded sequences with
 * a side input {@code mask}, of the real steps alone; 0 where there are none.
 */
@Kind("global_avg_pool")
public record GlobalAvgPool() implements SidedLayer {
    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() < 2 || input.rank() > 3) {
            throw new ShapeException("", "[C, L] or [C, H, W]", input);
        }
        return input.slice(0, 1);
    }

    @Override
    public long flops(Shape input) {
        return input.elements();
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        long out = outputShape(input).elements();
        return List.of(Operation.pass("", "avg_pool2d", input.elements(), out, Kept.values(out)));
    }

    @Override
    public Set<String> sides() {
        return Set.of(Masks.MASK);
    }

    @Override
    public Network build(Specs in, Parameters into) {
        int rank = in.main().shape().rank();
        long[] spatial = rank == 2 ? new long[] {2} : new long[] {2, 3};
        boolean masked = PaddedChannels.isPadded(in);
        return (xs, pass) -> {
            @Nullable Tensor real = masked ? PaddedChannels.real(xs) : null;
            return Tensors.of(real == null ? xs.main().mean(false, spatial) : PaddedChannels.mean(xs.main(), real));
        };
    }
}
