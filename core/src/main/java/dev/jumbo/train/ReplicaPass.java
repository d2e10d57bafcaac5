package dev.jumbo.train;

import dev.jumbo.data.Batch;
import dev.jumbo.dist.Agreement;
import dev.jumbo.dist.World;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.Tape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.objective.CountedLoss;
import dev.jumbo.train.objective.Objective;
import dev.jumbo.train.objective.TrainedModels;
import dev.jumbo.train.objective.Weighted;
import dev.jumbo.train.parallel.GradientSum;
import dev.jumbo.train.parallel.WholeBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Forward pass, loss and back-propagation of this worker's part of a batch, so that the gradients, summed over the workers,
 * are those of the mean loss over the whole batch. What the workers have to agree on besides, the weight of each part and the
 * loss, travels while they compute.
 */
final class ReplicaPass implements BatchPass {
    private final World world;
    private final Agreement agreement;
    private final Model model;
    private final TrainedModels models;
    private final GradientSum gradients;
    private final @Nullable WholeBatch wholeBatch;
    private final StepWeights step = new StepWeights();
    private final @Nullable ExampleRules examples;

    /** Without a model to compare with. */
    ReplicaPass(World world, Model model, TrainConfig config, GradientSum gradients) {
        this(world, model, null, config, gradients);
    }

    /**
     * @param reference the model as training began, frozen; null where nobody asks
     * @param gradients makes them those of all workers; closed with this
     */
    ReplicaPass(World world, Model model, @Nullable Model reference, TrainConfig config, GradientSum gradients) {
        this.world = world;
        this.model = model;
        models = new TrainedModels(model, reference);
        agreement = new Agreement(world, model.device());
        this.gradients = gradients;
        boolean synchronised = world.size() > 1 && config.distributed().syncBatchNorm();
        wholeBatch = synchronised ? new WholeBatch(world) : null;
        examples = ExampleRules.of(model, config);
    }

    @Override
    public Result run(Objective objective, Batch batch, int batches, boolean last, double stop) {
        // Of a short batch, this worker may have no rows.
        boolean any = batch.size() > 0;
        double[] known = objective.weights(batch, model.device());
        Agreement.Numbers asked = known == null ? null : agreement.sum(known);
        Tape tape = new Tape();
        List<Weighted> terms = List.of();
        if (any) {
            gradients.beginPass();
            terms = objective.terms(models, batch, pass(objective, tape));
            gradients.endPass();
        } else {
            gradients.forwardWithoutRows();
        }
        double[] weights = known == null ? weights(objective, terms) : known;
        double[] all = (asked == null ? agreement.sum(weights) : asked).await();
        List<LossPart> parts = new ArrayList<>();
        Tensor total = any ? total(terms, weights, all, parts) : null;
        double part = total == null ? 0 : total.item();
        Agreement.Numbers agreed = agreement.sum(part, stop);
        double weight = Arrays.stream(all).sum();
        double relative = step.add(weight);
        double largest = Double.NaN;
        if (examples != null) {
            largest = weight * backward(examples, total, objective.answer(0), batch, all, relative / batches);
        }
        if (last) {
            gradients.begin();
            step.clear();
        }
        if (total != null && examples == null) {
            Tensor counted = relative == 1 ? total : total.mul(relative);
            model.backward(batches == 1 ? counted : counted.div(batches));
            tape.backward();
            if (wholeBatch != null) {
                wholeBatch.rethrow();
            }
        } else if (total == null) {
            gradients.backwardWithoutRows();
        }
        if (last) {
            gradients.finish();
        } else {
            model.store().gatherGradients();
        }
        double[] sums = agreed.await();
        return new Result(terms, sums[0], weight, parts, Weighted.outputs(terms), sums[1], largest);
    }

    /**
     * As back-propagation, with the rules that look at examples.
     *
     * @param total this worker's part of the mean loss; null if it has no rows
     * @param all weights of the outputs over all workers
     * @param times what the batch counts beside the others of the step
     * @return the largest share that an example of any worker has in the batch
     */
    private double backward(
            ExampleRules rules, @Nullable Tensor total, Loss loss, Batch batch, double[] all, double times) {
        double largest = 0;
        if (total != null) {
            List<Tensor> targets = batch.targets().stream()
                    .map(column -> column.tensor().to(model.device()))
                    .toList();
            double[] shares = ExampleShares.of(CountedLoss.of(loss, batch), targets, all);
            largest = Arrays.stream(shares).max().orElse(0);
            for (int i = 0; i < shares.length; i++) {
                shares[i] *= times;
            }
            rules.backward(times == 1 ? total : total.mul(times), shares);
        }
        return agreement.gather(new double[] {largest}).stream()
                .mapToDouble(of -> of[0])
                .max()
                .orElse(0);
    }

    /** Other workers follow the gradients of single layers, which autograd alone tells. */
    private Pass pass(Objective objective, Tape tape) {
        if (examples != null) {
            return examples.begin(Pass.forTraining());
        }
        if (world.size() > 1) {
            return Pass.forTraining(wholeBatch, gradients::follow);
        }
        return objective.passesOnce() ? Pass.forTraining().recordedBy(tape) : Pass.forTraining();
    }

    private static double[] weights(Objective objective, List<Weighted> terms) {
        double[] weights = new double[objective.termCount()];
        for (int i = 0; i < terms.size(); i++) {
            weights[i] = terms.get(i).weight();
            if (!(weights[i] >= 0) || Double.isInfinite(weights[i])) {
                throw new InputException("train.objective: expected a weight of 0 or more, received " + weights[i]
                        + " from " + objective);
            }
        }
        return weights;
    }

    /** This worker's part of the mean over the whole batch, summed over the terms. @param parts receives that of each */
    private static Tensor total(List<Weighted> terms, double[] weights, double[] all, List<LossPart> parts) {
        Tensor total = null;
        for (int i = 0; i < terms.size(); i++) {
            Tensor mean = terms.get(i).mean();
            Tensor part = weights[i] == 0 || weights[i] == all[i] ? mean : mean.mul(weights[i] / all[i]);
            parts.add(new LossPart(weights[i] == 0 ? 0 : part.item() * all[i], weights[i]));
            total = total == null ? part : total.add(part);
        }
        if (total == null) {
            throw new IllegalStateException("an objective has at least one term");
        }
        return total;
    }

    @Override
    public void evaluate(Evaluation evaluation, Iterator<Batch> batches) {
        Evaluator.run(models, evaluation, batches, gradients::forwardWithoutRows);
    }

    @Override
    public void close() {
        gradients.close();
        if (examples != null) {
            examples.close();
        }
        if (wholeBatch != null) {
            wholeBatch.close();
        }
    }
}
