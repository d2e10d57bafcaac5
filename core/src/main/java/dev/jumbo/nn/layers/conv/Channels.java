package dev.jumbo.nn.layers.conv;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.each.Kernels;
import dev.jumbo.nn.each.Rows;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Size;
import dev.jumbo.tensor.Gradients.Reading;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What convolutions share: checks on numbers of channels, and what they cost. */
final class Channels {
    private Channels() {}

    static void requireFilters(String layer, int filters) {
        if (filters < 1) {
            throw new InputException(layer + ": expected 1 or more filters, received " + filters);
        }
    }

    static void requireGroups(String layer, int filters, int groups) {
        requireFilters(layer, filters);
        if (groups < 1 || filters % groups != 0) {
            throw new InputException(layer + ": expected filters that are a multiple of the groups, received " + filters
                    + " filters, " + groups + " groups");
        }
    }

    static void requireDivisible(Shape input, int groups) {
        if (input.size(0) % groups != 0) {
            throw new ShapeException("", "a number of channels that is a multiple of " + groups + " groups", input);
        }
    }

    /** Says how the gradients of each example follow. @param x what the convolution was given, with uneven padding @return y, to go on with */
    static Tensor perExample(
            Pass pass, Tensor y, Tensor x, Parameter weight, @Nullable Parameter bias, Reading reading) {
        return pass.perExample(y, (gradient, each) -> {
            each.add(weight, Kernels.of(gradient, x, weight.shape(), reading));
            each.add(bias, Rows.channels(gradient));
        });
    }

    /** A convolution's product and the function of its result. @param kind conv2d or depthwise */
    static List<Operation> work(String kind, Shape input, Shape output, double flops, Activation activation) {
        long channels = output.size(0);
        long positions = output.elements() / channels;
        long inner = Math.max(1, Math.round(flops / 2 / output.elements()));
        Operation product = Operation.product("", kind, input.elements(), new Size(positions, inner, channels))
                .withFlops(flops);
        return activation.behind(product);
    }
}
