package dev.jumbo.tensor;

import dev.jumbo.error.Shown;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Type;
import org.jspecify.annotations.Nullable;

/**
 * A dense layer or a convolution for inference, in fp32: its weight lies as a kernel of another library wants it, and ReLU is done where
 * the sums are. libtorch's own operations arrange the weight anew in each call. Safe for several threads. Close it to free its memory.
 */
public final class PackedProduct implements AutoCloseable {
    /** Whose kernel computes. */
    public enum Kernel {
        /** Fast from a few rows on. */
        ONEDNN,
        /** Fast at a single row, and for a first convolution of few channels; each row is computed by itself. */
        XNNPACK
    }

    /** The geometry of a convolution of {@code [N, C, H, W]}. */
    @SuppressWarnings("ArrayRecordComponent") // As libtorch takes them: never compared.
    public record Convolution(long[] stride, long[] padding, long[] dilation, long groups) {
        @Override
        public String toString() {
            return "stride " + Shown.of(stride) + ", padding " + Shown.of(padding) + ", dilation " + Shown.of(dilation)
                    + ", groups " + groups;
        }
    }

    private final Kernel kernel;
    private final OperatorHandle operator;
    /** What goes behind the input: the packed weight and whatever the operator wants to know. */
    private final IValue[] rest;
    /** What the kernel reads without copying it. */
    private final @Nullable Tensor bias;

    private PackedProduct(Kernel kernel, OperatorHandle operator, @Nullable Tensor bias, IValue... rest) {
        this.kernel = kernel;
        this.operator = operator;
        this.bias = bias;
        this.rest = rest;
        for (IValue value : rest) {
            value.retainReference();
        }
    }

    /**
     * {@code x W^T + b} over the last dimension.
     *
     * @param weight {@code [out, in]}; copied
     * @param bias {@code [out]} or null; copied
     * @param rows about how many there will be, which decides how the weight is arranged
     */
    public static PackedProduct linear(Kernel kernel, Tensor weight, @Nullable Tensor bias, boolean relu, long rows) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            Tensor matrix = weight.detach().contiguous();
            @Nullable Tensor own = bias == null ? null : copy(bias);
            if (kernel == Kernel.XNNPACK) {
                IValue context = call(
                        "prepacked::linear_clamp_prepack",
                        new IValue(matrix.handle()),
                        optional(own),
                        least(relu),
                        new IValue());
                return new PackedProduct(kernel, Native.operator("prepacked::linear_clamp_run"), own, context);
            }
            IValue packed = call("mkldnn::_reorder_linear_weight", new IValue(matrix.handle()), new IValue(rows));
            OperatorHandle operator = Native.operator("mkldnn::_linear_pointwise");
            return new PackedProduct(
                    kernel,
                    operator,
                    own,
                    packed,
                    optional(own),
                    new IValue(relu ? "relu" : "none"),
                    emptyList(operator, 4),
                    new IValue(""));
        }
    }

    /**
     * A convolution; input and output are channels-last in memory.
     *
     * @param weight {@code [out, C / groups, kernel height, kernel width]}; copied
     * @param bias {@code [out]} or null; copied
     * @param input the shape {@code [N, C, H, W]} of an input as it will be
     */
    public static PackedProduct conv2d(
            Kernel kernel, Tensor weight, @Nullable Tensor bias, Convolution how, boolean relu, Shape input) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            Tensor plain = weight.detach().contiguous();
            @Nullable Tensor own = bias == null ? null : copy(bias);
            if (kernel == Kernel.XNNPACK) {
                IValue context = call(
                        "prepacked::conv2d_clamp_prepack",
                        new IValue(plain.handle()),
                        optional(own),
                        longs(how.stride()),
                        longs(how.padding()),
                        longs(how.dilation()),
                        new IValue(how.groups()),
                        least(relu),
                        new IValue());
                return new PackedProduct(kernel, Native.operator("prepacked::conv2d_clamp_run"), own, context);
            }
            IValue packed = call(
                    "mkldnn::_reorder_convolution_weight",
                    new IValue(plain.handle()),
                    longs(how.padding()),
                    longs(how.stride()),
                    longs(how.dilation()),
                    new IValue(how.groups()),
                    longs(input.toArray()));
            OperatorHandle operator = Native.operator("mkldnn::_convolution_pointwise");
            return new PackedProduct(
                    kernel,
                    operator,
                    own,
                    packed,
                    optional(own),
                    longs(how.padding()),
                    longs(how.stride()),
                    longs(how.dilation()),
                    new IValue(how.groups()),
                    new IValue(relu ? "relu" : "none"),
                    emptyList(operator, 8),
                    new IValue(""));
        }
    }

    private static Tensor copy(Tensor bias) {
        return Tensor.wrap(bias.handle().detach().clone()).retain();
    }

    private static IValue optional(@Nullable Tensor tensor) {
        return tensor == null ? new IValue() : new IValue(tensor.handle());
    }

    private static IValue least(boolean relu) {
        return relu ? new IValue(new Scalar(0.0)) : new IValue();
    }

    private static IValue call(String name, IValue... arguments) {
        IValueVector stack = new IValueVector(arguments);
        Native.operator(name).callBoxed(stack);
        return new IValue(stack.get(0));
    }

    /** A list for a place of an operator, whose type it takes from there. */
    private static IValue emptyList(OperatorHandle operator, int place) {
        Type.TypePtr element =
                operator.schema().arguments().position(place).type().get().containedType(0);
        return new IValue(new GenericList(element));
    }

    private static IValue longs(long... values) {
        Type.TypePtr whole = Native.operator("mkldnn::_convolution_pointwise")
                .schema()
                .arguments()
                .position(3)
                .type()
                .get()
                .containedType(0);
        GenericList list = new GenericList(whole);
        for (long value : values) {
            list.push_back(new IValue(value));
        }
        return new IValue(list);
    }

    public Kernel kernel() {
        return kernel;
    }

    /** The result, in the innermost open scope. */
    public Tensor apply(Tensor x) {
        if (kernel == Kernel.XNNPACK) {
            // Its operators keep where the input of a call lies in themselves.
            synchronized (this) {
                return run(x);
            }
        }
        return run(x);
    }

    private Tensor run(Tensor x) {
        IValue[] arguments = new IValue[rest.length + 1];
        arguments[0] = new IValue(x.handle());
        System.arraycopy(rest, 0, arguments, 1, rest.length);
        IValueVector stack = new IValueVector(arguments);
        operator.callBoxed(stack);
        return Tensor.wrap(new org.bytedeco.pytorch.Tensor(stack.get(0).toTensor()));
    }

    @Override
    public void close() {
        for (IValue value : rest) {
            value.releaseReference();
        }
        if (bias != null) {
            bias.close();
        }
    }
}
