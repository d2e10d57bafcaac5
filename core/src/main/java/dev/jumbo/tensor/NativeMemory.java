package dev.jumbo.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/** What tensors hold outside the Java heap. For tests, reports and metrics: counting costs time in proportion to the live tensors. */
public final class NativeMemory {
    private NativeMemory() {}

    /** Number of tensors, views included, that are alive on all threads. */
    public static int liveTensors() {
        return Scope.LIVE.size();
    }

    /**
     * Bytes of the distinct storages behind all live tensors: views of one storage count once. Intermediate results
     * that only the autograd graph holds are freed with the tensor at its root and are not counted.
     */
    public static long liveBytes() {
        Map<Long, Long> storages = new HashMap<>();
        for (Tensor tensor : Scope.LIVE) {
            try (PointerScope pointers = new PointerScope()) {
                if (!tensor.isClosed()) {
                    var storage = tensor.handle().storage();
                    var data = storage.data(); // null for a tensor without elements
                    if (data != null) {
                        storages.put(data.address(), storage.nbytes());
                    }
                }
            }
        }
        return storages.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Resident memory of this process in bytes, or -1 where the system does not say (other than Linux). */
    public static long residentBytes() {
        try {
            String[] fields = Files.readString(Path.of("/proc/self/statm")).split(" ");
            return Long.parseLong(fields[1]) * 4096;
        } catch (IOException e) {
            return -1;
        }
    }

    /**
     * Gives pages that were freed back to the system, which the C library keeps otherwise. Takes milliseconds and stops allocations
     * meanwhile: worth it when a model is unloaded, never between two steps. Does nothing where the system has no such call.
     */
    public static void trim() {
        Native.start();
        Pointer.trimMemory();
    }

    /** The most of {@link #residentBytes} so far, or that where the system does not say. */
    static long peakResidentBytes() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .max()
                    .orElseGet(NativeMemory::residentBytes);
        } catch (IOException e) {
            return residentBytes();
        }
    }
}
