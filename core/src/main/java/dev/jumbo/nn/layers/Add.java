package dev.jumbo.nn.layers;

import dev.jumbo.config.Kind;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.List;
import java.util.Set;

/** The sum of two or more inputs of the same shape. */
@Kind("add")
public record Add() implements Layer {
    @Override
    public Specs outputs(Specs in) {
        Merge.requireSeveral(in);
        if (in.shapes().stream().distinct().count() > 1) {
            throw new ShapeException("", "inputs of one shape", in.shapes());
        }
        return Specs.of(in.main());
    }

    @Override
    public boolean goesOn(Specs in) {
        return true;
    }

    @Override
    public Set<String> reads(Specs in) {
        return in.names();
    }

    @Override
    public long flops(Specs in) {
        return (in.size() - 1) * in.main().shape().elements();
    }

    @Override
    public List<Operation> work(Specs in, Compute how) {
        long values = in.main().shape().elements();
        return List.of(Operation.pass("", "add", in.size() * values, values, Kept.values(values))
                .withFlops(flops(in)));
    }

    @Override
    public Network build(Specs in, Parameters into) {
        return (given, pass) -> {
            List<Tensor> xs = given.all();
            Tensor sum = xs.get(0).add(xs.get(1));
            for (Tensor x : xs.subList(2, xs.size())) {
                sum.add_(x);
            }
            return Tensors.of(sum);
        };
    }
}
