package dev.jumbo.tensor;

import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Where random numbers in native memory come from: a generator for each thread, so that what one training draws never
 * depends on another in the same process. The numbers are those of libtorch's own generator (Mersenne twister) with the
 * same seed. On CUDA devices libtorch has one generator for a device, and all threads share it.
 */
final class Draws {
    /** The seed of a thread that has set none: libtorch's default. */
    private static final long DEFAULT_SEED = 67280421310721L;

    private static final Object DEFAULT_GENERATOR = new Object();
    private static final GeneratorOptional NONE;

    /** Who has which, so that the generator of a thread that has ended serves the next one: nothing is left to a garbage collector. */
    private static final Map<Thread, Own> OWNERS = new ConcurrentHashMap<>();

    private static final ThreadLocal<Own> OWN = ThreadLocal.withInitial(Draws::take);

    static {
        Native.start();
        NONE = new GeneratorOptional();
        NONE.retainReference(); // Out of whatever scope is open.
    }

    private record Own(Generator generator, GeneratorOptional argument) {}

    private Draws() {}

    private static Own take() {
        Own own = takeOver();
        if (own == null) {
            Generator generator = torch.make_generator_cpu(DEFAULT_SEED);
            GeneratorOptional argument = new GeneratorOptional(generator);
            generator.retainReference();
            argument.retainReference();
            own = new Own(generator, argument);
        }
        own.generator().set_current_seed(DEFAULT_SEED);
        OWNERS.put(Thread.currentThread(), own);
        return own;
    }

    private static synchronized @Nullable Own takeOver() {
        for (Iterator<Map.Entry<Thread, Own>> all = OWNERS.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Thread, Own> each = all.next();
            if (!each.getKey().isAlive()) {
                all.remove();
                return each.getValue();
            }
        }
        return null;
    }

    /** Seeds what this thread draws, and the generators of all CUDA devices. */
    static void seed(long seed) {
        OWN.get().generator().set_current_seed(seed);
        if (Device.cudaDevices() > 0) {
            torch.manual_seed(seed);
        }
    }

    /** The argument by which an operation on this tensor draws from its owner's generator. */
    static GeneratorOptional of(org.bytedeco.pytorch.Tensor x) {
        return x.is_cuda() ? NONE : OWN.get().argument();
    }

    /** What operations on a device draw from on this thread. */
    static Generator generator(Device device) {
        return device.type() == Device.Type.CPU
                ? OWN.get().generator()
                : torch.globalContext().defaultGenerator(device.torch());
    }

    /** An operation that has no argument for a generator: libtorch's own one stands in the place of this thread's while it runs. */
    static <T> T throughDefault(Supplier<T> operation) {
        Generator own = OWN.get().generator();
        synchronized (DEFAULT_GENERATOR) {
            Generator shared = torch.getDefaultCPUGenerator();
            setState(shared, own);
            T result = operation.get();
            setState(own, shared);
            return result;
        }
    }

    private static void setState(Generator to, Generator from) {
        try (PointerScope pointers = new PointerScope()) {
            to.set_state(from.get_state());
        }
    }
}
