package dev.jumbo.tensor;

import dev.jumbo.error.InputException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** How tensors come to be, as {@code Tensor.zeros(shape)}: apart from {@link Tensor} only to keep that file readable. */
abstract sealed class Creation permits Arithmetic {
    /** Copies values in row-major order. @throws InputException if their number is not that of the shape's elements */
    public static Tensor of(float[] values, Shape shape) {
        requireCount(values.length, shape);
        Tensor tensor = empty(shape, DType.FLOAT32);
        if (values.length > 0) { // Without elements there is no memory to write to.
            tensor.handle().data_ptr_float().put(values, 0, values.length);
        }
        return tensor;
    }

    /** Copies values in row-major order. @throws InputException if their number is not that of the shape's elements */
    public static Tensor of(long[] values, Shape shape) {
        requireCount(values.length, shape);
        Tensor tensor = empty(shape, DType.INT64);
        if (values.length > 0) { // Without elements there is no memory to write to.
            tensor.handle().data_ptr_long().put(values, 0, values.length);
        }
        return tensor;
    }

    /** As {@link #of(float[], Shape)}, from the position of a buffer to its limit, which stay. */
    public static Tensor of(FloatBuffer values, Shape shape) {
        requireCount(values.remaining(), shape);
        Tensor tensor = empty(shape, DType.FLOAT32);
        if (values.hasRemaining()) {
            tensor.handle()
                    .data_ptr_float()
                    .capacity(values.remaining())
                    .asBuffer()
                    .put(0, values, values.position(), values.remaining());
        }
        return tensor;
    }

    /** As {@link #of(long[], Shape)}, from the position of a buffer to its limit, which stay. */
    public static Tensor of(LongBuffer values, Shape shape) {
        requireCount(values.remaining(), shape);
        Tensor tensor = empty(shape, DType.INT64);
        if (values.hasRemaining()) {
            tensor.handle()
                    .data_ptr_long()
                    .capacity(values.remaining())
                    .asBuffer()
                    .put(0, values, values.position(), values.remaining());
        }
        return tensor;
    }

    /** Copies values in row-major order, as FLOAT64. @throws InputException if their number is not that of the shape's elements */
    public static Tensor of(double[] values, Shape shape) {
        requireCount(values.length, shape);
        Tensor tensor = empty(shape, DType.FLOAT64);
        if (values.length > 0) { // Without elements there is no memory to write to.
            tensor.handle().data_ptr_double().put(values, 0, values.length);
        }
        return tensor;
    }

    public static Tensor scalar(double value) {
        return full(Shape.of(), value, DType.FLOAT32);
    }

    /** Memory as the allocator gives it: to be overwritten. */
    public static Tensor empty(Shape shape, DType dtype) {
        Scope.innermost();
        return Tensor.wrap(torch.empty(shape.toArray(), new TensorOptions(dtype.torch()), Native.NO_FORMAT));
    }

    public static Tensor zeros(Shape shape, DType dtype) {
        Scope.innermost();
        return Tensor.wrap(torch.zeros(shape.toArray(), new TensorOptions(dtype.torch())));
    }

    public static Tensor zeros(Shape shape) {
        return zeros(shape, DType.FLOAT32);
    }

    public static Tensor ones(Shape shape) {
        return full(shape, 1, DType.FLOAT32);
    }

    public static Tensor full(Shape shape, double value, DType dtype) {
        Tensor tensor = empty(shape, dtype);
        return tensor.fill_(value);
    }

    /** Standard normal values from this thread's generator; see {@link RandomState#seedTorch}. */
    public static Tensor randn(Shape shape) {
        return empty(shape, DType.FLOAT32).normal_(0, 1);
    }

    /** Whole numbers from 0 (inclusive) to end (exclusive). */
    public static Tensor arange(long end) {
        Scope.innermost();
        return Tensor.wrap(torch.arange(new Scalar(end), new TensorOptions(ScalarType.Long)));
    }

    public static Tensor cat(List<Tensor> tensors, int dim) {
        return Tensor.wrap(torch.cat(vector(tensors), dim));
    }

    public static Tensor stack(List<Tensor> tensors, int dim) {
        return Tensor.wrap(torch.stack(vector(tensors), dim));
    }

    static TensorVector vector(List<Tensor> tensors) {
        return new TensorVector(tensors.stream().map(Tensor::handle).toArray(org.bytedeco.pytorch.Tensor[]::new));
    }

    static void requireCount(long values, Shape shape) {
        if (values != shape.elements()) {
            throw new InputException("expected " + shape.elements() + (shape.elements() == 1 ? " value" : " values")
                    + " for the shape " + shape + ", received " + values);
        }
    }
}
