package dev.jumbo.tensor;

import dev.jumbo.error.InputException;
import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** How values come out of tensors and into them: apart from {@link Tensor} only to keep that file readable. */
abstract sealed class Contents extends Arithmetic permits Tensor {
    // ---- values out -----------------------------------------------------------------------------------------------

    /** The only value. @throws InputException if there is not exactly one */
    public double item() {
        requireCount(1, self().shape());
        return handle().item_double();
    }

    /** All values in row-major order, converted to float. */
    public float[] toFloats() {
        float[] values = new float[Math.toIntExact(self().elements())];
        if (values.length > 0) {
            try (Scope scope = Scope.open()) {
                plain(ScalarType.Float).data_ptr_float().get(values, 0, values.length);
            }
        }
        return values;
    }

    /** All values in row-major order, converted to double. */
    public double[] toDoubles() {
        double[] values = new double[Math.toIntExact(self().elements())];
        if (values.length > 0) {
            try (Scope scope = Scope.open()) {
                plain(ScalarType.Double).data_ptr_double().get(values, 0, values.length);
            }
        }
        return values;
    }

    /** All values in row-major order, converted to long. */
    public long[] toLongs() {
        long[] values = new long[Math.toIntExact(self().elements())];
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
            return self();
        }
        if (isPlain()) {
            handle().data_ptr_float().put(values, 0, count);
        } else {
            try (Scope scope = Scope.open()) {
                setFrom(Tensor.of(Arrays.copyOf(values, count), self().shape()));
            }
        }
        return self();
    }

    /**
     * Overwrites an INT64 tensor, in row-major order, with the first elements of an array.
     *
     * @throws InputException if the array has fewer, the type is another, or several elements share their memory (expanded)
     */
    public Tensor set_(long[] values) {
        int count = settable(DType.INT64, values.length);
        if (count == 0) {
            return self();
        }
        if (isPlain()) {
            handle().data_ptr_long().put(values, 0, count);
        } else {
            try (Scope scope = Scope.open()) {
                setFrom(Tensor.of(Arrays.copyOf(values, count), self().shape()));
            }
        }
        return self();
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
        if (self().dtype() != type) {
            throw new InputException(
                    "expected values for a tensor of " + self().dtype() + ", received those of " + type);
        }
        long[] sizes = handle().shape();
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] > 1 && handle().stride(i) == 0) {
                throw new InputException("expected a tensor whose elements have memory of their own, received one that"
                        + " was expanded to " + self().shape() + ": set values before expand, or call contiguous()");
            }
        }
        requireAtLeast(values);
        return Math.toIntExact(self().elements());
    }

    /** The native copy would read past the end of a shorter array. */
    private void requireAtLeast(int values) {
        if (values < self().elements()) {
            throw new InputException("expected at least " + self().elements() + " values for the shape "
                    + self().shape() + ", received " + values);
        }
    }

    // ---- in place -------------------------------------------------------------------------------------------------

    public Tensor copy_(Tensor other) {
        handle().copy_(other.handle());
        return self();
    }

    public Tensor zero_() {
        handle().zero_();
        return self();
    }

    public Tensor fill_(double value) {
        handle().fill_(new Scalar(value));
        return self();
    }

    public Tensor normal_(double mean, double standardDeviation) {
        handle().normal_(mean, standardDeviation, Draws.of(handle()));
        return self();
    }

    public Tensor uniform_(double low, double high) {
        handle().uniform_(low, high, Draws.of(handle()));
        return self();
    }
}
