package dev.jumbo.nn.losses;

import dev.jumbo.config.Scalar;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.nn.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What each class counts in a loss. Files write a list {@code [1, 5]}, {@code balanced}, or names of classes {@code {fraud:
 * 20}}.
 */
public sealed interface ClassWeights {
    /** A weight for each class, in the order of the classes; none for 1 each. @throws InputException if one is negative or not finite */
    @Scalar
    static ClassWeights of(List<Double> weights) {
        return new Listed(weights);
    }

    /** Weights of the classes with these names; 1 for the others. @throws InputException if one is negative or not finite */
    @Scalar
    static ClassWeights of(Map<String, Double> weights) {
        return new Named(weights);
    }

    /** {@code balanced}. @throws InputException for any other name */
    @Scalar
    static ClassWeights of(String name) {
        if (!name.equals("balanced")) {
            throw new InputException("cross_entropy.class_weights: expected a list, balanced, or names of classes as in"
                    + " {fraud: 20}, received \"" + name + "\"");
        }
        return balanced();
    }

    /**
     * {@code examples / (classes * examples of the class)}, as scikit-learn's {@code class_weight="balanced"}, counted in the
     * training split; classes that do not occur there are not counted, and weigh 1.
     */
    static ClassWeights balanced() {
        return new Balanced();
    }

    /** As files write it. */
    @Scalar
    Object toPlain();

    /** The weights of the classes of a target, in their order. @param counts how often each occurs in the training split */
    Listed fitted(Target target, Supplier<double[]> counts);

    /** See {@link ClassWeights#of(List)}. */
    record Listed(List<Double> weights) implements ClassWeights {
        public Listed {
            weights = List.copyOf(weights);
            weights.forEach(weight -> require(weight, weight.toString()));
            if (!weights.isEmpty() && weights.stream().allMatch(weight -> weight == 0)) {
                throw new InputException(
                        "cross_entropy.class_weights: expected a weight above 0 for a class, received " + weights);
            }
        }

        @Override
        public Listed fitted(Target target, Supplier<double[]> counts) {
            return this;
        }

        @Override
        public Object toPlain() {
            return weights;
        }
    }

    /** See {@link ClassWeights#of(Map)}. */
    record Named(Map<String, Double> weights) implements ClassWeights {
        public Named {
            weights = Map.copyOf(weights);
            weights.forEach((name, weight) -> require(weight, name + ": " + weight));
            if (weights.isEmpty()) {
                throw new InputException(
                        "cross_entropy.class_weights: expected names of classes as in {fraud: 20}, received none");
            }
        }

        @Override
        public Listed fitted(Target target, Supplier<double[]> counts) {
            List<String> classes = target.classes();
            for (String name : new TreeMap<>(weights).keySet()) {
                if (!classes.contains(name)) {
                    throw new InputException(
                            "cross_entropy.class_weights: there is no class \"" + name + "\" in " + target.name()
                                    + (classes.isEmpty()
                                            ? ", whose classes have no names; give a list"
                                            : Nearest.hint(name, classes)));
                }
            }
            List<Double> all = new ArrayList<>();
            classes.forEach(name -> all.add(weights.getOrDefault(name, 1.0)));
            return new Listed(all);
        }

        @Override
        public Object toPlain() {
            return new TreeMap<>(weights);
        }
    }

    /** See {@link ClassWeights#balanced}. */
    record Balanced() implements ClassWeights {
        @Override
        public Listed fitted(Target target, Supplier<double[]> counts) {
            double[] examples = counts.get();
            double all = Arrays.stream(examples).sum();
            long classes = Arrays.stream(examples).filter(n -> n > 0).count();
            List<Double> weights = new ArrayList<>();
            for (double of : examples) {
                weights.add(of > 0 ? all / (classes * of) : 1);
            }
            return new Listed(weights);
        }

        @Override
        public Object toPlain() {
            return "balanced";
        }
    }

    private static void require(double weight, String received) {
        if (!(weight >= 0) || Double.isInfinite(weight)) {
            throw new InputException(
                    "cross_entropy.class_weights: expected finite weights of 0 or more, received " + received);
        }
    }
}
