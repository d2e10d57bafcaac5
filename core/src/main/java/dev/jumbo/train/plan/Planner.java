package dev.jumbo.train.plan;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.layers.Stage;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.train.plan.Plan.CheckpointUse;
import dev.jumbo.train.plan.Plan.Flops;
import dev.jumbo.train.plan.Plan.LayerUse;
import dev.jumbo.train.plan.Plan.Option;
import dev.jumbo.train.plan.cost.CalibratedCosts;
import dev.jumbo.train.plan.cost.Costs;
import dev.jumbo.train.plan.cost.DescribedCosts;
import dev.jumbo.train.plan.device.DeviceSpec;
import dev.jumbo.train.plan.machine.Calibration;
import dev.jumbo.train.plan.memory.Activations;
import dev.jumbo.train.plan.memory.Sharding;
import dev.jumbo.train.plan.step.Passes;
import dev.jumbo.train.plan.step.Sharded;
import dev.jumbo.train.plan.work.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes a {@link Plan}: every way to share the work, on one kind of device. */
public final class Planner {

    private static final double HOUR = 3600;
    private static final double USED = 0.8;

    private final Workload workload;
    private final PlanConfig config;
    private final Costs costs;
    private final Passes passes;
    private final Sharded sharded;

    private Planner(Workload workload, PlanConfig config, Costs costs) {
        this.workload = workload;
        this.config = config;
        this.costs = costs;
        passes = Passes.of(workload, costs);
        sharded = new Sharded(workload, costs, passes);
    }

    /** A plan for a device by its data sheet. @throws InputException if a value is out of its range */
    public static Plan plan(Workload workload, PlanConfig config, DeviceSpec device) {
        Costs costs = new DescribedCosts(device, workload.isLowPrecision(), config.efficiency());
        return new Planner(workload, config, costs).plan();
    }

    /** A plan for this machine, whose cores all workers share. */
    public static Plan plan(Workload workload, PlanConfig config, Calibration calibration) {
        return new Planner(workload, config, new CalibratedCosts(calibration, workload.isLowPrecision())).plan();
    }

    private Plan plan() {
        int workers = config.workers();
        int most = workload.config().batchSize();
        if (workers > most) {
            throw new InputException(
                    "plan.workers: expected at most " + most + ", an example of each batch for each worker,"
                            + " received " + workers + "; raise train.batch_size");
        }
        List<Option> options = options(workers);
        List<Option> scaling = scaling(Math.min(most, Math.max(workers, costs.mostWorkers())), workers);
        return new Plan(
                costs.name(),
                workers,
                costs.memory(workers),
                costs.efficiency(),
                passes.parameters(),
                passes.buffers(),
                flops(),
                layers(workers),
                options,
                scaling,
                recommended(scaling),
                checkpoint(workers));
    }

    private Flops flops() {
        double training = passes.trainingFlops();
        double examples = (double) workload.examples() * workload.config().epochs();
        Double sixNd = workload.hasTokens() ? 6.0 * passes.parameters() * examples * workload.tokens() : null;
        return new Flops(
                passes.forwardFlops(), training, training * workload.examplesOfStep(), training * examples, sixNd);
    }

    private List<LayerUse> layers(int workers) {
        double examples = sharded.examples(workers, 1);
        List<LayerUse> uses = new ArrayList<>();
        boolean first = true;
        for (List<Operation> layer : Activations.layers(passes.operations())) {
            double kept = layer.stream()
                    .mapToDouble(o ->
                            o.kept().scopeBytes(workload.width()) + o.kept().savedBytes(workload.width()))
                    .sum();
            uses.add(new LayerUse(
                    Activations.topLevel(layer.get(0).path()),
                    Passes.parameters(layer),
                    layer.stream().mapToDouble(Operation::flops).sum(),
                    kept,
                    costs.slowdown(workers)
                            * (passes.forward(layer, examples) + passes.backward(layer, examples, first))));
            first = first && Passes.parameters(layer) == 0;
        }
        return uses;
    }

    private List<Option> options(int workers) {
        List<Option> options = new ArrayList<>();
        for (Sharding sharding : Sharding.values()) {
            boolean pipeline = sharding == Sharding.PIPELINE;
            boolean inRow =
                    Stage.row(workload.model(), workload.specs(), workers).isPresent();
            if (workers == 1 ? sharding == Sharding.DATA_PARALLEL : !pipeline || inRow) {
                options.add(option(sharding, workers));
            }
        }
        return options;
    }

    private Option option(Sharding sharding, int workers) {
        Sharded.Step step = sharded.step(sharding, workers);
        double epoch = workload.stepsOfEpoch() * step.seconds() + validation(workers) + checkpointSeconds();
        double total = epoch * workload.config().epochs();
        Double price = config.pricePerHour();
        return new Option(
                sharding,
                workers,
                step.passes(),
                step.microBatches(),
                step.memory(),
                step.fits(),
                step.sent(),
                step.compute(),
                step.seconds() - step.compute(),
                step.seconds(),
                epoch,
                total,
                price == null ? null : price * workers * total / HOUR);
    }

    /** Forward passes over each worker's part of the examples that were held out. */
    private double validation(int workers) {
        if (workload.validation() == 0) {
            return 0;
        }
        double batches = Math.ceil((double) workload.validation() / workload.validationBatch() / workers);
        double examples = Math.min(workload.validationBatch(), workload.validation());
        return costs.slowdown(workers) * batches * passes.forward(passes.operations(), examples);
    }

    /** The best option for numbers of workers that double, and for the one that was asked for. */
    private List<Option> scaling(int most, int asked) {
        List<Option> best = new ArrayList<>();
        for (int workers = 1; workers <= most; workers *= 2) {
            Plan.best(options(workers)).ifPresent(best::add);
            if (workers < asked && asked < 2 * workers) {
                Plan.best(options(asked)).ifPresent(best::add);
            }
        }
        return best;
    }

    /** The most workers whose device hours are at most 1 / {@value #USED} of the fewest. */
    private static int recommended(List<Option> scaling) {
        Optional<Double> least =
                scaling.stream().map(o -> o.workers() * o.total()).min(Double::compare);
        return scaling.stream()
                .filter(o -> least.isPresent() && o.workers() * o.total() * USED <= least.get())
                .mapToInt(Option::workers)
                .max()
                .orElse(0);
    }

    private double checkpointBytes() {
        double slots =
                workload.config().optimizer().slots() + (workload.config().emaDecay() == null ? 0 : 1);
        return Float.BYTES * (passes.parameters() * (1 + slots) + passes.buffers());
    }

    private double checkpointSeconds() {
        @Nullable Double storage = config.storageGbPerS();
        return checkpointBytes() / (storage == null ? costs.storage() : storage * 1e9);
    }

    private CheckpointUse checkpoint(int workers) {
        double mtbf = config.mtbfHours() * HOUR / workers;
        double seconds = checkpointSeconds();
        return new CheckpointUse(checkpointBytes(), seconds, Math.sqrt(2 * seconds * mtbf), mtbf);
    }
}
