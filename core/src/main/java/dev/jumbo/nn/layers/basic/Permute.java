package dev.jumbo.nn.layers.basic;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Dimensions in another order: {@code [2, 1]} makes {@code [L, C]} of {@code [C, L]}.
 *
 * @param dims for each dimension of the output, which one of the input it is; 1 is the first behind the batch
 */
@Kind("permute")
public record Permute(
        @Doc("For each dimension of the output, which of the input it is, from 1.")
        List<Integer> dims) implements UnaryLayer {
    public Permute {
        dims = List.copyOf(dims);
        List<Integer> all = IntStream.rangeClosed(1, dims.size()).boxed().toList();
        if (!dims.stream().sorted().toList().equals(all)) {
            throw new InputException("permute: expected each of " + all + " once, received " + dims);
        }
    }

    public static Permute of(Integer... dims) {
        return new Permute(List.of(dims));
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != dims.size()) {
            throw new ShapeException("", dims.size() + " dimensions", input);
        }
        return Shape.of(dims.stream().mapToLong(d -> input.size(d - 1)).toArray());
    }

    @Override
    public long flops(Shape input) {
        return 0;
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        return List.of(Operation.pass("", "view", 0, 0, Kept.NOTHING));
    }

    @Override
    public DType outputType(DType input) {
        return input;
    }

    @Override
    public boolean ignoresPadding(Shape input) {
        return true;
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        long[] order = LongStream.concat(LongStream.of(0), dims.stream().mapToLong(d -> d))
                .toArray();
        return (x, pass) -> x.permute(order);
    }
}
