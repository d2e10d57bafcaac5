package dev.jumbo.train.optim;

import java.util.List;

/** Static factories for the common forms of every optimizer, and the list of optimizers that files may name. */
public final class Optimizers {
    private Optimizers() {}

    /** Every optimizer that a configuration may name. */
    public static List<Class<? extends Optimizer>> kinds() {
        return List.of(Sgd.class, RmsProp.class, Adagrad.class, Adam.class, AdamW.class, Lion.class, Muon.class);
    }

    public static Sgd sgd(double learningRate) {
        return sgd(learningRate, 0);
    }

    public static Sgd sgd(double learningRate, double momentum) {
        return new Sgd(learningRate, momentum, false, 0, 0, false);
    }

    public static Adam adam(double learningRate) {
        return new Adam(learningRate, 0.9, 0.999, 1e-8, 0, false);
    }

    public static AdamW adamw(double learningRate) {
        return adamw(learningRate, 0.01);
    }

    public static AdamW adamw(double learningRate, double weightDecay) {
        return new AdamW(learningRate, 0.9, 0.999, 1e-8, weightDecay, false);
    }

    public static RmsProp rmsprop(double learningRate) {
        return new RmsProp(learningRate, 0.99, 0, false, 1e-8, 0, false);
    }

    public static Adagrad adagrad(double learningRate) {
        return new Adagrad(learningRate, 0, 0, 1e-10, 0, false);
    }

    public static Lion lion(double learningRate, double weightDecay) {
        return new Lion(learningRate, 0.9, 0.99, weightDecay, false);
    }
}
