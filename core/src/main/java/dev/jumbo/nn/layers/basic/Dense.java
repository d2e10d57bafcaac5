package dev.jumbo.nn.layers.basic;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Differentiable;
import dev.jumbo.nn.Initializer;
import dev.jumbo.nn.Initializer.Fans;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layout;
import dev.jumbo.nn.Packing;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.each.Products;
import dev.jumbo.nn.each.Rows;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Size;
import dev.jumbo.tensor.Derivatives;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code activation(x W^T + b)} over the last dimension: {@code [..., in]} becomes {@code [..., units]}. Parameters:
 * {@code weight [units, in]}, {@code bias [units]}, as PyTorch's {@code Linear}.
 *
 * @param units outputs, 1 or more
 * @param activation applied to the result
 * @param useBias whether b is added
 * @param kernelInitializer first values of W
 * @param biasInitializer first values of b
 */
@Kind("dense")
public record Dense(
        @Doc("Number of outputs.") int units,
        @Doc("Applied to the result.") @Default("linear") Activation activation,
        @Doc("Whether a bias is added.") @Default("true") boolean useBias,

        @Doc("First values of the weight.") @Default("glorot_uniform")
        Initializer kernelInitializer,

        @Doc("First values of the bias.") @Default("zeros") Initializer biasInitializer)
        implements UnaryLayer {
    public Dense {
        if (units < 1) {
            throw new InputException("dense: expected 1 or more units, received " + units);
        }
    }

    /** The common form: with a bias, and Keras's initialisers. */
    public static Dense of(int units, Activation activation) {
        return new Dense(units, activation, true, Initializers.glorotUniform(), Initializers.zeros());
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() < 1) {
            throw new ShapeException("", "[..., in]", input);
        }
        return input.with(-1, units);
    }

    @Override
    public long flops(Shape input) {
        return 2 * input.elements() * units;
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        long inner = input.size(-1);
        Size size = new Size(input.elements() / inner, inner, units);
        return activation.behind(Operation.product("", "dense", input.elements(), size));
    }

    @Override
    public boolean eachStepAlone() {
        return true;
    }

    @Override
    public boolean ignoresPadding(Shape input) {
        return input.rank() > 1;
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        return build(input, into, Layout.PLAIN);
    }

    /** As {@link #build(Shape, Parameters)}, with weights whose columns lie in memory as the values of an image do. @param layout the order of a file against that of memory */
    public UnaryNetwork build(Shape input, Parameters into, Layout layout) {
        Shape shape = Shape.of(units, input.size(-1));
        Fans fans = Fans.of(shape);
        Parameter weight = into.weight("weight", shape, kernelInitializer, fans, layout);
        @Nullable Parameter bias = useBias ? into.bias("bias", Shape.of(units), biasInitializer, fans) : null;
        UnaryNetwork recorded = (x, pass) -> {
            Tensor y = Functional.linear(x, weight.tensor(), bias == null ? null : bias.tensor());
            Tensor followed = pass.perExample(y, (gradient, each) -> {
                each.add(weight, Products.of(gradient, x));
                each.add(bias, Rows.lastDimension(gradient));
            });
            return activation.apply_(followed, pass);
        };
        @Nullable Packing packing = into.packing();
        if (packing != null) {
            return packing.linear(into.path(), weight, bias, activation, recorded);
        }
        if (input.rank() != 1 || !activation.isDifferentiable()) {
            return recorded;
        }
        return Differentiable.of(recorded, (x, tape) -> {
            Tensor matrix = weight.tensor();
            @Nullable Tensor shift = bias == null ? null : bias.tensor();
            Tensor y = activation.apply_(Functional.linear(x, matrix, shift));
            tape.addProduct(
                    matrix,
                    shift,
                    activation,
                    y,
                    (wanted, gradient) -> Derivatives.linear(wanted, gradient, x, matrix));
            return y;
        });
    }
}
