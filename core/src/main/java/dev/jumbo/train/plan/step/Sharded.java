package dev.jumbo.train.plan.step;

import dev.jumbo.nn.blocks.DescribedBlock;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.train.plan.cost.Costs;
import dev.jumbo.train.plan.device.DeviceSpec;
import dev.jumbo.train.plan.memory.Activations;
import dev.jumbo.train.plan.memory.BlockedPass;
import dev.jumbo.train.plan.memory.MemoryUse;
import dev.jumbo.train.plan.memory.Sharding;
import dev.jumbo.train.plan.memory.StateBytes;
import dev.jumbo.train.plan.work.Workload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One optimizer step by each way to share the work: time, traffic, and the memory of the worker that needs most. */
public final class Sharded {

    private static final int FLOAT = Float.BYTES;

    private final Workload workload;
    private final Costs costs;
    private final Passes passes;
    /** By whether blocks run twice, and whether their parameters come and go. */
    private final Map<List<Boolean>, List<DescribedBlock>> blocks = new HashMap<>();

    /**
     * @param passes parts of the step's examples, one after the other
     * @param compute seconds of computing, without waiting for others
     * @param seconds of the whole step
     * @param sent bytes of the worker that sends most
     */
    public record Step(
            int passes,
            int microBatches,
            double compute,
            double seconds,
            double sent,
            MemoryUse memory,
            boolean fits) {}

    public Sharded(Workload workload, Costs costs, Passes passes) {
        this.workload = workload;
        this.costs = costs;
        this.passes = passes;
    }

    /** Examples of one pass of one worker, where each batch is divided into so many parts. */
    public double examples(int workers, int parts) {
        return Math.ceil(batch() / parts / workers);
    }

    private double batch() {
        return Math.min(workload.examples(), workload.config().batchSize());
    }

    /** With as many passes as it takes to fit, down to a pass of one example for each worker. */
    public Step step(Sharding sharding, int workers) {
        if (sharding == Sharding.PIPELINE && workers > 1) {
            return pipeline(workers);
        }
        int parts = 1;
        Step step = parallel(sharding, workers, parts);
        while (!step.fits() && 2.0 * parts * workers <= batch()) {
            parts *= 2;
            step = parallel(sharding, workers, parts);
        }
        return step;
    }

    /** Many micro-batches fill the pipeline and the memory: the fastest that fits, otherwise the smallest. */
    private Step pipeline(int workers) {
        Step best = null;
        for (int parts = 1; parts <= batch(); parts *= 2) {
            double left = batch() / parts;
            int configured = workload.config().distributed().microBatches();
            for (double micro = Math.min(configured, left); micro <= left; micro *= 2) {
                Step step = new StagedStep(workload, costs, passes, workers, parts, (int) micro).step();
                best = best == null || better(step, best) ? step : best;
                if (parts == 1 && step.fits() && micro == configured) {
                    return step; // As configured.
                }
            }
        }
        return Objects.requireNonNull(best);
    }

    private static boolean better(Step a, Step b) {
        if (a.fits() != b.fits()) {
            return a.fits();
        }
        return a.fits()
                ? a.seconds() < b.seconds()
                : a.memory().total() < b.memory().total();
    }

    /** Each worker passes its part of the batch through the whole model. */
    private Step parallel(Sharding sharding, int workers, int parts) {
        List<Operation> operations = passes.operations();
        double examples = examples(workers, parts);
        double slow = costs.slowdown(workers);
        int passesOfStep = workload.config().gradientAccumulation() * parts;
        double forward = slow * passes.forward(operations, examples);
        double backward = slow * passes.backward(operations, examples, true);
        boolean twice = sharding == Sharding.FULLY_SHARDED_RECOMPUTE
                || workload.config().recompute();
        double again = twice ? forward : 0;
        double around = slow * costs.around(workload, examples, passes.loss().outputs());
        double update = slow * update(sharding, workers);
        double compute = passesOfStep * (forward + backward + again + around) + update;
        MemoryUse memory = memory(sharding, workers, examples);
        boolean fits = memory.total() <= costs.memory(workers);
        if (workers == 1) {
            return new Step(passesOfStep, 1, compute, compute, 0, memory, fits);
        }
        DeviceSpec.Link link = costs.ring(workers);
        Traffic behind = behind(sharding, workers);
        double waiting = behind.seconds(link);
        double sent = behind.bytes();
        if (sharding.sharesOfValues(workers) > 1) {
            Traffic fetched = fetched(workers).times(passesOfStep);
            double cover = passesOfStep * (forward + backward + again);
            waiting += Math.max(0, fetched.seconds(link) - costs.overlap() * cover);
            sent += fetched.bytes();
        } else if (sumsInBuckets(sharding)) {
            Buckets buckets = Buckets.of(workload.config(), passes, examples, slow);
            waiting += buckets.waiting(link, workers, costs.overlap());
            sent += buckets.sent(workers).bytes();
        }
        return new Step(passesOfStep, 1, compute, compute + waiting, sent, memory, fits);
    }

