package dev.jumbo.train.objective;

import dev.jumbo.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Objective} says of a batch, or a worker's part of one: a mean over things that count, and how much they count
 * together. From both, means over padding, accumulation and workers are exact: of two batches it is {@code (w1 m1 + w2 m2) / (w1 +
 * w2)}.
 *
 * @param mean a scalar that gradients flow through; where nothing counts, one whose gradients are 0
 * @param weight what the batch counts beside others, 0 or more: its number of examples, or of tokens that are no padding
 * @param parts scalars by name that are logged beside the loss ({@code kl}, {@code val_kl}), means by the same weight
 * @param outputs of the model that answers, by which metrics are computed; null for none
 */
public record Weighted(
        Tensor mean,
        double weight,
        Map<String, Tensor> parts,
        @Nullable Tensor outputs) {
    /** A mean without parts. */
    public static Weighted mean(Tensor mean, double weight) {
        return mean(mean, weight, Map.of());
    }

    /** A mean whose parts are means too. */
    public static Weighted mean(Tensor mean, double weight, Map<String, Tensor> parts) {
        return new Weighted(mean, weight, parts, null);
    }

    /** A sum over what counts. */
    public static Weighted sum(Tensor sum, double weight) {
        return sum(sum, weight, Map.of());
    }

    /** A sum over what counts, whose parts are sums too. */
    public static Weighted sum(Tensor sum, double weight, Map<String, Tensor> parts) {
        // Of nothing the mean is not defined; back-propagation still runs, as on other workers.
        UnaryOperator<Tensor> divide = weight == 0 ? x -> x.mul(0) : x -> x.div(weight);
        Map<String, Tensor> means = new LinkedHashMap<>();
        parts.forEach((name, part) -> means.put(name, divide.apply(part)));
        return mean(divide.apply(sum), weight, means);
    }

    /** Outputs of the terms that have some, in order. */
    public static List<Tensor> outputs(List<Weighted> terms) {
        return terms.stream().map(Weighted::outputs).filter(Objects::nonNull).toList();
    }

    /** The same with the outputs that metrics are computed from, {@code [N, ...]}. */
    public Weighted withOutputs(Tensor answered) {
        return new Weighted(mean, weight, parts, answered);
    }
}
