package dev.jumbo.train;

import dev.jumbo.data.Batch;
import dev.jumbo.dist.Agreement;
import dev.jumbo.dist.World;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.Tape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.parallel.GradientBuckets;
import dev.jumbo.train.parallel.GradientSum;
import dev.jumbo.train.parallel.WholeBatch;
import dev.jumbo.train.shard.Shard;
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
    private final Loss loss;
    private final GradientSum gradients;
    private final @Nullable WholeBatch wholeBatch;
    private final StepWeights step = new StepWeights();
    private final @Nullable ExampleRules examples;

    /** @param shard this worker's part of the values, where workers divide them */
    ReplicaPass(World world, Model model, TrainConfig config, @Nullable Shard shard) {
        this.world = world;
        this.model = model;
        loss = config.task().loss();
        agreement = new Agreement(world, model.device());
        gradients = shard != null && shard.sumsGradients()
                ? shard
                : new GradientBuckets(world, model.store(), config.distributed().bucketMb());
        boolean synchronised = world.size() > 1 && config.distributed().syncBatchNorm();
        wholeBatch = synchronised ? new WholeBatch(world) : null;
        examples = ExampleRules.of(model, config);
    }

    @Override
    public Result run(Batch batch, int batches, boolean last, double stop) {
        // Of a short batch, this worker may have no rows.
        List<Tensor> targets = batch.size() == 0
                ? List.of()
                : batch.targets().stream()
                        .map(column -> column.tensor().to(model.device()))
                        .toList();
        CountedLoss byExample = CountedLoss.of(loss, batch);
        double[] weights = new double[batch.targets().size()];
        for (int i = 0; i < targets.size(); i++) {
            weights[i] = byExample.weight(targets.get(i));
        }
        Agreement.Numbers asked = agreement.sum(weights);
        double[] all;
        Tensor total = null;
        Tensor first = null;
        Tape tape = new Tape();
        List<LossPart> parts = new ArrayList<>();
        if (batch.size() > 0) {
            List<Tensor> outputs = model.forward(batch.tensors(), pass(tape)).all();
            first = outputs.get(0);
            all = asked.await();
            total = loss(byExample, outputs, targets, weights, all, parts);
        } else {
            all = asked.await();
        }
        double part = total == null ? 0 : total.item();
        Agreement.Numbers agreed = agreement.sum(part, stop);
        double weight = Arrays.stream(all).sum();
        double relative = step.add(weight);
        double largest = Double.NaN;
        if (examples != null) {
            largest = weight * backward(examples, total, byExample, targets, all, relative / batches);
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
        }
        if (last) {
            gradients.finish();
        } else {
            model.store().gatherGradients();
        }
        double[] sums = agreed.await();
        return new Result(sums[0], weight, parts, first, sums[1], largest);
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
            ExampleRules rules,
            @Nullable Tensor total,
            CountedLoss byExample,
            List<Tensor> targets,
            double[] all,
            double times) {
        double largest = 0;
        if (total != null) {
            double[] shares = ExampleShares.of(byExample, targets, all);
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
    private Pass pass(Tape tape) {
        if (examples != null) {
            return examples.begin(Pass.forTraining());
        }
        return world.size() == 1
                ? Pass.forTraining().recordedBy(tape)
                : Pass.forTraining(wholeBatch, gradients::follow);
    }

    /** This worker's part of the mean over the whole batch, summed over the outputs. @param parts receives that of each output */
    private static Tensor loss(
            CountedLoss loss,
            List<Tensor> outputs,
            List<Tensor> targets,
            double[] weights,
            double[] all,
            List<LossPart> parts) {
        Tensor total = null;
        for (int i = 0; i < outputs.size(); i++) {
            Tensor part;
            if (weights[i] == 0) {
                // Nothing counts here, so the mean is not defined; back-propagation still runs, as on other workers.
                part = outputs.get(i).mul(0).sum();
            } else {
                Tensor mean = loss.of(outputs.get(i), targets.get(i));
                part = weights[i] == all[i] ? mean : mean.mul(weights[i] / all[i]);
            }
            parts.add(new LossPart(weights[i] == 0 ? 0 : part.item() * all[i], weights[i]));
            total = total == null ? part : total.add(part);
        }
        if (total == null) {
            throw new IllegalStateException("a model has at least one output");
        }
        return total;
    }

    @Override
    public void evaluate(Evaluation evaluation, Iterator<Batch> batches) {
        Evaluator.run(model, evaluation, batches);
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
