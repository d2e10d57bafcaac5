package dev.jumbo.tensor;

import org.bytedeco.pytorch.GradMode;

/** Switches the recording of gradients off on this thread, as in {@code try (var off = Autograd.noGrad()) { ... }}. */
public final class Autograd implements AutoCloseable {
    private final boolean before;

    private Autograd(boolean recording) {
        Native.start();
        before = GradMode.is_enabled();
        GradMode.set_enabled(recording);
    }

    /** Nothing is recorded until the result is closed. */
    public static Autograd noGrad() {
        return new Autograd(false);
    }

    /** Whether this thread records now. */
    public static boolean isOn() {
        Native.start();
        return GradMode.is_enabled();
    }

    @Override
    public void close() {
        GradMode.set_enabled(before);
    }
}
