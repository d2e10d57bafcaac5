package dev.jumbo.nn.layers;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Cost;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Specs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Some of the layers of a {@link Sequential}, as one worker of a pipeline builds them. Parameters keep the names that they
 * have in the whole: the first of stage {@code [7, 9)} is {@code layers.7.weight}. What the whole would build instead of
 * what was described, for speed, is decided over the whole, so a pair of layers may be cut apart.
 *
 * @param whole all layers
 * @param wholeInput what the first layer of the whole receives
 * @param from index of the first layer of this stage
 * @param to index behind its last layer
 */
public record Stage(Sequential whole, Specs wholeInput, int from, int to) implements Layer {
    public Stage {
        if (from < 0 || to <= from || to > whole.layers().size()) {
            throw new IllegalArgumentException("no stage from " + from + " to " + to);
        }
    }

    /**
     * Cuts a model into stages of consecutive layers such that the most costly one costs as little as possible. A layer's
     * cost is its share of the model's FLOPs and of its parameters, in equal parts: both have to fit a worker. A stage without
     * parameters has nothing to train, and is made only where there is no other way.
     *
     * @throws InputException if there are fewer layers than stages
     */
    public static List<Stage> split(Sequential whole, Specs input, int stages) {
        int layers = whole.layers().size();
        if (stages < 1 || layers < stages) {
            throw new InputException("expected a sequential model of at least " + stages
                    + " layers, one for each stage of the pipeline, received " + layers + "; start fewer workers");
        }
        int[] ends = ends(costs(whole, input), stages);
        List<Stage> split = new ArrayList<>();
        for (int i = 0; i < stages; i++) {
            split.add(new Stage(whole, input, i == 0 ? 0 : ends[i - 1], ends[i]));
        }
        return split;
    }

    /**
     * The model as a row that can be cut into so many stages, each with parameters of its own; empty where it cannot be.
     *
     * @param in what the model receives
     */
    public static Optional<Sequential> row(Layer model, Specs in, int stages) {
        if (!(model instanceof Sequential row) || row.layers().size() < stages || in.size() > 1) {
            return Optional.empty();
        }
        return FlatOrder.of(row, in).tied().isEmpty() ? Optional.of(row) : Optional.empty();
    }

    private static Costs costs(Sequential whole, Specs input) {
        List<Part> parts = whole.parts(input);
        double[] flops = new double[parts.size()];
        double[] parameters = new double[parts.size()];
        for (int i = 0; i < flops.length; i++) {
            Parameters slots = Parameters.ofPart();
            parts.get(i).layer().build(parts.get(i).inputs(), slots);
            flops[i] = parts.get(i).layer().flops(parts.get(i).inputs());
            parameters[i] = slots.count();
        }
        double allFlops = Math.max(1, Arrays.stream(flops).sum());
        double allParameters = Math.max(1, Arrays.stream(parameters).sum());
        double[] costs = new double[flops.length];
        boolean[] trained = new boolean[flops.length];
        for (int i = 0; i < costs.length; i++) {
            costs[i] = flops[i] / allFlops + parameters[i] / allParameters;
            trained[i] = parameters[i] > 0;
        }
        return Costs.of(costs, trained);
    }

    /** Sums over the layers before each one: of costs, and of layers with parameters. */
    private static final class Costs {
        private final double[] before;
        private final int[] trainedBefore;

        private Costs(double[] before, int[] trainedBefore) {
            this.before = before;
            this.trainedBefore = trainedBefore;
        }

        static Costs of(double[] costs, boolean[] trained) {
            double[] before = new double[costs.length + 1];
            int[] trainedBefore = new int[costs.length + 1];
            for (int i = 0; i < costs.length; i++) {
                before[i + 1] = before[i] + costs[i];
                trainedBefore[i + 1] = trainedBefore[i] + (trained[i] ? 1 : 0);
            }
            return new Costs(before, trainedBefore);
        }

        int layers() {
            return before.length - 1;
        }

        /** More than the whole model costs where no layer has parameters. */
        double of(int from, int to) {
            double cost = before[to] - before[from];
            return trainedBefore[to] == trainedBefore[from] ? cost + 1 + before[layers()] : cost;
        }
    }

    /** The linear partition problem by dynamic programming over where the last stage begins. */
    private static int[] ends(Costs costs, int stages) {
        int n = costs.layers();
        double[][] least = new double[stages + 1][n + 1];
        int[][] cut = new int[stages + 1][n + 1];
        Arrays.fill(least[0], Double.POSITIVE_INFINITY);
        least[0][0] = 0;
        for (int s = 1; s <= stages; s++) {
            Arrays.fill(least[s], Double.POSITIVE_INFINITY);
            for (int end = s; end <= n; end++) {
                for (int start = s - 1; start < end; start++) {
                    double most = Math.max(least[s - 1][start], costs.of(start, end));
                    if (most < least[s][end]) {
                        least[s][end] = most;
                        cut[s][end] = start;
                    }
                }
            }
        }
        int[] ends = new int[stages];
        for (int s = stages, end = n; s > 0; s--) {
            ends[s - 1] = end;
            end = cut[s][end];
        }
        return ends;
    }

    /** What the first layer of this stage receives. */
    public Specs input() {
        Specs given = wholeInput;
        for (Layer layer : whole.layers().subList(0, from)) {
            given = given.then(layer.outputs(given));
        }
        return given;
    }

    private Sequential own() {
        return new Sequential(whole.layers().subList(from, to));
    }

    @Override
    public Specs outputs(Specs in) {
        Specs expected = input();
        if (!in.shapes().equals(expected.shapes())) {
            throw new ShapeException(whole.name(from), expected.toString(), in);
        }
        return own().outputs(in);
    }

    @Override
    public Set<String> sides() {
        return own().sides();
    }

    @Override
    public long flops(Specs in) {
        return Part.flops(parts(in));
    }

    @Override
    public List<Part> parts(Specs in) {
        return whole.row(whole.layers(), wholeInput, from, to);
    }

    @Override
    public List<Operation> work(Specs in, Compute how) {
        return Cost.of(whole.row(Rewrites.apply(whole.layers(), wholeInput), wholeInput, from, to), how);
    }

    @Override
    public boolean divides() {
        return true;
    }

    @Override
    public Network build(Specs in, Parameters into) {
        return whole.build(Rewrites.apply(whole.layers(), wholeInput), wholeInput, from, to, into);
    }
}
