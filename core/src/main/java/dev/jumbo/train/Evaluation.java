package dev.jumbo.train;

import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.dist.Agreement;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Loss;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.metrics.Metric;
import dev.jumbo.train.metrics.OutputMetric;
import dev.jumbo.train.metrics.Predictions;
import dev.jumbo.train.metrics.TensorRows;
import dev.jumbo.train.objective.Phase;
import dev.jumbo.train.objective.Phases;
import dev.jumbo.train.objective.Weighted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds up the loss and the metrics of batches, in training and in evaluation alike. What several workers have added up can
 * be put together, and what was added up before a checkpoint goes on behind it.
 */
final class Evaluation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Evaluation.class);

    private static final String LOSS = "loss";
    private static final String PART = "part.";

    /** Output values of a batch, from which on copying them takes longer than the operations that add them up. */
    private static final long LARGE = 1 << 18;

    private final Phases phases;
    /** Of each output that metrics may measure. */
    private final List<Loss> losses;

    private final List<Metric> metrics;
    /** Of each metric, which output it measures. */
    private final int[] outputOf;

    private final List<Metric.Accumulator> accumulators = new ArrayList<>();
    /** For each metric what batches have added on the device so far; null where nothing has, or it needs the rows themselves. */
    private final List<@Nullable Tensor> sums = new ArrayList<>();

    /** What was added up before a break, until the device goes on with it. */
    private final Map<Integer, double[]> earlier = new HashMap<>();

    /** Metrics of which the accumulators have added something up. */
    private final Set<Integer> copies = new HashSet<>();

    private final Evaluator.@Nullable Each each;
    private final boolean onDevice;
    /** For each phase and each term of its loss, the sum of weighted losses and the sum of weights. */
    private final Map<String, double[]> sumsOfLosses = new LinkedHashMap<>();

    /** The weights of parts by name, and their sums times weight, where they were computed. */
    private final Map<String, Double> partWeights = new LinkedHashMap<>();

    private final Map<String, Tensor> partSums = new LinkedHashMap<>();

    /** In plain arrays, which is quicker where batches are small. */
    Evaluation(Phases phases, List<Metric> metrics) {
        this(phases, metrics, null, false);
    }

    /**
     * @param each receives the rows of each batch, which are copied where it asks for them
     * @param onDevice whether metrics add up on the device: see {@link #isLarge}; the same for one training from its beginning to its
     *     end, as the last bit of a sum may depend on it
     */
    Evaluation(Phases phases, List<Metric> metrics, Evaluator.@Nullable Each each, boolean onDevice) {
        this.phases = phases;
        List<String> names = phases.first().measured();
        losses = IntStream.range(0, Math.max(1, names.size()))
                .mapToObj(phases.first()::answer)
                .toList();
        this.metrics = metrics;
        outputOf = metrics.stream()
                .mapToInt(metric -> metric instanceof OutputMetric of ? names.indexOf(of.output()) : 0)
                .toArray();
        this.each = each;
        this.onDevice = onDevice;
        for (int i = 0; i < outputOf.length; i++) {
            if (outputOf[i] < 0) {
                throw new InputException(
                        "metrics: there is no output for " + metrics.get(i).name() + " among " + names);
            }
            accumulators.add(metrics.get(i).start(lossOf(i)::ignores));
            sums.add(null);
        }
    }

    private Loss lossOf(int metric) {
        return losses.get(outputOf[metric]);
    }

    /** Says which metrics count each example once although the loss counts them by weights. */
    static void warnOfUnweighted(Dataset data, List<Metric> metrics) {
        List<String> unweighted = metrics.stream()
                .filter(metric -> data.isWeighted() && !metric.isWeighted())
                .map(Metric::name)
                .toList();
        if (!unweighted.isEmpty()) {
            LOG.warn(
                    "the data has weights of examples, but {} count each example once; loss and other metrics go by the weights",
                    String.join(", ", unweighted));
        }
    }

    /** Whether outputs are better added up where they are than copied. @param batch examples of the usual batch */
    static boolean isLarge(Device device, Shape output, long batch) {
        return device.type() != Device.Type.CPU || batch * output.elements() > LARGE;
    }

    Phases phases() {
        return phases;
    }

    private String key(Phase phase) {
        return phases.named() ? LOSS + "." + phase.name() : LOSS;
    }

    /** @param term of the phase's loss @param sum of its losses, each times its weight @param weight sum of these weights */
    void addLoss(Phase phase, int term, double sum, double weight) {
        addLoss(key(phase), term, sum, weight);
    }

    private void addLoss(String key, int term, double sum, double weight) {
        double[] sums = sumsOfLosses.getOrDefault(key, new double[0]);
        sums = Arrays.copyOf(sums, Math.max(sums.length, 2 * term + 2));
        sums[2 * term] += sum;
        sums[2 * term + 1] += weight;
        sumsOfLosses.put(key, sums);
    }

    /** The parts of a term, which count as it does. */
    void addParts(Phase phase, Weighted term) {
        if (term.weight() == 0) {
            return;
        }
        try (Scope scope = Scope.open()) {
            term.parts().forEach((part, mean) -> {
                Tensor sum = mean.detach().to(DType.FLOAT64).mul(term.weight());
                addPart(phases.figure(phase, part), sum, term.weight());
            });
        }
    }

    private void addPart(String name, Tensor sum, double weight) {
        Tensor before = partSums.get(name);
        partSums.put(name, (before == null ? sum : before.add(sum)).retain());
        partWeights.merge(name, weight, Double::sum);
        if (before != null) {
            before.close();
        }
    }

    /**
     * Adds what the network computed. Of many classes, a part of the rows at a time: probabilities of all of them would be as large
     * as the outputs again.
     *
     * @param outputs of each output that metrics may measure, {@code [N, ...]}
     * @param weights of the examples; null where each counts 1
     */
    void addPredictions(List<Tensor> outputs, List<Column> all, double @Nullable [] weights) {
        if (metrics.isEmpty() && each == null) {
            return;
        }
        if (outputs.isEmpty() || all.isEmpty()) {
            if (metrics.isEmpty()) {
                return;
            }
            throw new InputException(
                    "metrics: expected none, as the objective says no outputs that they could measure, received "
                            + metrics.stream().map(Metric::name).toList()
                            + "; write metrics: [], or give the objective's Weighted outputs (withOutputs)");
        }
        for (int output = 0; output < losses.size(); output++) {
            int own = output;
            if (each != null || Arrays.stream(outputOf).anyMatch(of -> of == own)) {
                add(output, outputs.get(output), all.get(output), weights);
            }
        }
    }

    private void add(int output, Tensor outputs, Column targets, double @Nullable [] weights) {
        for (RowsOf part : RowsOf.parts(losses.get(output), outputs.detach(), targets)) {
            try (Scope scope = Scope.open()) {
                if (onDevice) {
                    TensorRows whole = part.rows();
                    TensorRows rows = whole.weighted(part.weights(weights, Math.toIntExact(whole.rows())));
                    addOnDevice(output, rows);
                    if (each != null) {
                        each.add(output, rows::toPredictions);
                    }
                } else {
                    Predictions whole = part.predictions();
                    Predictions rows = whole.weighted(part.weights(weights, whole.rows()));
                    for (int i = 0; i < outputOf.length; i++) {
                        if (outputOf[i] == output) {
                            accumulators.get(i).add(rows);
                        }
                    }
                    if (each != null) {
                        each.add(output, () -> rows);
                    }
                }
            }
        }
    }

    private void addOnDevice(int output, TensorRows rows) {
        Predictions copied = null;
        for (int i = 0; i < metrics.size(); i++) {
            if (outputOf[i] != output) {
                continue;
            }
            Tensor added = metrics.get(i).sums(rows);
            if (added == null) {
                copied = copied == null ? rows.toPredictions() : copied;
                copies.add(i);
                accumulators.get(i).add(copied);
            } else {
                Tensor before = before(i, added);
                sums.set(i, (before == null ? added : metrics.get(i).join(before, added)).retain());
                if (before != null) {
                    before.close();
                }
            }
        }
    }

    /** What was added up before, as a tensor beside what is added now; null where nothing was, or by another way. */
    private @Nullable Tensor before(int metric, Tensor added) {
        Tensor before = sums.get(metric);
        double[] resumed = earlier.remove(metric);
        if (before != null || resumed == null) {
            return before;
        }
        if (resumed.length == added.elements()) {
            return Tensor.of(resumed, added.shape()).to(added.device()).retain();
        }
        copies.add(metric);
        accumulators.get(metric).merge(resumed);
        return null;
    }

    /** All that a metric has added up, here and on the device. */
    private Metric.Accumulator all(int metric) {
        Tensor added = sums.get(metric);
        double[] more = added == null ? earlier.get(metric) : copied(added);
        if (more == null) {
            return accumulators.get(metric);
        }
        Metric.Accumulator all = metrics.get(metric).start(lossOf(metric)::ignores);
        all.merge(accumulators.get(metric).state());
        all.merge(more);
        return all;
    }

    private static double[] copied(Tensor sums) {
        try (Scope scope = Scope.open()) {
            return sums.toDoubles();
        }
    }

    /** As {@link #all}; of what is on the device alone exactly that, so that a resumed run goes on with the same bits. */
    private double[] state(int metric) {
        Tensor added = sums.get(metric);
        return added != null && !copies.contains(metric)
                ? copied(added)
                : all(metric).state();
    }

    @Override
    public void close() {
        for (Tensor sum : sums) {
            if (sum != null) {
                sum.close();
            }
        }
        partSums.values().forEach(Tensor::close);
        partSums.clear();
        sums.replaceAll(sum -> null);
    }

    /** All that was added, under the names of the metrics. */
    Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        if (sumsOfLosses.isEmpty()) {
            state.put(LOSS, new double[0]); // Workers that have nothing to say take part all the same.
        }
        state.putAll(sumsOfLosses);
        partSums.forEach((name, sum) ->
                state.put(PART + name, new double[] {copied(sum)[0], partWeights.getOrDefault(name, 0.0)}));
        for (int i = 0; i < metrics.size(); i++) {
            state.put(key(i), state(i));
        }
        return state;
    }

    /** Adds what another one of the same metrics has added. A metric that the other has not is left as it is. */
    void merge(Map<String, double[]> state) {
        state.forEach((key, added) -> {
            if (key.equals(LOSS) || key.startsWith(LOSS + ".")) {
                for (int i = 0; i < added.length; i += 2) {
                    addLoss(key, i / 2, added[i], added[i + 1]);
                }
            } else if (key.startsWith(PART)) {
                try (Scope scope = Scope.open()) {
                    addPart(
                            key.substring(PART.length()),
                            Tensor.scalar(added[0]).to(DType.FLOAT64),
                            added[1]);
                }
            }
        });
        for (int i = 0; i < metrics.size(); i++) {
            double[] added = state.get(key(i));
            if (added != null && onDevice && sums.get(i) == null && !earlier.containsKey(i)) {
                earlier.put(i, added);
            } else if (added != null) {
                copies.add(i);
                accumulators.get(i).merge(added);
            }
        }
    }

    private String key(int metric) {
        return metric + "." + metrics.get(metric).name();
    }

    /** What all workers have added, on each of them. */
    Evaluation together(Agreement agreement) {
        if (agreement.world().size() == 1) {
            return this;
        }
        Evaluation all = new Evaluation(phases, metrics);
        state().forEach((name, here) -> agreement.gather(here).forEach(part -> all.merge(Map.of(name, part))));
        return all;
    }

    /** Whether the loss of an example counts. */
    boolean counts() {
        double weight = 0;
        for (double[] sums : sumsOfLosses.values()) {
            for (int i = 1; i < sums.length; i += 2) {
                weight += sums[i];
            }
        }
        return weight > 0;
    }

    /** The loss, summed over the outputs, and each metric under its name, behind a prefix such as {@code val_}. */
    Map<String, Double> values(String prefix) {
        Map<String, Double> values = new LinkedHashMap<>();
        double total = sumsOfLosses.isEmpty() ? Double.NaN : 0;
        for (double[] sums : sumsOfLosses.values()) {
            double loss = sums.length == 0 ? Double.NaN : 0;
            for (int i = 0; i < sums.length; i += 2) {
                loss += sums[i] / sums[i + 1];
            }
            total += loss;
        }
        values.put(prefix + LOSS, total);
        for (Phase phase : phases.all()) {
            double[] sums = sumsOfLosses.get(key(phase));
            if (phases.named() && sums != null) {
                double own = 0;
                for (int i = 0; i < sums.length; i += 2) {
                    own += sums[i] / sums[i + 1];
                }
                values.put(prefix + phases.figure(phase, LOSS), own);
            }
        }
        partSums.forEach(
                (name, sum) -> values.put(prefix + name, copied(sum)[0] / partWeights.getOrDefault(name, 0.0)));
        for (int i = 0; i < metrics.size(); i++) {
            values.put(prefix + metrics.get(i).name(), all(i).value());
        }
        return values;
    }
}
