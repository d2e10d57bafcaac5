package dev.jumbo.nn;

import dev.jumbo.tensor.Tensor;

/** A network that knows its own backward pass, with the values and gradients that autograd would give, bit for bit. */
@FunctionalInterface
public interface Differentiable {
    /**
     * A forward pass in training that nothing records but the tape.
     *
     * @param tape is given what the backward pass needs
     */
    Tensor forward(Tensor x, Tape tape);

    /** A network that autograd can record, and a tape as well. @return what a layer builds */
    static UnaryNetwork of(UnaryNetwork recorded, Differentiable own) {
        return new Both(recorded, own);
    }

    /** The same network in both forms. */
    record Both(UnaryNetwork recorded, Differentiable own) implements UnaryNetwork {
        @Override
        public Tensor forward(Tensor x, Pass pass) {
            return recorded.forward(x, pass);
        }

        @Override
        public Differentiable differentiable() {
            return own;
        }
    }
}
