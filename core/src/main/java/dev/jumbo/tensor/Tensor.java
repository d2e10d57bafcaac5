package dev.jumbo.tensor;

import dev.jumbo.error.InputException;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DataPtr;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * An n-dimensional array in native memory, with the operations that Jumbo's models need under PyTorch's names. Names
 * that end in an underscore change the tensor itself and return it. Dimensions count from 0, or from the end when
 * negative. Every tensor belongs to a {@link Scope}.
 *
 * <p>Shapes are trusted here: layers check them before, with a message that names the layer. A native error that
 * slips through is a {@link RuntimeException} with libtorch's text.
 */
public final class Tensor extends Creation implements AutoCloseable {
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

    // ---- values out -----------------------------------------------------------------------------------------------

    /** The only value. @throws InputException if there is not exactly one */
    public double item() {
        requireCount(1, shape());
        return handle().item_double();
    }

    /** All values in row-major order, converted to float. */
    public float[] toFloats() {
        float[] values = new float[Math.toIntExact(elements())];
        if (values.length > 0) {
            try (Scope scope = Scope.open()) {
                plain(ScalarType.Float).data_ptr_float().get(values, 0, values.length);
            }
        }
        return values;
    }

    /** All values in row-major order, converted to double. */
    public double[] toDoubles() {
        double[] values = new double[Math.toIntExact(elements())];
        if (values.length > 0) {
            try (Scope scope = Scope.open()) {
                plain(ScalarType.Double).data_ptr_double().get(values, 0, values.length);
            }
        }
        return values;
    }

    /** All values in row-major order, converted to long. */
    public long[] toLongs() {
        long[] values = new long[Math.toIntExact(elements())];
        if (values.length > 0) {
            try (Scope scope = Scope.open()) {
                plain(ScalarType.Long).data_ptr_long().get(values, 0, values.length);
            }
        }
        return values;
    }

    /** The values in main memory, one after the other; null memory if there are none. */
    private org.bytedeco.pytorch.Tensor plain(ScalarType type) {
        return handle().detach().to(type).cpu().contiguous();
    }

    /**
     * Overwrites a FLOAT32 tensor, in row-major order, with the first elements of an array.
     *
     * @throws InputException if the array has fewer, the type is another, or several elements share their memory (expanded)
     */
    public Tensor set_(float[] values) {
        int count = settable(DType.FLOAT32, values.length);
        if (count == 0) {
            return this;
        }
        if (isPlain()) {
            handle().data_ptr_float().put(values, 0, count);
        } else {
            try (Scope scope = Scope.open()) {
                setFrom(Tensor.of(Arrays.copyOf(values, count), shape()));
            }
        }
        return this;
    }

    /**
     * Overwrites an INT64 tensor, in row-major order, with the first elements of an array.
     *
     * @throws InputException if the array has fewer, the type is another, or several elements share their memory (expanded)
     */
    public Tensor set_(long[] values) {
        int count = settable(DType.INT64, values.length);
        if (count == 0) {
            return this;
        }
        if (isPlain()) {
            handle().data_ptr_long().put(values, 0, count);
        } else {
            try (Scope scope = Scope.open()) {
                setFrom(Tensor.of(Arrays.copyOf(values, count), shape()));
            }
        }
        return this;
    }

    /** Whether its values lie one after the other in main memory. */
    private boolean isPlain() {
        return handle().is_contiguous() && !handle().is_cuda();
    }

    private void setFrom(Tensor values) {
        try (Autograd off = Autograd.noGrad()) {
            handle().copy_(values.handle());
        }
    }

