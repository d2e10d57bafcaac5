package dev.jumbo.nn.layers;

import dev.jumbo.config.Kind;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import java.util.List;

/** The sum of two or more inputs of the same shape. */
@Kind("add")
public record Add() implements Layer {
    @Override
    public Shape outputShape(Shape input) {
        throw Merge.needsSeveral(input);
    }

    @Override
    public Network build(Shape input, Parameters into) {
        throw Merge.needsSeveral(input);
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        Merge.requireSeveral(inputs);
        if (inputs.stream().distinct().count() > 1) {
            throw new ShapeException("", "inputs of one shape", inputs);
        }
        return List.of(inputs.get(0));
    }

    @Override
    public long flops(List<Shape> inputs) {
        return (inputs.size() - 1) * inputs.get(0).elements();
    }

    @Override
    public Network build(List<Shape> inputs, Parameters into) {
        return new Merge(xs -> {
            Tensor sum = xs.get(0).add(xs.get(1));
            for (Tensor x : xs.subList(2, xs.size())) {
                sum.add_(x);
            }
            return sum;
        });
    }
}
