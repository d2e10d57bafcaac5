package dev.jumbo.train;

import dev.jumbo.data.Batch;
import dev.jumbo.data.BatchSlice;
import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.dist.Agreement;
import dev.jumbo.dist.World;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Model;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.objective.CountedLoss;
import dev.jumbo.train.objective.Objective;
import dev.jumbo.train.objective.Phase;
import dev.jumbo.train.objective.Supervised;
import dev.jumbo.train.pipeline.Pipeline;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Batches through a pipeline of stages, in micro-batches whose losses count by their weight in the whole batch. The first
 * worker uses the inputs, the last one the targets; loss and outputs are the last one's.
 */
final class PipelinePass implements BatchPass {
    private static final Logger LOG = LoggerFactory.getLogger(PipelinePass.class);

    private final World world;
    private final Agreement agreement;
    private final Model stage;
    private final Loss loss;
    private final int microBatches;
    private final Pipeline pipeline;
    /** Of the last stage, which alone knows the targets. */
    private final StepWeights step = new StepWeights();

    private long nanos;
    private long nanosAtTheEnd;

    PipelinePass(World world, Model stage, TrainConfig config) {
        ExampleRules.refuse(config, "a pipeline");
        this.world = world;
        this.stage = stage;
        loss = config.task().loss();
        microBatches = config.distributed().microBatches();
        agreement = new Agreement(world, stage.device());
        pipeline = new Pipeline(world, stage);
    }

    private boolean isLast() {
        return world.rank() == world.size() - 1;
    }

    @Override
    public Result run(Objective objective, Batch batch, int batches, boolean last, double stop) {
        long from = System.nanoTime();
        try (MicroBatches parts = new MicroBatches(batch, batches)) {
            double part = pipeline.run(parts) * batches;
            part = parts.relative == 0 ? 0 : part / parts.relative;
            long done = System.nanoTime();
            double[] sums = agreement.sum(part, stop, parts.weight).await(); // Of the stages that are not done yet.
            if (last) {
                step.clear();
            }
            nanos += System.nanoTime() - from;
            nanosAtTheEnd += System.nanoTime() - done;
            List<LossPart> own = isLast() ? List.of(new LossPart(part * parts.weight, parts.weight)) : List.of();
            return new Result(
                    List.of(),
                    sums[0],
                    sums[2],
                    own,
                    isLast() ? List.of(Tensor.cat(parts.outputs, 0)) : List.of(),
                    sums[1],
                    Double.NaN);
        }
    }

    /** The rows of a batch, in parts whose sizes differ by one at most; fewer parts where there are fewer rows. */
    private final class MicroBatches implements Pipeline.MicroBatches, AutoCloseable {
        private final int rows;
        private final int count;
        private final int batches;
        private final @Nullable Tensor inputs;
        private final @Nullable Tensor targets;
        private final CountedLoss counted;
        private final double weight;
        private final double relative;
        private final List<Tensor> outputs = new ArrayList<>();

        MicroBatches(Batch batch, int batches) {
            this.batches = batches;
            rows = batch.size();
            count = Math.min(microBatches, rows);
            inputs = world.isFirst() ? batch.inputs().get(0).tensor() : null;
            targets = isLast() ? batch.targets().get(0).tensor().to(stage.device()) : null;
            counted = CountedLoss.of(loss, batch);
            weight = targets == null ? 0 : counted.weight(targets);
            relative = targets == null ? 1 : step.add(weight);
        }

        @Override
        public int count() {
            return count;
        }

        @Override
        public int rows(int index) {
            return new BatchSlice(index, count).rows(rows);
        }

        private Tensor rowsOf(@Nullable Tensor all, int index) {
            return Objects.requireNonNull(all).narrow(0, new BatchSlice(index, count).from(rows), rows(index));
        }

        @Override
        public Tensor inputs(int index) {
            return rowsOf(inputs, index);
        }

        @Override
        public Tensor loss(int index, Tensor result) {
            outputs.add(result.detach().retain());
            Tensor expected = rowsOf(targets, index);
            CountedLoss own = counted.slice(new BatchSlice(index, count).from(rows), rows(index));
            double counts = own.weight(expected);
            if (counts == 0) {
                return result.mul(0).sum(); // Nothing counts here, so the mean is not defined.
            }
            Tensor mean = own.of(result, expected);
            return counts == weight && batches == 1 && relative == 1
                    ? mean
                    : mean.mul(counts / weight / batches * relative);
        }

        @Override
        public void close() {
            outputs.forEach(Tensor::close);
        }
    }

    @Override
    public void evaluate(Evaluation evaluation, Iterator<Batch> batches) {
        try (Autograd off = Autograd.noGrad()) {
            while (batches.hasNext()) {
                try (Scope scope = Scope.open()) {
                    Batch batch = batches.next();
                    Tensor outputs = pipeline.infer(
                            batch.size(), () -> batch.inputs().get(0).tensor());
                    if (outputs != null) {
                        Phase phase = evaluation.phases().all().get(0);
                        Supervised supervised = Supervised.of(loss, fields(batch));
                        Evaluator.add(evaluation, phase, supervised.terms(List.of(outputs), batch));
                        evaluation.addPredictions(List.of(outputs), batch.targets(), batch.weights());
                    }
                }
            }
            pipeline.finishSending();
        }
    }

    private static List<Field> fields(Batch batch) {
        return batch.targets().stream().map(Column::field).toList();
    }

    @Override
    public void close() {
        if (LOG.isInfoEnabled() && nanos > 0) {
            double waited = 1e9 * pipeline.secondsWaiting() + nanosAtTheEnd;
            LOG.info(
                    "rank {} of the pipeline waited for other stages {} % of the time of its passes",
                    world.rank(), Math.round(100 * waited / nanos));
        }
    }
}
