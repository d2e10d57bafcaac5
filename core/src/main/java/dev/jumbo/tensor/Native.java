package dev.jumbo.tensor;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;

/** Loads libtorch once, with the settings without which it is many times slower on the JVM. */
final class Native {
    /** Bytes that, allocated and freed once, make glibc keep blocks of a training step instead of returning them. */
    private static final long ALLOCATOR_WARM_UP_FLOATS = 7_900_000;

    /** "No tensor": an absent optional argument. Must exist before any scope. */
    static final TensorOptional NONE;

    /** "The default memory format". Must exist before any scope. */
    static final MemoryFormatOptional NO_FORMAT;

    private static final Type.TypePtr TENSOR_TYPE;
    private static final Map<String, OperatorHandle> OPERATORS = new ConcurrentHashMap<>();

    static {
        // JavaCPP's guard on physical memory doubles the cost of a small operation; scopes free tensors, so it has no
        // use here.
        setDefault("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        setDefault("org.bytedeco.javacpp.maxBytes", "0");
        // No second mechanism: without this, pointers would also be freed by the garbage collector.
        setDefault("org.bytedeco.javacpp.nopointergc", "true");
        // Its own threads would fight OpenMP's for the cores.
        openblas_nolapack.blas_set_num_threads(1);
        torch.set_num_threads(defaultThreads());
        NONE = new TensorOptional();
        NO_FORMAT = new MemoryFormatOptional();
        TENSOR_TYPE = new Type.TypePtr(TensorType.get());
        TENSOR_TYPE.retainReference();
        torch.zeros(ALLOCATOR_WARM_UP_FLOATS).close();
    }

    private Native() {}

    /** Makes sure that the natives are loaded. */
    static void start() {}

    private static int defaultThreads() {
        String given = System.getenv("OMP_NUM_THREADS");
        return given != null && given.matches("[1-9]\\d{0,3}")
                ? Integer.parseInt(given)
                : Runtime.getRuntime().availableProcessors();
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    static Type.TypePtr tensorType() {
        return TENSOR_TYPE;
    }

    /** An operator that has no Java binding of its own, by its name in libtorch's dispatcher. */
    static OperatorHandle operator(String name) {
        return OPERATORS.computeIfAbsent(name, n -> {
            OperatorHandle handle = Dispatcher.singleton().findSchemaOrThrow(n, "");
            handle.retainReference();
            return handle;
        });
    }
}
