package dev.jumbo.nn.layers.conv;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import java.util.List;

/**
 * An image as a sequence (Dosovitskiy et al., 2021, equation 1): squares of {@code patchSize} pixels, row by row, each a vector by
 * one product. {@code [C, H, W]} becomes {@code [H / patchSize * W / patchSize, units]}. Parameters as torchvision's {@code
 * conv_proj}: {@code weight [units, C, patchSize, patchSize]}, {@code bias [units]}.
 *
 * @param units length of a vector
 * @param patchSize side of a square; divides both sides of the image
 */
@Kind("patch_embedding")
public record PatchEmbedding(
        @Doc("Length of the vector of each square.") int units,

        @Doc("Side of a square in pixels; divides the image's sides.")
        int patchSize)
        implements UnaryLayer {
    public PatchEmbedding {
        if (units < 1 || patchSize < 1) {
            throw new InputException(
                    "patch_embedding: expected 1 or more units and pixels, received " + units + " and " + patchSize);
        }
    }

    private Conv2d convolution() {
        Conv2d plain = Conv2d.of(units, Size2d.of(patchSize), Activation.LINEAR);
        return new Conv2d(
                units,
                plain.kernelSize(),
                Activation.LINEAR,
                Size2d.of(patchSize),
                plain.padding(),
                plain.dilation(),
                1,
                true,
                new Initializers.LecunNormal(),
                Initializers.zeros());
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 3
                || input.size(1) % patchSize != 0
                || input.size(2) % patchSize != 0
                || input.elements() == 0) {
            throw new ShapeException("", "[C, H, W] with sides that are multiples of " + patchSize, input);
        }
        return Shape.of(input.size(1) / patchSize * (input.size(2) / patchSize), units);
    }

    @Override
    public long flops(Shape input) {
        return convolution().flops(input);
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        return convolution().work(input, how);
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        UnaryNetwork convolution = convolution().build(input, into);
        return (x, pass) -> {
            Tensor y = convolution.forward(x, pass);
            // Channels-last in memory: a view.
            return y.permute(0, 2, 3, 1).reshape(x.size(0), y.size(2) * y.size(3), units);
        };
    }
}
