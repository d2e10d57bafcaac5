package dev.jumbo.train.plan;

import dev.jumbo.train.plan.memory.MemoryUse;
import dev.jumbo.train.plan.memory.Sharding;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long a training will take and what it will need. Times in seconds, sizes in bytes.
 *
 * @param device what was planned for
 * @param workers how many of them
 * @param memory bytes that one worker has
 * @param efficiency share of the device's peak that was assumed; null for this machine, which is measured
 * @param parameters values that training changes
 * @param buffers values that are saved but not trained
 * @param flops of the whole training and its parts
 * @param layers operations and memory by layer
 * @param options one for each way to share the work, by the number of workers asked for
 * @param scaling the best option for other numbers of workers
 * @param recommended a number of workers: the most that are still used to four fifths; 0 if nothing fits
 * @param checkpoint what is written and how often
 */
public record Plan(
        String device,
        int workers,
        double memory,
        @Nullable Double efficiency,
        long parameters,
        long buffers,
        Flops flops,
        List<LayerUse> layers,
        List<Option> options,
        List<Option> scaling,
        int recommended,
        CheckpointUse checkpoint) {
    /**
     * Floating-point operations; a multiply-add counts as two.
     *
     * @param forward of one example
     * @param training forward and backward pass of one example
     * @param step of one optimizer step
     * @param total of all epochs
     * @param sixNd 6 parameters tokens (Kaplan et al., 2020), for a model of token ids; null for others
     */
    public record Flops(
            double forward,
            double training,
            double step,
            double total,
            @Nullable Double sixNd) {}

    /**
     * A layer of the model.
     *
     * @param path its name, {@code layers.0}
     * @param parameters values that training changes
     * @param flops of the forward pass of one example
     * @param activations bytes that one example leaves until the backward pass
     * @param seconds of the forward and the backward pass over one worker's batch
     */
    public record LayerUse(String path, long parameters, double flops, double activations, double seconds) {}

    /**
     * One way to share the work.
     *
     * @param passes parts into which the examples of a step are divided, one after the other: what
     *     {@code gradient_accumulation} has to be for this
     * @param microBatches of a pass through a pipeline, 1 without one
     * @param memory of the worker that needs most
     * @param fits whether that is there
     * @param sent bytes that a worker sends in a step
     * @param compute seconds of a step without any waiting
     * @param waiting seconds of a step in which a worker waits for others
     * @param step seconds of an optimizer step
     * @param epoch seconds of an epoch with validation and checkpoint
     * @param total seconds of all epochs
     * @param cost of all workers for that time; null without a price
     */
    public record Option(
            Sharding sharding,
            int workers,
            int passes,
            int microBatches,
            MemoryUse memory,
            boolean fits,
            double sent,
            double compute,
            double waiting,
            double step,
            double epoch,
            double total,
            @Nullable Double cost) {}

    /**
     * Checkpoints, by Young (1974): the interval {@code sqrt(2 C MTBF)} loses least to writing and to repeating.
     *
     * @param bytes of one
     * @param seconds C, until it is written
     * @param interval between two
     * @param mtbf seconds between failures of any of the workers
     */
    public record CheckpointUse(double bytes, double seconds, double interval, double mtbf) {}

    public Plan {
        layers = List.copyOf(layers);
        options = List.copyOf(options);
        scaling = List.copyOf(scaling);
    }

    /** The fastest option that fits. */
    public Optional<Option> best() {
        return best(options);
    }

    static Optional<Option> best(List<Option> options) {
        return options.stream().filter(o -> o.fits()).min((a, b) -> Double.compare(a.total(), b.total()));
    }

    /** The option of the strategy, if the model allows it. */
    public Optional<Option> option(Sharding sharding) {
        return options.stream().filter(o -> o.sharding() == sharding).findFirst();
    }
}
