package dev.jumbo.nn;

import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Parameters of one type whose values lie one behind the other in flat memory that comes and goes, as where workers divide a model
 * between them and put it together block by block. A {@link FlatStore} holds memory that stays.
 *
 * @param parameters in the order of memory
 * @param type that passes compute with
 */
public record FlatRegion(List<Parameter> parameters, DType type) {
    public FlatRegion {
        parameters = List.copyOf(parameters);
    }

    /** Number of values. */
    public long length() {
        return FlatOrder.count(parameters);
    }

    /** Each parameter with its place. */
    public void each(BiConsumer<Parameter, FlatRange> action) {
        FlatOrder.each(parameters, action);
    }

    /**
     * From now on passes compute with this memory.
     *
     * @param flat {@link #length} values or more
     * @return leaves for gradients, in the order of the parameters, retained: the caller closes them
     */
    public List<Tensor> leaves(Tensor flat) {
        List<Tensor> leaves = new ArrayList<>();
        try (Autograd off = Autograd.noGrad()) {
            each((p, at) -> leaves.add(p.layout()
                    .forNetwork(at.of(flat), p.shape())
                    .detach()
                    .requiresGrad(true)
                    .retain()));
        }
        use(leaves);
        return leaves;
    }

    /** From now on passes compute with leaves of an earlier {@link #leaves}. */
    public void use(List<Tensor> leaves) {
        for (int i = 0; i < leaves.size(); i++) {
            parameters.get(i).use(leaves.get(i));
        }
    }

    /** From now on the parameters have no values. */
    public void leave() {
        parameters.forEach(Parameter::leave);
    }

    /** Gradients of leaves add up in this memory. @param flat {@link #length} values or more */
    public void gradientsInto(List<Tensor> leaves, Tensor flat) {
        try (Autograd off = Autograd.noGrad()) {
            int[] i = {0};
            each((p, at) -> leaves.get(i[0]++).gradInto(p.layout().forNetwork(at.of(flat), p.shape())));
        }
    }

    /** A value in PyTorch's shape and order in the order of memory, FLOAT32, in the caller's scope. */
    public static Tensor inMemory(Parameter p, Tensor value) {
        Tensor flat = Tensor.zeros(Shape.of(p.shape().elements()));
        Tensor view = p.layout().forFile(flat, p.shape());
        view.copy_(value.reshape(view.shape().toArray()));
        return flat;
    }

    /** What a file holds of a parameter. @param flat gives its fp32 values in the order of memory */
    public static Safetensors.Source source(Parameter p, Supplier<Tensor> flat) {
        return FlatFiles.source(p, flat);
    }
}
