package dev.jumbo.nn.layers;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code activation(F(x) + x)}, or {@code activation(F(x) + P(x))} with a projection P where the shapes differ (He et
 * al., 2016, equations 1 and 2). Parameters are named {@code layers.0.weight} and {@code projection.weight}.
 *
 * @param layers F, in a row
 * @param projection P, or null where F keeps the shape
 * @param activation applied to the sum
 */
@Kind("residual")
public record Residual(
        @Doc("Layers whose output is added to their input.") List<Layer> layers,

        @Doc("Layer on the way around, where the shape changes.") @Default("null") @Nullable
        Layer projection,

        @Doc("Applied to the sum.") @Default("linear") Activation activation)
        implements Layer {
    public Residual {
        layers = new Sequential(layers).layers();
    }

    /** {@code F(x) + x}. */
    public static Residual of(Layer... layers) {
        return new Residual(List.of(layers), null, Activation.LINEAR);
    }

    @Override
    public Shape outputShape(Shape input) {
        Shape output = new Sequential(layers).outputShape(input);
        Shape around = around(input);
        if (!around.equals(output)) {
            throw new ShapeException(
                    projection == null ? "" : "projection",
                    "the shape that the layers give, " + output
                            + (projection == null ? ", as input (or a projection to it)" : ""),
                    around);
        }
        return output;
    }

    private Shape around(Shape input) {
        if (projection == null) {
            return input;
        }
        try {
            return projection.outputShape(input);
        } catch (ShapeException e) {
            throw e.within("projection");
        }
    }

    @Override
    public long flops(Shape input) {
        return Part.flops(parts(List.of(input))) + outputShape(input).elements();
    }

    @Override
    public List<Part> parts(List<Shape> inputs) {
        List<Part> parts = new ArrayList<>(new Sequential(layers).parts(inputs));
        if (projection != null) {
            parts.add(new Part("projection", projection, inputs));
        }
        return parts;
    }

    @Override
    public Network build(Shape input, Parameters into) {
        Network body = new Sequential(layers).build(input, into);
        @Nullable Network around = projection == null ? null : projection.build(input, into.child("projection"));
        return (x, pass) -> {
            Tensor shortcut = around == null ? x : around.forward(x, pass);
            return activation.apply_(body.forward(x, pass).add(shortcut));
        };
    }
}
