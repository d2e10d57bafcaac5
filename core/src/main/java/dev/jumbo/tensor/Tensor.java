package dev.jumbo.tensor;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DataPtr;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.jspecify.annotations.Nullable;

/**
 * An n-dimensional array in native memory, with the operations that Jumbo's models need under PyTorch's names. Names
 * that end in an underscore change the tensor itself and return it. Dimensions count from 0, or from the end when
 * negative. Every tensor belongs to a {@link Scope}.
 *
 * <p>Shapes are trusted here: layers check them before, with a message that names the layer. A native error that
 * slips through is a {@link RuntimeException} with libtorch's text.
 */
public final class Tensor extends Contents implements AutoCloseable {
    private final org.bytedeco.pytorch.Tensor handle;
    private boolean retained;
    private volatile boolean closed;

    private Tensor(org.bytedeco.pytorch.Tensor handle) {
        this.handle = handle;
    }

    /** Wraps a native tensor that was made in the innermost open scope. */
    static Tensor wrap(org.bytedeco.pytorch.Tensor handle) {
        Tensor tensor = new Tensor(handle);
        Scope.innermost().add(tensor);
        return tensor;
    }

    // ---- what it is -----------------------------------------------------------------------------------------------

    public Shape shape() {
        return Shape.of(handle().shape());
    }

    public long size(int dim) {
        return handle().size(dim);
    }

    public int rank() {
        return (int) handle().dim();
    }

    public long elements() {
        return handle().numel();
    }

    public DType dtype() {
        return DType.of(handle().scalar_type().intern());
    }

    /** Where the values are. */
    public Device device() {
        return handle().is_cuda()
                ? new Device(Device.Type.CUDA, handle().device().index())
                : Device.CPU;
    }

    public boolean isContiguous() {
        return handle().is_contiguous();
    }

    // ---- gradients ------------------------------------------------------------------------------------------------

    public Tensor requiresGrad(boolean required) {
        handle().set_requires_grad(required);
        return this;
    }

    /** Whether back-propagation reaches this tensor. */
    public boolean requiresGrad() {
        return handle().requires_grad();
    }

    /** A tensor with the same memory that no gradient flows through. */
    public Tensor detach() {
        return wrap(handle().detach());
    }

    /** Back-propagation from this scalar: adds to the gradient of every leaf it was computed from. */
    public void backward() {
        handle().backward();
    }

    /** As {@link #backward()}, from any tensor. @param gradient of what is made small with respect to this; its shape */
    public void backward(Tensor gradient) {
        handle().backward(gradient.handle(), new BoolOptional(), false, new TensorArrayRefOptional());
    }

    /** The gradient, after {@link #backward()}; null before. */
    public @Nullable Tensor gradOrNull() {
        var grad = handle().grad();
        return grad.defined() ? wrap(grad) : null;
    }

    /** @throws IllegalStateException if no gradient has been computed */
    public Tensor grad() {
        Tensor grad = gradOrNull();
        if (grad == null) {
            throw new IllegalStateException("expected a gradient, found none: call backward() on a result first");
        }
        return grad;
    }

    /**
     * A tensor with the same memory that no gradient flows through, whose changes in place autograd does not see: for a change
     * that keeps all bits, see {@link #detach}.
     */
    public Tensor apart() {
        return wrap(new org.bytedeco.pytorch.Tensor(handle().variable_data()));
    }

    /**
     * Frees the memory of a tensor that owns all of it, views included: they keep their shapes, and must not be read or written
     * before {@link #refill}. Autograd may hold views of it meanwhile.
     */
    public void vacate() {
        try (PointerScope pointers = new PointerScope()) {
            DataPtr nothing = new DataPtr();
            nothing.unsafe_set_device(handle().device());
            handle().storage().set_data_ptr_noswap(nothing);
        }
    }

    /** Gives a tensor that was vacated the memory of another of the same type and size, which has none afterwards. */
    public void refill(Tensor from) {
        try (PointerScope pointers = new PointerScope()) {
            handle().storage().set_data_ptr_noswap(from.handle().storage().mutable_data_ptr());
        }
    }

