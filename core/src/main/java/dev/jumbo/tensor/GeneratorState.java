package dev.jumbo.tensor;

import org.bytedeco.javacpp.PointerScope;

/**
 * Where the random numbers of a thread, on a device, stand: what dropout and its like draw next. For running the same thing a
 * second time with the same numbers. Close it to free its few kilobytes.
 */
public final class GeneratorState implements AutoCloseable {
    private final Device device;
    private final Tensor state;

    private GeneratorState(Device device, Tensor state) {
        this.device = device;
        this.state = state;
    }

    /** Of the calling thread, or of a CUDA device, which all threads share. */
    public static GeneratorState of(Device device) {
        return new GeneratorState(device, read(device));
    }

    private static Tensor read(Device device) {
        try (Scope scope = Scope.open()) {
            return Tensor.wrap(Draws.generator(device).get_state()).retain();
        }
    }

    private static void write(Device device, Tensor state) {
        try (PointerScope pointers = new PointerScope()) {
            Draws.generator(device).set_state(state.handle());
        }
    }

    /** Draws from here on until the result is closed; then what is drawn goes on where it was. */
    public Replay replay() {
        Tensor before = read(device);
        write(device, state);
        return () -> {
            write(device, before);
            before.close();
        };
    }

    /** Puts what is drawn back to where it was. */
    @FunctionalInterface
    public interface Replay extends AutoCloseable {
        @Override
        void close();
    }

    @Override
    public void close() {
        state.close();
    }
}
