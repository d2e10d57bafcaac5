package dev.jumbo.train.plan.cost;

import dev.jumbo.nn.work.Operation;
import dev.jumbo.train.plan.device.DeviceSpec;
import dev.jumbo.train.plan.work.Workload;
import org.jspecify.annotations.Nullable;

/** How long things take on a device, in seconds, and what it has. */
public interface Costs {
    /** What a plan calls the device. */
    String name();

    /** Share of the peak that products are assumed to reach; null where they were measured. */
    @Nullable
    Double efficiency();

    /** An operation in a forward pass. */
    double forward(Operation operation, double examples);

    /** The same backwards. @param inputGradient whether the gradient of its input is needed too */
    double backward(Operation operation, double examples, boolean inputGradient);

    /** What an optimizer step does with all parameters. @param slots values that the rule keeps for each */
    double update(double parameters, int slots, boolean bf16);

    /** What a batch takes besides the layers: loading as far as it is not hidden, copies, loss, metrics. */
    double around(Workload workload, double examples, long outputs);

    /** Whether a GPU computes. */
    boolean isGpu();

    /** How many workers it makes sense to look at. */
    int mostWorkers();

    /** Bytes of one worker's memory. */
    double memory(int workers);

    /** Bytes of a process without a model. */
    double base(Workload workload);

    /** Bytes that the allocator leaves unused for each byte of memory that every step takes and gives back. */
    double holes();

    /** What each of so many workers gets where all reduce together. */
    DeviceSpec.Link ring(int workers);

    /** What a worker gets that sends to the next. */
    DeviceSpec.Link pair(int workers);

    /** By how much each worker is slower for the others: 1 where each has a device of its own. */
    double slowdown(int workers);

    /** Bytes a second to storage. */
    double storage();

    /** Share of a step's communication that the backward pass hides at most, 0 to 1. */
    double overlap();
}
