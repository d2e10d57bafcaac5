package dev.jumbo.train.plan.machine;

import java.util.List;

/**
 * What was measured on this machine. Sizes in bytes, times in seconds.
 *
 * @param machine what it holds for: processor, cores, threads, versions
 * @param samples operations by kind and size
 * @param stepOverhead what a step takes besides its operations: order, callbacks, scopes
 * @param readSeconds what the loader's thread takes for a value that is read and scaled
 * @param augmentSeconds what it takes for a random change of a value
 * @param processBytes peak of a process that trains next to nothing
 * @param memoryBytes of the machine
 * @param storage bytes a second that reach the disk
 * @param linkBytes bytes a second between two processes
 * @param linkLatency of a message between them
 */
public record Calibration(
        String machine,
        List<Sample> samples,
        double stepOverhead,
        double readSeconds,
        double augmentSeconds,
        double processBytes,
        double memoryBytes,
        double storage,
        double linkBytes,
        double linkLatency) {
    public Calibration {
        samples = List.copyOf(samples);
    }
}