    /** How often the memory has been changed in place, by any of the tensors that share it. */
    public long version() {
        return handle()._version();
    }

    /** Whether another tensor has the same memory, or a part of it. */
    public boolean sharesMemoryWith(Tensor other) {
        return handle().is_alias_of(other.handle());
    }

    /** Calls a hook whenever back-propagation has a gradient of this tensor; of a leaf, before it is added up. */
    public void onGradient(GradientHook hook) {
        hook.register(handle());
    }

    /** Makes another tensor's memory the place where this leaf's gradient is added up. */
    public void gradInto(Tensor gradient) {
        handle().mutable_grad().put(gradient.handle());
    }

    // ---- shape ----------------------------------------------------------------------------------------------------

    public Tensor view(long... shape) {
        return wrap(handle().view(shape));
    }

    public Tensor reshape(long... shape) {
        return wrap(handle().reshape(shape));
    }

    public Tensor flatten(int from, int to) {
        return wrap(handle().flatten(from, to));
    }

    public Tensor permute(long... dims) {
        return wrap(handle().permute(dims));
    }

    public Tensor transpose(int a, int b) {
        return wrap(handle().transpose(a, b));
    }

    public Tensor unsqueeze(int dim) {
        return wrap(handle().unsqueeze(dim));
    }

    public Tensor squeeze(int dim) {
        return wrap(handle().squeeze(dim));
    }

    public Tensor expand(long... shape) {
        return wrap(handle().expand(shape));
    }

    /** A view of some indices of one dimension, from start (inclusive), length of them. */
    public Tensor narrow(int dim, long start, long length) {
        return wrap(handle().narrow(dim, start, length));
    }

    /** A view of one index of a dimension, which goes away. */
    public Tensor select(int dim, long index) {
        return wrap(handle().select(dim, index));
    }

    public Tensor gather(int dim, Tensor indices) {
        return wrap(handle().gather(dim, indices.handle()));
    }

    /** Adds each value of the source to the place that the index names, along a dimension. */
    public Tensor scatterAdd_(int dim, Tensor indices, Tensor source) {
        handle().scatter_add_(dim, indices.handle(), source.handle());
        return this;
    }

    public Tensor contiguous() {
        return wrap(handle().contiguous());
    }

    public Tensor to(DType dtype) {
        return wrap(handle().to(dtype.torch()));
    }

    /** The same values on a device: itself if it is there already. */
    public Tensor to(Device device) {
        return device.equals(device()) ? this : wrap(handle().to(device.torch(), handle().scalar_type()));
    }

    /** A copy with memory of its own. */
    public Tensor copy() {
        return wrap(handle().clone());
    }

    // ---- life -----------------------------------------------------------------------------------------------------

    /** Takes this tensor out of all scopes: it lives until {@link #close()}. For parameters, state and caches. */
    public Tensor retain() {
        retainNative();
        Scope.release(this);
        return this;
    }

    /** Adds a native reference that outlives the innermost scope. */
    synchronized void retainNative() {
        if (!retained) {
            handle().retainReference();
            retained = true;
        }
    }

    /** Frees a retained tensor; one that belongs to a scope is left to the scope. */
    @Override
    public synchronized void close() {
        if (retained && !closed) {
            forget();
            handle.releaseReference();
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Marks the native memory as gone. */
    void forget() {
        closed = true;
        Scope.LIVE.remove(this);
    }

    /** @throws IllegalStateException if the memory has been freed */
    @Override
    org.bytedeco.pytorch.Tensor handle() {
        if (closed) {
            throw new IllegalStateException(
                    "expected a tensor that is alive, received one that was freed with its scope"
                            + " or by close(): keep it with scope.keep(tensor) or tensor.retain()");
        }
        return handle;
    }

    /** For people: type and shape, and the values where there are few. */
    @Override
    public String toString() {
        if (closed) {
            return "Tensor[closed]";
        }
        String values = elements() <= 16 ? " " + Arrays.toString(toFloats()) : "";
        return "Tensor[" + dtype() + " " + shape() + values + "]";
    }
}
