package dev.jumbo.train.plan.cost;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.train.plan.device.DeviceSpec;
import dev.jumbo.train.plan.work.Workload;

/**
 * A device of which only the data sheet is known: products take {@code FLOPs / (peak efficiency)}, and what is between
 * them is part of the efficiency, as published values of "model FLOPs utilization" (Chowdhery et al., 2022, appendix B)
 * count it.
 *
 * @param efficiency share of the peak that a training reaches, above 0 to 1. {@link #EFFICIENCY} if nothing is known.
 */
public record DescribedCosts(DeviceSpec device, boolean bf16, Double efficiency) implements Costs {
    /**
     * Touvron et al., 2023 ("Llama 2", table 2): 2e12 tokens on A100-80GB took 184,320, 368,640 and 1,720,320 GPU hours with
     * 6.74, 13.02 and 68.98 billion parameters: 0.39, 0.38 and 0.43 of the peak by 6 parameters tokens.
     */
    public static final double EFFICIENCY = 0.4;

    /** An assumption: file systems differ more than devices. */
    private static final double STORAGE = 1e9;

    private static final int MOST_WORKERS = 64;

    public DescribedCosts {
        if (!(efficiency > 0 && efficiency <= 1)) {
            throw new InputException("plan.efficiency: expected a share above 0 up to 1, received " + efficiency);
        }
    }

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public double forward(Operation operation, double examples) {
        return operation.isProduct() ? examples * operation.flops() / (device.peak(bf16) * efficiency) : 0;
    }

    @Override
    public double backward(Operation operation, double examples, boolean inputGradient) {
        return (inputGradient ? 2 : 1) * forward(operation, examples);
    }

    /** Values and slots are read and written, gradients read, written by zeroing, and gathered from bf16. */
    @Override
    public double update(double parameters, int slots, boolean low) {
        double bytes = Float.BYTES * (2.0 + 2.0 * slots + 2) + (low ? 4.0 * Short.BYTES + 2.0 * Float.BYTES : 0);
        return parameters * bytes / device.memoryBytesPerSecond();
    }

    @Override
    public double around(Workload workload, double examples, long outputs) {
        return 0;
    }

    @Override
    public boolean isGpu() {
        return device.gpu();
    }

    @Override
    public int mostWorkers() {
        return MOST_WORKERS;
    }

    @Override
    public double memory(int workers) {
        return device.memoryBytes();
    }

    @Override
    public double base(Workload workload) {
        return device.baseGb() * 1e9;
    }

    @Override
    public double holes() {
        return 0;
    }

    @Override
    public DeviceSpec.Link ring(int workers) {
        return device.ring(workers);
    }

    @Override
    public DeviceSpec.Link pair(int workers) {
        return device.pair(workers);
    }

    @Override
    public double slowdown(int workers) {
        return 1;
    }

    @Override
    public double storage() {
        return STORAGE;
    }

    @Override
    public double overlap() {
        return 1;
    }
}
