package dev.jumbo.nn.losses;

import dev.jumbo.nn.Loss;
import java.util.List;

/** Static factories for the common forms of every loss, and the list of losses that files may name. */
public final class Losses {
    private Losses() {}

    /** Every loss that a configuration may name. */
    public static List<Class<? extends Loss>> kinds() {
        return List.of(
                CrossEntropy.class,
                BinaryCrossEntropy.class,
                Mse.class,
                Mae.class,
                Huber.class,
                KlDivergence.class,
                Ctc.class);
    }

    /** Of logits {@code [N, classes, ...]}. */
    public static CrossEntropy crossEntropy() {
        return crossEntropy(0);
    }

    /** Of logits {@code [N, classes, ...]}. */
    public static CrossEntropy crossEntropy(double labelSmoothing) {
        return new CrossEntropy(labelSmoothing, List.of(), -100, true, 1);
    }

    /** Of logits {@code [N, T, classes]}. @param ignoreIndex class id that does not count, such as padding */
    public static CrossEntropy sequenceCrossEntropy(long ignoreIndex) {
        return new CrossEntropy(0, List.of(), ignoreIndex, true, -1);
    }

    /**
     * Of logits {@code [N, classes, ...]}, in which classes count by weight: {@link ClassWeights#balanced}, a list, or by name.
     */
    public static CrossEntropy crossEntropy(ClassWeights weights) {
        return crossEntropy(0).withClassWeights(weights);
    }

    /** Of logits. */
    public static BinaryCrossEntropy binaryCrossEntropy() {
        return new BinaryCrossEntropy(1, true);
    }

    public static Mse mse() {
        return new Mse();
    }

    public static Mae mae() {
        return new Mae();
    }

    public static Huber huber() {
        return huber(1);
    }

    public static Huber huber(double delta) {
        return new Huber(delta);
    }

    public static KlDivergence klDivergence() {
        return new KlDivergence();
    }

    /** Class 0 is the blank, and all inputs have the same length. */
    public static Ctc ctc() {
        return new Ctc(0, false, false);
    }
}
