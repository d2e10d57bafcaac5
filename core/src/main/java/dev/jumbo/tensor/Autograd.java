package dev.jumbo.tensor;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Switches the recording of gradients off or on, on this thread, as in {@code try (var off = Autograd.noGrad()) { ... }}. */
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

    /** Gradients are recorded until the result is closed, also where they are switched off outside. */
    public static Autograd grad() {
        return new Autograd(true);
    }

    /** Whether this thread records now. */
    public static boolean isOn() {
        Native.start();
        return GradMode.is_enabled();
    }

    /**
     * Back-propagation from several tensors at once, see {@link Tensor#backward(Tensor)}.
     *
     * @param gradients one for each, of its shape
     */
    public static void backward(List<Tensor> from, List<Tensor> gradients) {
        try (PointerScope pointers = new PointerScope()) {
            torch.backward(handles(from), handles(gradients), new BoolOptional(), false, new TensorVector());
        }
    }

    private static TensorVector handles(List<Tensor> tensors) {
        return new TensorVector(tensors.stream().map(Tensor::handle).toArray(org.bytedeco.pytorch.Tensor[]::new));
    }

    @Override
    public void close() {
        GradMode.set_enabled(before);
    }
}
