package dev.jumbo.nn.layers.sequence;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensors;
import java.util.List;
import java.util.Set;

/**
 * The sum of the steps of a sequence, each times its weight: {@code [T, D]} and weights {@code [T]} become {@code [D]}. Behind an {@code embedding} it is
 * PyTorch's {@code EmbeddingBag} with {@code mode="sum"} and {@code per_sample_weights}. Steps that fill up a short sequence have the weight 0.
 *
 * @param weights the input that has them, such as the {@code text_weights} that {@code tfidf} makes beside {@code text}
 */
@Kind("weighted_sum")
@Doc("The sum of the steps of a sequence, each times its weight, which another input has.")
public record WeightedSum(
        @Doc("Name of the input of weights, such as text_weights of tfidf.")
        String weights) implements Layer {
    public WeightedSum {
        if (weights.isBlank()) {
            throw new InputException("weighted_sum: expected the name of an input of weights, received none");
        }
    }

    @Override
    public Specs outputs(Specs in) {
        Spec x = in.main();
        if (x.shape().rank() != 2) {
            throw new ShapeException("", "[T, D]", x);
        }
        if (!in.has(weights)) {
            throw new ShapeException(
                    "",
                    "an input named \"" + weights
                            + "\" beside the main one, with a weight for each step, as tfidf makes it",
                    in.names());
        }
        Spec each = in.require(weights);
        if (!each.shape().equals(x.shape().slice(0, 1)) || each.isIds() || each.varies(0) != x.varies(0)) {
            throw new ShapeException(weights, "numbers, one for each step of " + x, each);
        }
        return Specs.of(Spec.of(x.shape().slice(1, 2), x.dtype()));
    }

    @Override
    public Set<String> sides() {
        return Set.of(weights);
    }

    @Override
    public long flops(Specs in) {
        return 2 * in.main().shape().elements();
    }

    @Override
    public List<Operation> work(Specs in, Compute how) {
        Shape x = in.main().shape();
        return List.of(
                Operation.pass(
                        "", "mul", x.elements() + x.size(0), x.elements(), Kept.values(x.elements() + x.size(0))),
                Operation.pass("", "avg_pool2d", x.elements(), x.size(1), Kept.NOTHING));
    }

    @Override
    public Network build(Specs in, Parameters into) {
        return (xs, pass) -> Tensors.of(xs.main()
                .mul(xs.require(weights).to(xs.main().dtype()).unsqueeze(2))
                .sum(false, 1));
    }
}
