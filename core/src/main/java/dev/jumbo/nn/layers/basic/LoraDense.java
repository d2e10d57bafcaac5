package dev.jumbo.nn.layers.basic;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Initializer.Fans;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Layout;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.each.Products;
import dev.jumbo.nn.each.Rows;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dense layer with a change of low rank, see {@link LowRank}: {@code activation(x W^T + b + s x A^T B^T)}. The parameters of the dense
 * layer keep their names, so weights of a model without adapters load; those of the change lie beside them: {@code lora_A.weight},
 * {@code lora_B.weight}, {@code lora_magnitude_vector}.
 *
 * @param base the dense layer
 * @param adapter the change
 */
@Kind("lora_dense")
public record LoraDense(
        @Doc("The dense layer.") Layer base,
        @Doc("The change of its matrix.") LowRank adapter) implements UnaryLayer {
    public LoraDense {
        if (!(base instanceof Dense)) {
            throw new InputException("lora_dense: expected a dense layer as its base, received "
                    + base.getClass().getSimpleName());
        }
    }

    private Dense dense() {
        return (Dense) base;
    }

    @Override
    public Shape outputShape(Shape input) {
        return base.outputShape(input);
    }

    @Override
    public long flops(Shape input) {
        long inner = input.size(-1);
        return base.flops(input) + adapter.flops(input.elements() / inner, dense().units(), inner);
    }

    @Override
    public boolean eachStepAlone() {
        return true;
    }

    @Override
    public boolean ignoresPadding(Shape input) {
        return dense().ignoresPadding(input);
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        long inner = input.size(-1);
        long rows = input.elements() / inner;
        List<Operation> work = new ArrayList<>(dense().work(input, how));
        work.addAll(adapter.work(rows, dense().units(), inner));
        return work;
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        Dense dense = dense();
        Shape shape = Shape.of(dense.units(), input.size(-1));
        Fans fans = Fans.of(shape);
        Parameter weight = into.weight("weight", shape, dense.kernelInitializer(), fans, Layout.PLAIN);
        @Nullable
        Parameter bias =
                dense.useBias() ? into.bias("bias", Shape.of(dense.units()), dense.biasInitializer(), fans) : null;
        LowRank.Built change = adapter.build(into, weight, bias);
        Activation activation = dense.activation();
        return (x, pass) -> {
            Tensor y = Functional.linear(x, weight.tensor(), bias == null ? null : bias.tensor());
            Tensor followed = pass.perExample(y, (gradient, each) -> {
                each.add(weight, Products.of(gradient, x));
                each.add(bias, Rows.lastDimension(gradient));
            });
            return activation.apply_(change.forward(x, followed, pass), pass);
        };
    }
}
