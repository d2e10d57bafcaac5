package dev.jumbo.train.plan.cost;

import dev.jumbo.nn.work.Operation;
import dev.jumbo.train.plan.device.DeviceSpec;
import dev.jumbo.train.plan.device.Devices;
import dev.jumbo.train.plan.machine.Calibration;
import dev.jumbo.train.plan.machine.Measured;
import dev.jumbo.train.plan.machine.Sample;
import dev.jumbo.train.plan.work.Workload;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** This machine, as it was measured. Several workers share its cores. */
public final class CalibratedCosts implements Costs {
    /**
     * Blocks of tensors are aligned to 64 bytes, and glibc before 2.38 looks for an aligned block in a free one of its size
     * and 96 bytes more: what a step gave back has room for the same block only where its neighbour is free too. The
     * share is that of the runs in docs/plan.md, where it was 0.4 to 0.9, and differs from run to run.
     */
    private static final double HOLES = 0.6;

    private final Calibration calibration;
    private final Rates rates;
    private final int cores;

    public CalibratedCosts(Calibration calibration, boolean bf16) {
        this.calibration = calibration;
        rates = new Rates(calibration.samples(), bf16);
        cores = Runtime.getRuntime().availableProcessors();
    }

    @Override
    public String name() {
        return Devices.THIS_MACHINE;
    }

    @Override
    public @Nullable Double efficiency() {
        return null;
    }

    @Override
    public double forward(Operation operation, double examples) {
        return seconds(operation, examples, Sample::forward);
    }

    @Override
    public double backward(Operation operation, double examples, boolean inputGradient) {
        return seconds(operation, examples, inputGradient ? Sample::backward : Sample::weightsOnly);
    }

    private double seconds(Operation operation, double examples, ToDoubleFunction<Sample> time) {
        if (operation.kind().equals("view")) {
            return 0;
        }
        Operation.Size size = operation.size();
        return rates.seconds(
                Measured.kind(operation),
                Measured.rows(operation, examples),
                size.inner(),
                size.outer(),
                Measured.work(operation, examples),
                time);
    }

    /** In proportion to the bytes that are read and written: Adam, which was measured, keeps two values. */
    @Override
    public double update(double parameters, int slots, boolean bf16) {
        double measured = pass("update", parameters, Sample::forward);
        return measured * (4.0 + 2 * slots) / (4.0 + 2 * 2);
    }

    @Override
    public double around(Workload workload, double examples, long outputs) {
        double values = workload.inputs().stream().mapToLong(f -> f.elements()).sum() * examples;
        double copy = pass("input", values, Sample::forward);
        double loss =
                pass("loss", examples * outputs, Sample::forward) + pass("loss", examples * outputs, Sample::backward);
        double metrics = workload.config().task().metrics().isEmpty()
                ? 0
                : pass("predictions", examples * outputs, Sample::forward);
        double loading =
                values * (calibration.readSeconds() + workload.data().augmentations() * calibration.augmentSeconds());
        // The loader's thread takes its time from one of the cores that compute, and each product waits for its slowest
        // part.
        return calibration.stepOverhead() + copy + loss + metrics + loading;
    }

    private double pass(String kind, double values, ToDoubleFunction<Sample> time) {
        return rates.seconds(kind, Math.max(1, values), 1, 1, values, time);
    }

    @Override
    public boolean isGpu() {
        return false;
    }

    @Override
    public int mostWorkers() {
        return cores;
    }

    @Override
    public double memory(int workers) {
        return calibration.memoryBytes() / workers;
    }

    @Override
    public double base(Workload workload) {
        return calibration.processBytes() + workload.data().heapBytes();
    }

    @Override
    public double holes() {
        return HOLES;
    }

    @Override
    public DeviceSpec.Link ring(int workers) {
        return pair(workers);
    }

    /** All pairs share one machine. */
    @Override
    public DeviceSpec.Link pair(int workers) {
        return new DeviceSpec.Link(calibration.linkBytes() / Math.max(1, workers - 1), calibration.linkLatency());
    }

    @Override
    public double slowdown(int workers) {
        return workers;
    }

    @Override
    public double storage() {
        return calibration.storage();
    }

    /** Copying over the loopback takes the same cores as the backward pass. */
    @Override
    public double overlap() {
        return 0.5;
    }
}
