package dev.jumbo.tensor;

import dev.jumbo.error.InputException;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;

/** The native library as a whole: threads, versions and what the processor offers. */
public final class Torch {
    /** The system may refuse more, and then ends the process. */
    private static final int MOST_THREADS = 1024;

    private Torch() {}

    /** Threads that one operation may use: all cores unless {@code OMP_NUM_THREADS} or {@link #setThreads} says otherwise. */
    public static int threads() {
        Native.start();
        return torch.get_num_threads();
    }

    /** @throws InputException if the number is not from 1 to 1024 */
    public static void setThreads(int threads) {
        if (threads < 1 || threads > MOST_THREADS) {
            throw new InputException("expected 1 to " + MOST_THREADS + " threads, received " + threads);
        }
        Native.start();
        torch.set_num_threads(threads);
    }

    /** The instruction set that libtorch chose for this processor, such as {@code AVX512}. */
    public static String cpuCapability() {
        Native.start();
        try (PointerScope pointers = new PointerScope()) {
            return torch.get_cpu_capability().getString();
        }
    }

    /** How libtorch was built: compilers, BLAS, oneDNN. Several lines. */
    public static String buildInformation() {
        Native.start();
        try (PointerScope pointers = new PointerScope()) {
            return torch.show_config().getString();
        }
    }

    /** The version of libtorch with that of its Java binding, such as {@code 2.10.0-1.5.13}; "unknown" without a manifest. */
    public static String version() {
        String version = org.bytedeco.pytorch.Tensor.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}
