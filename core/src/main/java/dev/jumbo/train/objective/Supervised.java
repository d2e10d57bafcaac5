package dev.jumbo.train.objective;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Batch;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code sum_i weight_i loss_i(output_i, target_i)}: each output of the model learns a target of the data. {@code train.loss} is the
 * short form for one output, {@code train.losses} for several.
 *
 * @param losses by the name of the target, in any order, one for each output
 */
@Kind("supervised")
@Doc("Each output of the model learns a target of the data.")
public record Supervised(
        @Doc("A loss for each output, by the name of its target.")
        Map<String, OutputLoss> losses) implements Objective {
    public Supervised {
        losses = new LinkedHashMap<>(losses);
        if (losses.isEmpty()) {
            throw new InputException("supervised: expected a loss for each output, received none");
        }
        if (losses.values().stream().allMatch(loss -> loss.weight() == 0)) {
            throw new InputException("losses: expected a weight above 0 for one or more of " + losses.keySet()
                    + ", received 0 for all: nothing would be trained");
        }
    }

    /** One loss for every target. */
    public static Supervised of(Loss loss, List<Field> targets) {
        Map<String, OutputLoss> losses = new LinkedHashMap<>();
        targets.forEach(target -> losses.put(target.name(), new OutputLoss(loss, 1)));
        return new Supervised(losses);
    }

    /**
     * In the order of the data's targets.
     *
     * @throws InputException if a target has no loss, or a loss no target
     */
    public Supervised inOrder(List<Field> targets) {
        List<String> names = targets.stream().map(Field::name).toList();
        Map<String, OutputLoss> ordered = new LinkedHashMap<>();
        for (String name : losses.keySet()) {
            if (!names.contains(name)) {
                throw new InputException("losses: there is no target \"" + name + "\"" + Nearest.hint(name, names));
            }
        }
        for (String name : names) {
            OutputLoss loss = losses.get(name);
            if (loss == null) {
                throw new InputException("losses: expected a loss for each target of " + names + ", found none for "
                        + name + "; one that is not to count has the weight 0");
            }
            ordered.put(name, loss);
        }
        return new Supervised(ordered);
    }

    private OutputLoss loss(int output) {
        return List.copyOf(losses.values()).get(output);
    }

    @Override
    public int termCount() {
        return losses.size();
    }

    @Override
    public boolean passesOnce() {
        return true;
    }

    @Override
    public List<String> measured() {
        return List.copyOf(losses.keySet());
    }

    /** Of several outputs, each is logged. */
    @Override
    public Set<String> parts() {
        return areAlike() ? Set.of() : losses.keySet();
    }

    /** Whether there is one loss for all, which {@code train.loss} says. */
    private boolean areAlike() {
        OutputLoss first = loss(0);
        return first.weight() == 1 && losses.values().stream().allMatch(first::equals);
    }

    @Override
    public double[] weights(Batch batch, Device device) {
        double[] weights = new double[losses.size()];
        for (int i = 0; i < weights.length && batch.size() > 0; i++) {
            weights[i] = CountedLoss.of(loss(i).loss(), batch).weight(target(batch, i, device));
        }
        return weights;
    }

    private static Tensor target(Batch batch, int output, Device device) {
        return batch.targets().get(output).tensor().to(device);
    }

    /** The sum of {@link #terms}, exact where all count the same. */
    @Override
    public Weighted of(TrainedModels models, Batch batch, Pass pass) {
        List<Weighted> terms = terms(models, batch, pass);
        Tensor total = terms.get(0).mean();
        Map<String, Tensor> parts = new LinkedHashMap<>(terms.get(0).parts());
        for (Weighted term : terms.subList(1, terms.size())) {
            total = total.add(term.mean());
            parts.putAll(term.parts());
        }
        return new Weighted(total, terms.get(0).weight(), parts, terms.get(0).outputs());
    }

    @Override
    public List<Weighted> terms(TrainedModels models, Batch batch, Pass pass) {
        return terms(models.main().forward(batch.tensors(), pass).all(), batch);
    }

    /** As {@link #terms(TrainedModels, Batch, Pass)}, of outputs that are there. */
    public List<Weighted> terms(List<Tensor> outputs, Batch batch) {
        boolean named = !areAlike();
        List<String> names = List.copyOf(losses.keySet());
        List<Weighted> terms = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            Tensor output = outputs.get(i);
            OutputLoss loss = loss(i);
            Tensor target = target(batch, i, output.device());
            CountedLoss byExample = CountedLoss.of(loss.loss(), batch);
            double weight = byExample.weight(target);
            // Where nothing counts the mean is not defined; back-propagation still runs, as on other workers.
            Tensor mean = weight == 0 ? output.mul(0).sum() : byExample.of(output, target);
            Tensor counted = loss.weight() == 1 ? mean : mean.mul(loss.weight());
            terms.add(new Weighted(counted, weight, named ? Map.of(names.get(i), mean) : Map.of(), output));
        }
        return terms;
    }

    @Override
    public List<Field> answers(Specs outputs, List<Field> targets) {
        return targets;
    }

    @Override
    public Loss answer(int output) {
        return loss(output).loss();
    }
}
