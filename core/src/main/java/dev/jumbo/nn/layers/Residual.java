package dev.jumbo.nn.layers;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Cost;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
    public Specs outputs(Specs in) {
        Specs made = body().outputs(in);
        Shape output = made.main().shape();
        Shape around = around(in);
        if (!around.equals(output)) {
            throw new ShapeException(
                    projection == null ? "" : "projection",
                    "the shape that the layers give, " + output
                            + (projection == null ? ", as input (or a projection to it)" : ""),
                    around);
        }
        return made;
    }

    private Sequential body() {
        return new Sequential(layers);
    }

    private Shape around(Specs in) {
        if (projection == null) {
            return in.main().shape();
        }
        try {
            return projection.outputs(in).main().shape();
        } catch (ShapeException e) {
            throw e.within("projection");
        }
    }

    @Override
    public long flops(Specs in) {
        return Part.flops(parts(in)) + outputs(in).main().shape().elements();
    }

    @Override
    public List<Operation> work(Specs in, Compute how) {
        List<Operation> work = new ArrayList<>(body().work(in, how));
        if (projection != null) {
            work.addAll(Cost.of(new Part("projection", projection, in), how));
        }
        long values = outputs(in).main().shape().elements();
        work.add(Operation.pass("", "add", values, values, Kept.values(values)));
        work.addAll(activation.work(values));
        return work;
    }

    @Override
    public List<Part> parts(Specs in) {
        List<Part> parts = new ArrayList<>(body().parts(in));
        if (projection != null) {
            parts.add(new Part("projection", projection, in));
        }
        return parts;
    }

    @Override
    public Residual withPart(String path, Layer other) {
        return path.equals("projection") && projection != null
                ? new Residual(layers, other, activation)
                : new Residual(body().withPart(path, other).layers(), projection, activation);
    }

    @Override
    public Set<String> sides() {
        Set<String> sides = new LinkedHashSet<>(body().sides());
        if (projection != null) {
            sides.addAll(projection.sides());
        }
        return sides;
    }

    @Override
    public Network build(Specs in, Parameters into) {
        Network body = body().build(in, into);
        @Nullable Network around = projection == null ? null : into.build("projection", projection, in);
        return (xs, pass) -> {
            Tensor shortcut =
                    around == null ? xs.main() : around.forward(xs, pass).main();
            Tensors made = body.forward(xs, pass);
            return made.withMain(activation.apply_(made.main().add(shortcut)));
        };
    }
}
