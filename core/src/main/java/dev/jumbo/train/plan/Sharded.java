package dev.jumbo.train.plan;

import java.util.List;

/** One optimizer step by each way to share the work: time, traffic, and the memory of the worker that needs most. */
final class Sharded {
    private static final int FLOAT = Float.BYTES;

    private final Workload workload;
    private final Costs costs;
    private final Passes passes;

    /**
     * @param compute seconds of computing, without waiting for others
     * @param seconds of the whole step
     * @param sent bytes of the worker that sends most
     */
    record Step(double compute, double seconds, double sent, MemoryUse memory) {}

    Sharded(Workload workload, Costs costs, Passes passes) {
        this.workload = workload;
        this.costs = costs;
        this.passes = passes;
    }

    /** Examples of one pass of one worker. */
    double examples(int workers) {
        return Math.ceil(
                (double) Math.min(workload.examples(), workload.config().batchSize()) / workers);
    }

    Step step(Sharding sharding, int workers) {
        return sharding == Sharding.PIPELINE && workers > 1
                ? new Pipeline(workload, costs, passes, workers).step()
                : parallel(sharding, workers);
    }

    /** Each worker passes its part of the batch through the whole model. */
    private Step parallel(Sharding sharding, int workers) {
        List<Operation> operations = passes.operations();
        double examples = examples(workers);
        double slow = costs.slowdown(workers);
        int passesOfStep = workload.config().gradientAccumulation();
        double forward = slow * passes.forward(operations, examples);
        double backward = slow * passes.backward(operations, examples, true);
        double again = sharding == Sharding.ZERO3_RECOMPUTE ? forward : 0;
        double around = slow * costs.around(workload, examples, passes.loss().outputs());
        double update = slow * update(sharding, workers);
        double compute = passesOfStep * (forward + backward + again + around) + update;
        if (workers == 1) {
            return new Step(compute, compute, 0, memory(sharding, 1));
        }
        DeviceSpec.Link link = costs.ring(workers);
        Traffic hidden = hidden(sharding, workers).times(sharding.sharesOfValues(workers) > 1 ? passesOfStep : 1);
        Traffic behind = behind(sharding, workers);
        double cover = sharding.sharesOfValues(workers) > 1 ? passesOfStep * (forward + backward + again) : backward;
        double waiting = Math.max(0, hidden.seconds(link) - costs.overlap() * cover) + behind.seconds(link);
        return new Step(compute, compute + waiting, hidden.plus(behind).bytes(), memory(sharding, workers));
    }

    private double update(Sharding sharding, int workers) {
        double whole = passes.parameters();
        int shares = sharding.sharesOfOptimizer(workers);
        int slots = StateBytes.slots(workload.config().optimizer());
        return costs.update(whole / shares, slots, workload.isLowPrecision());
    }

    /** What is sent while the passes go on: gradients, and with ZeRO-3 the weights for each pass. */
    private Traffic hidden(Sharding sharding, int workers) {
        double gradients = (double) FLOAT * passes.parameters();
        double weights = (double) workload.width() * passes.parameters();
        return switch (sharding) {
            case DATA_PARALLEL -> Traffic.allReduce(gradients, workers);
            case ZERO1 -> Traffic.half(gradients, workers);
            case ZERO3, ZERO3_RECOMPUTE ->
                Traffic.half(gradients, workers)
                        .plus(Traffic.half(weights, workers).times(2));
            case PIPELINE -> Traffic.NONE;
        };
    }

    /** What is sent after the update: with ZeRO-1 each worker's share of the new values. */
    private Traffic behind(Sharding sharding, int workers) {
        return sharding == Sharding.ZERO1 ? Traffic.half((double) FLOAT * passes.parameters(), workers) : Traffic.NONE;
    }

    private MemoryUse memory(Sharding sharding, int workers) {
        double examples = examples(workers);
        double around = passes.batchBytes(examples);
        List<Operation> operations = passes.withLoss();
        boolean shares = sharding.sharesOfValues(workers) > 1;
        Activations activations = sharding == Sharding.ZERO3_RECOMPUTE
                ? Activations.recomputed(operations, examples, workload.width(), around)
                : Activations.of(operations, examples, workload.width(), around, shares);
        return memory(sharding, workers, passes.parameters(), passes.buffers(), activations, costs.base(workload));
    }

    private MemoryUse memory(
            Sharding sharding, int workers, double parameters, double buffers, Activations activations, double base) {
        StateBytes bytes = StateBytes.of(workload.config()).on(sharding, workers);
        return new MemoryUse(
                parameters * bytes.values() + FLOAT * buffers,
                parameters * bytes.gradients(),
                parameters * bytes.optimizer(),
                activations.kept(),
                activations.workspace(),
                base);
    }
}