    /** How many values are to be set. */
    private int settable(DType type, int values) {
        if (dtype() != type) {
            throw new InputException("expected values for a tensor of " + dtype() + ", received those of " + type);
        }
        long[] sizes = handle().shape();
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] > 1 && handle().stride(i) == 0) {
                throw new InputException("expected a tensor whose elements have memory of their own, received one that"
                        + " was expanded to " + shape() + ": set values before expand, or call contiguous()");
            }
        }
        requireAtLeast(values);
        return Math.toIntExact(elements());
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

    // ---- arithmetic -----------------------------------------------------------------------------------------------

    public Tensor add(Tensor other) {
        return wrap(handle().add(other.handle()));
    }

    public Tensor add(double other) {
        return wrap(handle().add(new Scalar(other)));
    }

    public Tensor add_(Tensor other) {
        handle().add_(other.handle());
        return this;
    }

    /** Adds {@code factor * other}. */
    public Tensor add_(Tensor other, double factor) {
        handle().add_(other.handle(), new Scalar(factor));
        return this;
    }

    public Tensor add_(double other) {
        handle().add_(new Scalar(other));
        return this;
    }

    public Tensor sub(Tensor other) {
        return wrap(handle().sub(other.handle()));
    }

    public Tensor sub(double other) {
        return wrap(handle().sub(new Scalar(other)));
    }

    public Tensor mul(Tensor other) {
        return wrap(handle().mul(other.handle()));
    }

    public Tensor mul(double other) {
        return wrap(handle().mul(new Scalar(other)));
    }

    public Tensor mul_(Tensor other) {
        handle().mul_(other.handle());
        return this;
    }

    public Tensor mul_(double other) {
        handle().mul_(new Scalar(other));
        return this;
    }

    public Tensor div(Tensor other) {
        return wrap(handle().div(other.handle()));
    }

    public Tensor div(double other) {
        return wrap(handle().div(new Scalar(other)));
    }

    public Tensor div_(Tensor other) {
        handle().div_(other.handle());
        return this;
    }

    public Tensor neg() {
        return wrap(handle().neg());
    }

    public Tensor abs() {
        return wrap(handle().abs());
    }

    public Tensor sign() {
        return wrap(handle().sign());
    }

    public Tensor exp() {
        return wrap(handle().exp());
    }

    public Tensor log() {
        return wrap(handle().log());
    }

    public Tensor ceil() {
        return wrap(handle().ceil());
    }

    public Tensor sqrt() {
        return wrap(handle().sqrt());
    }

    public Tensor pow(double exponent) {
        return wrap(handle().pow(new Scalar(exponent)));
    }

    public Tensor clamp(double low, double high) {
        return wrap(handle().clamp(new ScalarOptional(new Scalar(low)), new ScalarOptional(new Scalar(high))));
    }

    public Tensor clamp_(double low, double high) {
        handle().clamp_(new ScalarOptional(new Scalar(low)), new ScalarOptional(new Scalar(high)));
        return this;
    }

    /** Moves towards another tensor: {@code this + weight * (end - this)}. */
    public Tensor lerp_(Tensor end, double weight) {
        handle().lerp_(end.handle(), new Scalar(weight));
        return this;
    }

    /** Adds {@code factor * a * b}. */
    public Tensor addcmul_(Tensor a, Tensor b, double factor) {
        handle().addcmul_(a.handle(), b.handle(), new Scalar(factor));
        return this;
    }

    /** Adds {@code factor * a / b}. */
    public Tensor addcdiv_(Tensor a, Tensor b, double factor) {
        handle().addcdiv_(a.handle(), b.handle(), new Scalar(factor));
        return this;
    }

    public Tensor matmul(Tensor other) {
        return wrap(handle().matmul(other.handle()));
    }

    /** {@code beta this + alpha a b} of matrices, rounded once. */
    public Tensor addmm(Tensor a, Tensor b, double beta, double alpha) {
        return wrap(handle().addmm(a.handle(), b.handle(), new Scalar(beta), new Scalar(alpha)));
    }

    // ---- comparison -----------------------------------------------------------------------------------------------

    public Tensor eq(Tensor other) {
        return wrap(handle().eq(other.handle()));
    }

    public Tensor gt(double other) {
        return wrap(handle().gt(new Scalar(other)));
    }

    public Tensor gt(Tensor other) {
        return wrap(handle().gt(other.handle()));
    }

    public Tensor ge(double other) {
        return wrap(handle().ge(new Scalar(other)));
    }

    /** Where a condition (BOOL) holds, the values of this one; elsewhere those of the other. */
    public Tensor where(Tensor condition, Tensor other) {
        return wrap(org.bytedeco.pytorch.global.torch.where(condition.handle(), handle(), other.handle()));
    }

    public Tensor isFinite() {
        return wrap(handle().isfinite());
    }

    public Tensor all() {
        return wrap(handle().all());
    }

    // ---- reductions -----------------------------------------------------------------------------------------------

    public Tensor sum() {
        return wrap(handle().sum());
    }

    public Tensor sum(boolean keep, long... dims) {
        return wrap(handle().sum(dims, keep, new org.bytedeco.pytorch.ScalarTypeOptional()));
    }

    public Tensor mean() {
        return wrap(handle().mean());
    }

    public Tensor mean(boolean keep, long... dims) {
        return wrap(handle().mean(dims, keep, new org.bytedeco.pytorch.ScalarTypeOptional()));
    }

    public Tensor amax(boolean keep, long... dims) {
        return wrap(handle().amax(dims, keep));
    }

    public Tensor max() {
        return wrap(handle().max());
    }

    public Tensor min() {
        return wrap(handle.min());
    }

    public Tensor argmax(int dim) {
        return wrap(handle().argmax(new LongOptional(dim), false));
    }

    /** The Euclidean norm of all elements. */
    public Tensor norm() {
        return wrap(handle().norm());
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

    // ---- in place -------------------------------------------------------------------------------------------------

    public Tensor copy_(Tensor other) {
        handle().copy_(other.handle());
        return this;
    }

    public Tensor zero_() {
        handle().zero_();
        return this;
    }

    public Tensor fill_(double value) {
        handle().fill_(new Scalar(value));
        return this;
    }

    public Tensor normal_(double mean, double standardDeviation) {
        handle().normal_(mean, standardDeviation, Draws.of(handle()));
        return this;
    }

    public Tensor uniform_(double low, double high) {
        handle().uniform_(low, high, Draws.of(handle()));
        return this;
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
    org.bytedeco.pytorch.Tensor handle() {
        if (closed) {
            throw new IllegalStateException(
                    "expected a tensor that is alive, received one that was freed with its scope"
                            + " or by close(): keep it with scope.keep(tensor) or tensor.retain()");
        }
        return handle;
    }

    /** The native copy would read past the end of a shorter array. */
    private void requireAtLeast(int values) {
        if (values < elements()) {
            throw new InputException(
                    "expected at least " + elements() + " values for the shape " + shape() + ", received " + values);
        }
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
