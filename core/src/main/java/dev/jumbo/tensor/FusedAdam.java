package dev.jumbo.tensor;

import dev.jumbo.error.InputException;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;

/**
 * libtorch's fused kernels for Adam and AdamW: one pass over memory for the whole step. They have no Java binding and are
 * called through the dispatcher.
 *
 * @param beta1 decay of the mean of gradients
 * @param beta2 decay of the mean of squared gradients
 * @param epsilon added to the denominator
 * @param decoupled whether weight decay shrinks the values themselves (AdamW) instead of being added to the gradient (Adam)
 */
public record FusedAdam(double beta1, double beta2, double epsilon, boolean decoupled) {
    /**
     * One step in place. All tensors but the count are contiguous and have one shape and type, FLOAT32 or FLOAT64.
     *
     * @param mean running mean of the gradients
     * @param square running mean of their squares
     * @param count number of this step, counted from 1; a FLOAT32 scalar
     * @throws InputException if a tensor is none of these: the native kernel would write past its memory
     */
    public void step(
            Tensor values,
            Tensor gradients,
            Tensor mean,
            Tensor square,
            Tensor count,
            double learningRate,
            double weightDecay) {
        require(values, values);
        require(gradients, values);
        require(mean, values);
        require(square, values);
        if (count.elements() != 1 || count.dtype() != DType.FLOAT32) {
            throw new InputException(
                    "adam: expected a FLOAT32 scalar for the step, received " + count.dtype() + " " + count.shape());
        }
        OperatorHandle kernel = Native.operator(decoupled ? "aten::_fused_adamw_" : "aten::_fused_adam_");
        try (Scope scope = Scope.open()) {
            kernel.callBoxed(new IValueVector(
                    list(values),
                    list(gradients),
                    list(mean),
                    list(square),
                    list(),
                    list(count),
                    new IValue(learningRate),
                    new IValue(beta1),
                    new IValue(beta2),
                    new IValue(weightDecay),
                    new IValue(epsilon),
                    new IValue(false),
                    new IValue(false),
                    new IValue(),
                    new IValue()));
        }
    }

    private static void require(Tensor tensor, Tensor like) {
        boolean fits = tensor.isContiguous()
                && tensor.dtype() == like.dtype()
                && (tensor.dtype() == DType.FLOAT32 || tensor.dtype() == DType.FLOAT64)
                && tensor.shape().equals(like.shape());
        if (!fits) {
            throw new InputException("adam: expected contiguous tensors of one shape in FLOAT32 or FLOAT64, received "
                    + tensor.dtype() + " " + tensor.shape() + (tensor.isContiguous() ? "" : " (a view)") + " beside "
                    + like.dtype() + " " + like.shape());
        }
    }

    private static IValue list(Tensor... tensors) {
        GenericList list = new GenericList(Native.tensorType());
        for (Tensor tensor : tensors) {
            list.push_back(new IValue(tensor.handle()));
        }
        return new IValue(list);
    }
}
