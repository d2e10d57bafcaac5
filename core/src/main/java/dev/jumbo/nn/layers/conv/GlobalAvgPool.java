package dev.jumbo.nn.layers.conv;

import dev.jumbo.config.Kind;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;

/**
 * The mean of each channel: {@code [C, L]} or {@code [C, H, W]} becomes {@code [C]}. As PyTorch's {@code AdaptiveAvgPool2d(1)} and a flatten (Lin et al., 2014).
 */
@Kind("global_avg_pool")
public record GlobalAvgPool() implements Layer {
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
    public Network build(Shape input, Parameters into) {
        long[] spatial = input.rank() == 2 ? new long[] {2} : new long[] {2, 3};
        return (x, pass) -> x.mean(false, spatial);
    }
}
