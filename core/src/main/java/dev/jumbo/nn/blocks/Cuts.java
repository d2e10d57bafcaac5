package dev.jumbo.nn.blocks;

import dev.jumbo.nn.Cost;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a row of layers is cut into blocks so that the inputs of all blocks and what the largest one makes on its way are as few
 * bytes as possible (Chen et al., 2016, "Training Deep Nets with Sublinear Memory Cost", with the layers' own sizes). A container,
 * such as a transformer block, is a block of its own: it may divide itself.
 */
final class Cuts {
    /** How many sizes of the largest block are tried at most. */
    private static final int TRIED = 200;

    private final double[] inputs;
    private final double[] made;
    private final boolean[] lone;

    private Cuts(List<Layer.Part> row) {
        int n = row.size();
        inputs = new double[n];
        made = new double[n];
        lone = new boolean[n];
        Map<List<Object>, Double> known = new HashMap<>();
        for (int i = 0; i < n; i++) {
            Layer.Part part = row.get(i);
            inputs[i] = bytes(part.inputs());
            made[i] = known.computeIfAbsent(List.of(part.layer(), part.inputs()), key -> made(part));
            lone[i] = isContainer(part);
        }
    }

    static boolean isContainer(Layer.Part part) {
        return !part.layer().parts(part.inputs()).isEmpty();
    }

    /** Bytes that one example's tensors take, in fp32. */
    static double bytes(Specs specs) {
        return specs.all().stream().mapToDouble(Cuts::bytes).sum();
    }

    private static double bytes(Spec spec) {
        return (double) Float.BYTES * spec.shape().elements();
    }

    /** Bytes that a layer leaves for its backward pass, its output included. */
    static double made(Layer.Part part) {
        return Cost.of(part, Compute.CPU).stream()
                .map(Operation::kept)
                .mapToDouble(kept -> kept.scopeBytes(Float.BYTES) + kept.savedBytes(Float.BYTES))
                .sum();
    }

    /** @return how many layers each block has */
    static List<Integer> of(List<Layer.Part> row) {
        Cuts cuts = new Cuts(row);
        double least = Double.POSITIVE_INFINITY;
        List<Integer> best = List.of();
        for (double largest : cuts.sizes()) {
            List<Integer> blocks = new ArrayList<>();
            double kept = cuts.divide(largest, blocks);
            if (kept + largest < least) {
                least = kept + largest;
                best = blocks;
            }
        }
        return best;
    }

    /** Sizes that the largest block may have, ascending. */
    private double[] sizes() {
        double atLeast = 0;
        for (int i = 0; i < made.length; i++) {
            atLeast = Math.max(atLeast, made[i]);
        }
        List<Double> sizes = new ArrayList<>(List.of(atLeast));
        for (int from = 0; from < made.length; from++) {
            double sum = 0;
            for (int i = from; i < made.length && !lone[i]; i++) {
                sum += made[i];
                if (sum > atLeast) {
                    sizes.add(sum);
                }
            }
        }
        double[] sorted = sizes.stream()
                .mapToDouble(Double::doubleValue)
                .sorted()
                .distinct()
                .toArray();
        int every = 1 + sorted.length / TRIED;
        double[] tried = new double[(sorted.length + every - 1) / every];
        Arrays.setAll(tried, i -> sorted[i * every]);
        return tried;
    }

    /** The blocks whose inputs are fewest among those of at most a size. @return the bytes of these inputs */
    private double divide(double largest, List<Integer> into) {
        int n = made.length;
        double[] least = new double[n + 1];
        int[] start = new int[n + 1];
        for (int end = 1; end <= n; end++) {
            least[end] = Double.POSITIVE_INFINITY;
            double sum = 0;
            for (int from = end - 1; from >= 0; from--) {
                sum += made[from];
                if (from < end - 1 && (sum > largest || lone[from] || lone[end - 1])) {
                    break;
                }
                double kept = least[from] + inputs[from];
                if (kept < least[end]) {
                    least[end] = kept;
                    start[end] = from;
                }
            }
        }
        for (int end = n; end > 0; end = start[end]) {
            into.add(end - start[end]);
        }
        Collections.reverse(into);
        return least[n];
    }
}
