package dev.jumbo.nn.losses;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Answer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Target;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.EntropyByPieces;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code -sum_c w_c t_c log softmax(x)_c}, as PyTorch's {@code CrossEntropyLoss}. Targets are class ids INT64 of the
 * outputs' shape without the classes, or probabilities FLOAT32 of the outputs' shape (one-hot among them). With class ids
 * the mean is over the examples that are not ignored, each counted by the weight of its class; with probabilities over
 * all examples.
 *
 * @param labelSmoothing share of each target spread evenly over all classes, 0 to 1 (Szegedy et al., 2016, section 7)
 * @param classWeights a weight for each class, none for 1 each; by name, or balanced, they are {@link #fitted} before the
 *     loss is computed
 * @param ignoreIndex class id that does not count, such as padding in a sequence
 * @param fromLogits whether outputs are logits; if not, they are probabilities (the network ends in softmax), and the
 *     logarithm is of values from 1e-7 to 1, normalised to the sum 1
 * @param classAxis where the classes are: 1 for {@code [N, classes, ...]} as in PyTorch, -1 for {@code [N, ..., classes]}
 *     as in Keras, which is what sequences {@code [N, T, classes]} need
 */
@Kind("cross_entropy")
public record CrossEntropy(
        @Doc("Share of each target spread over all classes.") @Default("0.0")
        double labelSmoothing,

        @Doc(
                "What each class counts: a list, names of classes as in {fraud: 20}, or balanced (as scikit-learn); empty for 1 each.")
        @Default("[]")
        ClassWeights classWeights,

        @Doc("Class id that does not count, such as padding.") @Default("-100")
        long ignoreIndex,

        @Doc("Whether outputs are logits; if not, probabilities.") @Default("true")
        boolean fromLogits,

        @Doc("Dimension of the classes: 1, or -1 for the last, as sequences have them.") @Default("1")
        int classAxis)
        implements Loss {
    private static final double SMALLEST = 1e-7;

    public CrossEntropy {
        if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
            throw new InputException(
                    "cross_entropy.label_smoothing: expected a share from 0 to 1, received " + labelSmoothing);
        }
        if (classAxis != 1 && classAxis != -1) {
            throw new InputException("cross_entropy.class_axis: expected 1 or -1, received " + classAxis);
        }
    }

    /** With a weight for each class, in the order of the classes; empty for 1 each. */
    public CrossEntropy(
            double labelSmoothing, List<Double> classWeights, long ignoreIndex, boolean fromLogits, int classAxis) {
        this(labelSmoothing, ClassWeights.of(classWeights), ignoreIndex, fromLogits, classAxis);
    }

    /** The same with other weights of the classes. */
    public CrossEntropy withClassWeights(ClassWeights weights) {
        return new CrossEntropy(labelSmoothing, weights, ignoreIndex, fromLogits, classAxis);
    }

    /** @throws InputException if a class id is not one of the outputs' classes */
    @Override
    public Tensor of(Tensor outputs, Tensor targets) {
        return compute(outputs, targets, false);
    }

    /** Of an example with several positions, their sum with class ids, their mean with probabilities. */
    @Override
    public Tensor each(Tensor outputs, Tensor targets) {
        Tensor positions = compute(outputs, targets, true);
        Tensor byExample = positions.reshape(outputs.size(0), positions.elements() / Math.max(1, outputs.size(0)));
        return targets.dtype().isFloating() ? byExample.mean(false, 1) : byExample.sum(false, 1);
    }

    private Tensor compute(Tensor outputs, Tensor targets, boolean each) {
        if (targets.dtype().isFloating() && !targets.shape().equals(outputs.shape())) {
            throw new ShapeException(
                    "cross_entropy targets",
                    "class ids INT64 or probabilities " + outputs.shape(),
                    targets.dtype() + " " + targets.shape());
        }
        Tensor logits = fromLogits ? outputs : outputs.clamp(SMALLEST, 1).log();
        if (classAxis == -1 && outputs.rank() > 2) {
            return entropy(
                    rows(logits),
                    targets.rank() == outputs.rank() ? rows(targets) : targets.reshape(targets.elements()),
                    each);
        }
        return entropy(logits, targets, each);
    }

    /** With class ids, the sum of the weights of the classes of all that is not ignored. */
    @Override
    public double weight(Tensor targets) {
        return targets.dtype().isFloating()
                ? targets.size(0)
                : sum(targets.toLongs(), 0, Math.toIntExact(targets.elements()), listed());
    }

    @Override
    public double[] weights(Tensor targets) {
        if (targets.dtype().isFloating()) {
            return Loss.super.weights(targets);
        }
        double[] weights = new double[Math.toIntExact(targets.size(0))];
        int positions = weights.length == 0 ? 0 : Math.toIntExact(targets.elements() / weights.length);
        long[] ids = targets.toLongs();
        List<Double> listed = listed();
        Arrays.setAll(weights, i -> sum(ids, i * positions, (i + 1) * positions, listed));
        return weights;
    }

    private double sum(long[] ids, int from, int to, List<Double> weights) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            long id = ids[i];
            if (id != ignoreIndex) {
                // An id that is no class is refused with the loss.
                sum += weights.isEmpty() || id < 0 || id >= weights.size() ? 1 : weights.get((int) id);
            }
        }
        return sum;
    }

    @Override
    public OptionalLong padding() {
        return OptionalLong.of(ignoreIndex);
    }

    private List<Double> listed() {
        if (classWeights instanceof ClassWeights.Listed listed) {
            return listed.weights();
        }
        throw new InputException("cross_entropy.class_weights: " + classWeights.toPlain()
                + " is fitted on the training split by the trainer; in a loop of your own call fitted first");
    }

    private Tensor entropy(Tensor logits, Tensor targets, boolean each) {
        if (!targets.dtype().isFloating()) {
            requireClasses(targets, logits.size(1));
        }
        Tensor weights = weights(logits.device());
        if (!each
                && !targets.dtype().isFloating()
                && weights == null
                && labelSmoothing == 0
                && EntropyByPieces.isWorthIt(logits)) {
            return EntropyByPieces.mean(logits, targets, ignoreIndex);
        }
        return each
                ? Functional.crossEntropyEach(logits, targets, weights, ignoreIndex, labelSmoothing)
                : Functional.crossEntropy(logits, targets, weights, ignoreIndex, labelSmoothing);
    }

    private void requireClasses(Tensor ids, long classes) {
        for (long id : ids.toLongs()) {
            if ((id < 0 || id >= classes) && id != ignoreIndex) {
                throw new InputException("cross_entropy: expected class ids from 0 to " + (classes - 1) + ", or "
                        + ignoreIndex + " to ignore, received " + id
                        + "; the network must have one output for each class");
            }
        }
    }

    private @Nullable Tensor weights(Device device) {
        List<Double> listed = listed();
        if (listed.isEmpty()) {
            return null;
        }
        float[] weights = new float[listed.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = listed.get(i).floatValue();
        }
        return Tensor.of(weights, Shape.of(weights.length)).to(device);
    }

    private static Tensor rows(Tensor x) {
        return x.reshape(x.elements() / x.size(-1), x.size(-1));
    }

    @Override
    public void check(Shape outputs, Shape targets) {
        if (outputs.rank() == 0) {
            throw new ShapeException("cross_entropy outputs", "[classes, ...]", outputs);
        }
        int axis = classAxis == 1 ? 0 : outputs.rank() - 1;
        Shape ids = outputs.without(axis);
        if (!targets.equals(ids) && !targets.equals(outputs)) {
            String other = outputs.rank() > 1 && targets.equals(outputs.without(outputs.rank() - 1 - axis))
                    ? "; set class_axis to " + -classAxis
                    : "";
            throw new ShapeException(
                    "cross_entropy targets",
                    "class ids " + ids + " or probabilities " + outputs + " for the outputs " + outputs,
                    targets + other);
        }
        long classes = outputs.size(axis);
        if (classWeights instanceof ClassWeights.Listed listed
                && !listed.weights().isEmpty()
                && listed.weights().size() != classes) {
            throw new ShapeException(
                    "cross_entropy.class_weights",
                    classes + " weights",
                    listed.weights().size());
        }
    }

    /** What {@link #ignoreIndex} leaves out where it is one of the named classes of whole examples, or null. */
    public @Nullable String ignored(Target target) {
        boolean named = target.ids()
                && target.shape().rank() == 0
                && ignoreIndex >= 0
                && ignoreIndex < target.classes().size();
        return named
                ? "ignore_index " + ignoreIndex + " is the class "
                        + target.classes().get((int) ignoreIndex) + " of " + target.name()
                        + ": none of its examples is learned or measured"
                : null;
    }

    @Override
    public void check(Shape outputs, Target target) {
        if (target.isNumbers() && (target.shape().rank() == 0 || !target.shape().equals(outputs))) {
            throw refusing(target);
        }
        if (target.ids() && target.shape().rank() > 0 && target.shape().equals(outputs)) {
            throw new InputException(
                    "cross_entropy: expected an output for each class beside the dimensions of the target, but "
                            + target.described()
                            + " as the output has; write loss: binary_cross_entropy for labels that are 0 or"
                            + " 1, or a last layer with an output for each class");
        }
        String ignored = ignored(target);
        if (ignored != null && target.classes().size() <= 2) {
            throw new InputException(
                    "cross_entropy." + ignored + ", which would leave one class; leave ignore_index out");
        }
        if (outputs.rank() > 0) {
            ClassOutputs.check("cross_entropy", outputs, classAxis == 1 ? 0 : -1, target);
        }
        check(outputs, target.shape());
    }

    private static InputException refusing(Target target) {
        return new InputException(
                "cross_entropy: expected classes, but " + target.described() + "; for numbers write loss: mse"
                        + " with " + ClassOutputs.units(target.shape()) + "; " + target.asClasses());
    }

    /** Probabilities: not below 0, of the sum 1. */
    @Override
    public void checkValues(Target target, double[] values) {
        if (!target.ids() && !ClassOutputs.areProbabilities(values, target.shape(), classAxis)) {
            throw refusing(target);
        }
    }

    @Override
    public boolean checksValues(Target target) {
        return !target.ids();
    }

    @Override
    public Answer answer(Target target) {
        return Answer.CLASS;
    }

    @Override
    public boolean ignores(long classId) {
        return classId == ignoreIndex;
    }

    @Override
    public Loss fitted(Target target, Supplier<double[]> counts) {
        return withClassWeights(classWeights.fitted(target, counts));
    }

    @Override
    public Tensor predictions(Tensor outputs) {
        return fromLogits ? Functional.softmax(outputs, classAxis) : outputs;
    }
}
