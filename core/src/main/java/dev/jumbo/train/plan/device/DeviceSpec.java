package dev.jumbo.train.plan.device;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import org.jspecify.annotations.Nullable;

/**
 * A device as its data sheet describes it. Numbers are decimal: 1 GB is 10^9 bytes, 1 TFLOP/s 10^12 operations a second.
 *
 * @param peakTflops of dense matrix products, without sparsity
 * @param memoryGbPerS from the device's memory
 * @param linkGbPerS in one direction, between devices of one machine
 * @param networkGbPerS in one direction, between machines, for each device
 * @param perNode devices of one machine
 * @param latencyUs until the first byte of a message arrives
 * @param baseGb what a process takes before it has a model
 */
public record DeviceSpec(
        @Doc("The name to plan with.") String name,
        @Doc("Where the figures come from.") String source,
        @Doc("Whether it is a GPU.") boolean gpu,
        @Doc("Peak of dense products.") Peak peakTflops,
        @Doc("Memory in GB.") double memoryGb,
        @Doc("Bandwidth of that memory in GB/s.") double memoryGbPerS,

        @Doc("Link between devices of a machine, one direction, in GB/s.") @Default("null") @Nullable
        Double linkGbPerS,

        @Doc("Network between machines, one direction, for each device, in GB/s.") @Default("null") @Nullable
        Double networkGbPerS,

        @Doc("Devices of one machine.") @Default("1") int perNode,

        @Doc("Latency of a message in microseconds.") @Default("10.0")
        double latencyUs,

        @Doc("Memory of a process without a model, in GB.") @Default("1.0")
        double baseGb) {
    private static final double TERA = 1e12;
    private static final double GIGA = 1e9;
    private static final double MICRO = 1e-6;

    /** In TFLOP/s, by the type of the factors. */
    public record Peak(
            @Doc("In fp32.") double fp32, @Doc("In bf16.") double bf16) {}

    /** How fast a message goes. */
    public record Link(double bytesPerSecond, double latency) {}

    public DeviceSpec {
        require(peakTflops.fp32() > 0 && peakTflops.bf16() > 0, name, "peak_tflops", peakTflops);
        require(memoryGb > 0, name, "memory_gb", memoryGb);
        require(memoryGbPerS > 0, name, "memory_gb_per_s", memoryGbPerS);
        require(perNode >= 1, name, "per_node", perNode);
        require(linkGbPerS == null || linkGbPerS > 0, name, "link_gb_per_s", linkGbPerS);
        require(networkGbPerS == null || networkGbPerS > 0, name, "network_gb_per_s", networkGbPerS);
    }

    private static void require(boolean holds, String device, String key, @Nullable Object received) {
        if (!holds) {
            throw new InputException("device " + device + ": expected " + key + " above 0, received " + received);
        }
    }

    public double peak(boolean bf16) {
        return TERA * (bf16 ? peakTflops.bf16() : peakTflops.fp32());
    }

    public double memoryBytes() {
        return GIGA * memoryGb;
    }

    public double memoryBytesPerSecond() {
        return GIGA * memoryGbPerS;
    }

    /**
     * What a ring of so many workers gets. Across machines, rings go over all network cards of a machine at once, so that each
     * worker's share of the traffic passes at the speed of them all, as far as the links inside keep up.
     *
     * @throws InputException if the data sheet does not say
     */
    public Link ring(int workers) {
        double inside = perNode > 1 ? linkBytes(linkGbPerS, "link", workers) : Double.POSITIVE_INFINITY;
        double across = linkBytes(networkGbPerS, "network", workers) * perNode;
        return new Link(workers > perNode ? Math.min(inside, across) : inside, MICRO * latencyUs);
    }

    /** What one worker gets that sends to the next. @throws InputException if the data sheet does not say */
    public Link pair(int workers) {
        boolean across = workers > perNode;
        return new Link(
                linkBytes(across ? networkGbPerS : linkGbPerS, across ? "network" : "link", workers),
                MICRO * latencyUs);
    }

    private double linkBytes(@Nullable Double gb, String key, int workers) {
        if (gb == null) {
            throw new InputException("device " + name + ": expected " + key + "_gb_per_s for " + workers
                    + " workers, received none; describe the device in a file with --devices");
        }
        return GIGA * gb;
    }
}
