package dev.jumbo.train.plan.step;

import dev.jumbo.nn.work.Operation;
import dev.jumbo.train.plan.cost.Costs;
import dev.jumbo.train.plan.device.DeviceSpec;
import dev.jumbo.train.plan.memory.Activations;
import dev.jumbo.train.plan.memory.BlockedPass;
import dev.jumbo.train.plan.memory.MemoryUse;
import dev.jumbo.train.plan.memory.Sharding;
import dev.jumbo.train.plan.memory.StateBytes;
import dev.jumbo.train.plan.work.Workload;
import java.util.ArrayList;
import java.util.List;

/**
 * The model's layers cut into stages of about the same time, one for each worker, through which a batch goes in micro-batches
 * (Narayanan et al., 2019). A step of m micro-batches through p stages takes {@code m + p - 1} turns of the slowest stage
 * (Narayanan et al., 2021, section 2.2); stage i holds the activations of {@code min(m, p - i)} micro-batches.
 */
final class StagedStep {
    private final Workload workload;
    private final Costs costs;
    private final Passes passes;
    private final int workers;
    private final int parts;
    private final int micro;
    private final double examples;

    /**
     * @param parts of the batch, each through an empty pipeline
     * @param micro micro-batches of a part
     */
    StagedStep(Workload workload, Costs costs, Passes passes, int workers, int parts, int micro) {
        this.workload = workload;
        this.costs = costs;
        this.passes = passes;
        this.workers = workers;
        this.parts = parts;
        this.micro = micro;
        double batch = Math.min(workload.examples(), workload.config().batchSize());
        examples = Math.ceil(batch / parts / micro);
    }

    Sharded.Step step() {
        List<List<Operation>> stages = stages(Activations.layers(passes.operations()));
        DeviceSpec.Link link = costs.pair(workers);
        double slowest = 0;
        double sent = 0;
        double largestUpdate = 0;
        MemoryUse largest = new MemoryUse(0, 0, 0, 0, 0, 0);
        for (int i = 0; i < stages.size(); i++) {
            List<Operation> stage = stages.get(i);
            double cut = i + 1 < stages.size()
                    ? examples * workload.width() * stage.get(stage.size() - 1).outputs()
                    : 0;
            Traffic turn = new Traffic(2 * cut, cut > 0 ? 2 : 0);
            slowest = Math.max(slowest, seconds(stage, i == 0) + turn.seconds(link));
            sent = Math.max(sent, micro * 2 * cut);
            largestUpdate = Math.max(largestUpdate, update(stage));
            MemoryUse memory = memory(stages, i);
            largest = memory.total() > largest.total() ? memory : largest;
        }
        int batches = workload.config().gradientAccumulation() * parts;
        double slow = costs.slowdown(workers);
        double whole = 0;
        for (int i = 0; i < stages.size(); i++) {
            whole += seconds(stages.get(i), i == 0);
        }
        double around = costs.around(workload, examples * micro, passes.loss().outputs());
        double compute = slow * (batches * (micro * whole / workers + around) + largestUpdate);
        double seconds = slow * (batches * ((micro + stages.size() - 1) * slowest + around) + largestUpdate);
        boolean fits = largest.total() <= costs.memory(workers);
        return new Sharded.Step(batches, micro, compute, seconds, batches * sent, largest, fits);
    }

    private double seconds(List<Operation> stage, boolean first) {
        return passes.forward(stage, examples) + passes.backward(stage, examples, first);
    }

    private double update(List<Operation> stage) {
        int slots = workload.config().optimizer().slots();
        return costs.update(Passes.parameters(stage), slots, workload.isLowPrecision());
    }

    /** The cut whose slowest stage is fastest, found by trying limits: each stage takes layers until it would exceed one. */
    private List<List<Operation>> stages(List<List<Operation>> layers) {
        double[] seconds = layers.stream().mapToDouble(l -> seconds(l, false)).toArray();
        double low = 0;
        double high = 0;
        for (double s : seconds) {
            low = Math.max(low, s);
            high += s;
        }
        for (int i = 0; i < 60; i++) {
            double limit = (low + high) / 2;
            if (stagesWithin(layers, seconds, limit).size() <= workers) {
                high = limit;
            } else {
                low = limit;
            }
        }
        return stagesWithin(layers, seconds, high);
    }

    private static List<List<Operation>> stagesWithin(List<List<Operation>> layers, double[] seconds, double limit) {
        List<List<Operation>> stages = new ArrayList<>();
        double sum = 0;
        for (int i = 0; i < layers.size(); i++) {
            if (stages.isEmpty() || sum + seconds[i] > limit) {
                stages.add(new ArrayList<>());
                sum = 0;
            }
            stages.get(stages.size() - 1).addAll(layers.get(i));
            sum += seconds[i];
        }
        return stages;
    }

    private MemoryUse memory(List<List<Operation>> stages, int index) {
        List<Operation> stage = new ArrayList<>(stages.get(index));
        boolean last = index == stages.size() - 1;
        if (last) {
            stage.add(passes.loss());
        }
        double batch = index == 0
                ? passes.batchBytes(examples)
                : examples * workload.width() * stage.get(0).inputs();
        Activations one = workload.config().recompute()
                ? new BlockedPass(
                                stage,
                                passes.blocks(true, false),
                                examples,
                                workload.width(),
                                BlockedPass.Gathered.NOTHING)
                        .activations(batch)
                : Activations.of(stage, examples, workload.width(), batch);
        int held = Math.min(micro, stages.size() - index);
        StateBytes bytes = StateBytes.of(workload.config(), Sharding.PIPELINE, workers);
        double parameters = Passes.parameters(stage);
        Activations all = new Activations(held * one.kept(), one.workspace());
        double copies = MemoryUse.copies(bytes, parameters);
        return MemoryUse.of(workload, costs, bytes, parameters, passes.savedBytes(stage), all, copies, 0);
    }
}
