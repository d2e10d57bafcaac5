package dev.jumbo.nn;

import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.Derivatives.OfWeights;
import dev.jumbo.tensor.Derivatives.Wanted;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Back-propagation through the first layers of a model without autograd, as long as they know their own ({@link Differentiable}): so
 * that a gradient can take the memory of a value that is no longer needed, and less memory goes through the caches. Autograd does
 * the rest, from the first layer on that does not. For one forward pass, and one backward pass in the same scope:
 *
 * <pre>{@code
 * Tape tape = new Tape();
 * Tensor loss = ... model.forward(x, Pass.forTraining().recordedBy(tape)) ...;
 * loss.backward();
 * tape.backward();
 * }</pre>
 */
public final class Tape {
    private final List<Step> steps = new ArrayList<>();
    private int firstThatLearns = -1;
    private boolean used;
    private @Nullable Tensor end;

    /** The backward pass of one layer. */
    @FunctionalInterface
    public interface Backward {
        /**
         * Adds to the gradients of the layer's parameters.
         *
         * @param gradient with respect to the layer's output; may be overwritten
         * @param inputToo whether the gradient with respect to the input is needed
         * @return that with respect to the input, or null where it is not needed
         */
        @Nullable
        Tensor of(Tensor gradient, boolean inputToo);
    }

    private record Step(boolean keepsOutput, Backward backward) {}

    /** Whether the pass can begin with this input: it is the first that asks, and no gradient flows through the input. */
    public boolean takes(Tensor x) {
        return !used && Autograd.isOn() && !x.requiresGrad() && x.device().equals(Device.CPU);
    }

    /** A forward pass through layers in a row. @return their output, from which autograd goes on */
    public Tensor through(List<Differentiable> networks, Tensor x) {
        used = true;
        Tensor y = x;
        try (Autograd off = Autograd.noGrad()) {
            for (Differentiable network : networks) {
                y = network.forward(y, this);
            }
        }
        if (firstThatLearns >= 0) {
            y = y.detach().requiresGrad(true);
            end = y;
        }
        return y;
    }

    /**
     * Adds a layer, in its forward pass.
     *
     * @param learns whether it has parameters that training changes
     * @param keepsOutput whether its backward pass needs the values of its output
     */
    public void add(boolean learns, boolean keepsOutput, Backward backward) {
        if (learns && firstThatLearns < 0) {
            firstThatLearns = steps.size();
        }
        steps.add(new Step(keepsOutput, backward));
    }

    /** The derivatives of a product with weights. */
    @FunctionalInterface
    public interface Product {
        OfWeights derivatives(Wanted wanted, Tensor gradient);
    }

    /** Adds a product with weights and a function of its fresh result. @param y what came out */
    public void addProduct(Tensor weight, @Nullable Tensor bias, Activation activation, Tensor y, Product product) {
        boolean ofWeight = weight.requiresGrad();
        boolean ofBias = bias != null && bias.requiresGrad();
        add(ofWeight || ofBias, activation != Activation.LINEAR, (gradient, inputToo) -> {
            OfWeights all =
                    product.derivatives(new Wanted(inputToo, ofWeight, ofBias), activation.derivative_(gradient, y));
            accumulate(weight, all.weight());
            if (bias != null) {
                accumulate(bias, all.bias());
            }
            return all.input();
        });
    }

    /** Whether the output of the last layer is needed as it is, or is not a layer's but the caller's. */
    public boolean isOutputKept() {
        return steps.isEmpty() || steps.get(steps.size() - 1).keepsOutput();
    }

    /** After autograd's backward pass: goes on from where that ended. */
    public void backward() {
        Tensor gradient = end == null ? null : end.gradOrNull();
        try (Autograd off = Autograd.noGrad()) {
            for (int i = steps.size() - 1; i >= Math.max(0, firstThatLearns) && gradient != null; i--) {
                gradient = steps.get(i).backward().of(gradient, i > firstThatLearns);
            }
        }
        steps.clear();
        end = null;
    }

    private static void accumulate(Tensor parameter, @Nullable Tensor gradient) {
        if (gradient == null) {
            return;
        }
        Tensor sum = parameter.gradOrNull();
        if (sum == null) {
            parameter.gradInto(gradient);
        } else {
            sum.add_(gradient);
        }
    }
}