    private double update(Sharding sharding, int workers) {
        double whole = passes.parameters();
        int shares = sharding.sharesOfOptimizer(workers);
        int slots = workload.config().optimizer().slots();
        return costs.update(whole / shares, slots, workload.isLowPrecision());
    }

    /** Whether gradients are summed in fp32 while the backward pass goes on; ZeRO-1 sums those in bf16 behind it. */
    private boolean sumsInBuckets(Sharding sharding) {
        return sharding == Sharding.DATA_PARALLEL || !workload.isLowPrecision();
    }

    /** What ZeRO-3 sends in a pass: gradients to their owners, weights for the way forward and for the way back. */
    private Traffic fetched(int workers) {
        double gradients = (double) FLOAT * passes.parameters();
        double weights = (double) workload.width() * passes.parameters();
        // Gloo has no reduce-scatter of its own: it sums everything for everybody.
        Traffic summed = costs.isGpu() ? Traffic.half(gradients, workers) : Traffic.allReduce(gradients, workers);
        return summed.plus(Traffic.half(weights, workers).times(2));
    }

    /** What is sent behind the backward pass: with ZeRO-1 each worker's share of the new values, and gradients in bf16. */
    private Traffic behind(Sharding sharding, int workers) {
        if (sharding != Sharding.ZERO1) {
            return Traffic.NONE;
        }
        Traffic values = Traffic.half((double) workload.width() * passes.parameters(), workers);
        return sumsInBuckets(sharding)
                ? values
                : values.plus(Traffic.allReduce((double) FLOAT * passes.parameters(), workers));
    }

    private MemoryUse memory(Sharding sharding, int workers, double examples) {
        double around = passes.batchBytes(examples);
        List<Operation> operations = passes.withLoss();
        boolean shares = sharding.sharesOfValues(workers) > 1;
        boolean again = sharding == Sharding.FULLY_SHARDED_RECOMPUTE
                || workload.config().recompute();
        StateBytes bytes = StateBytes.of(workload.config(), sharding, workers);
        double saved = passes.savedBytes(passes.operations());
        if (shares || again) {
            BlockedPass blocks =
                    new BlockedPass(operations, blocks(again, shares), examples, workload.width(), gathered(shares));
            if (shares) {
                return MemoryUse.ofShare(
                        workload,
                        costs,
                        bytes,
                        passes.parameters(),
                        saved,
                        blocks.activations(around),
                        blocks.gathered(),
                        Math.max(savedShare(workers), copiesOfShare(workers)));
            }
            return whole(bytes, saved, blocks.activations(around));
        }
        return whole(bytes, saved, Activations.of(operations, examples, workload.width(), around));
    }

    private MemoryUse whole(StateBytes bytes, double saved, Activations activations) {
        double copies = MemoryUse.copies(bytes, passes.parameters());
        return MemoryUse.of(workload, costs, bytes, passes.parameters(), saved, activations, copies, validation());
    }

    private List<DescribedBlock> blocks(boolean again, boolean shares) {
        return blocks.computeIfAbsent(List.of(again, shares), key -> passes.blocks(again, shares));
    }

    /** While state is saved on a CPU, a tensor as large as the share is there twice more: docs/plan.md has the measured figures. */
    private double savedShare(int workers) {
        boolean any = workload.config().optimizer().slots() > 0 && !costs.isGpu();
        return any ? 2.0 * FLOAT * passes.parameters() / workers : 0;
    }

    /** On a CPU, Gloo makes a copy of its own of what it gathers. */
    private BlockedPass.Gathered gathered(boolean shares) {
        return shares ? new BlockedPass.Gathered(costs.isGpu() ? 1 : 2) : BlockedPass.Gathered.NOTHING;
    }

    /** A share is written from where it lies, but for the values and their moving average. */
    private double copiesOfShare(int workers) {
        return workload.config().emaDecay() == null ? 0 : 2.0 * FLOAT * passes.parameters() / workers;
    }

    /** What a validation batch leaves in its scope, which may be larger than a worker's batch of training. */
    private double validation() {
        double examples = Math.min(workload.validationBatch(), workload.validation());
        double results = passes.withLoss().stream()
                .mapToDouble(o -> o.kept().scopeBytes(workload.width()))
                .sum();
        return examples * results + passes.batchBytes(examples);
    }
}
