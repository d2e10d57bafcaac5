package dev.jumbo.train.answer;

import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Answer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Target;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/** How an output is read: by its target, which says what was learned, and its loss, which says how. */
public sealed interface OutputMeaning {
    /** Numbers. */
    record Numbers() implements OutputMeaning {}

    /** Yes or no for each of several labels. */
    record Labels(List<String> names) implements OutputMeaning {}

    /**
     * One class, at each position where there are several.
     *
     * @param names of the classes
     * @param width values a position has: the number of classes, or 1 for the probability of the second of two
     * @param positions their shape; {@code []} for one answer an example
     * @param first whether the classes come before the positions, {@code [C, T]}, or behind, {@code [T, C]}
     */
    record Classes(List<String> names, int width, Shape positions, boolean first) implements OutputMeaning {
        /** The positions of a row of so many values: the first of their sizes is another where a row has fewer steps. */
        Shape positions(int values) {
            if (positions.rank() == 0 || values == positions.elements() * width) {
                return positions;
            }
            return positions.with(0, values / (positions.without(0).elements() * width));
        }
    }

    /**
     * The meaning of an output after {@link Loss#predictions}.
     *
     * @param shape of the output for one example
     * @throws InputException if the target has names of classes, but not as many as the output has classes
     */
    static OutputMeaning of(Field target, Shape shape, Loss loss) {
        int elements = Math.toIntExact(shape.elements());
        boolean ids = target.dtype() == DType.INT64;
        Answer said = loss.answer(new Target(target.name(), target.shape(), ids, target.classes()));
        if (elements > 1 && (said == Answer.CLASS || said == Answer.SEQUENCE)) {
            return classes(target, shape, loss.classAxis() == 1 || shape.rank() < 2);
        }
        if (ids && elements == target.shape().elements()) {
            return new Classes(names(target, 2), 1, elements == 1 ? Shape.of() : target.shape(), false);
        }
        if (ids && shape.rank() > 0) {
            return classes(target, shape, loss.classAxis() == 1 || shape.rank() < 2);
        }
        if (said == Answer.CLASS) {
            return new Classes(names(target, 2), 1, Shape.of(), false);
        }
        if (said == Answer.LABELS) {
            return new Labels(names(target, elements));
        }
        // One-hot targets: the outputs stand for the probabilities of the classes, as metrics take them.
        boolean oneHot = elements > 1 && target.classes().size() == elements;
        return oneHot ? new Classes(target.classes(), elements, Shape.of(), true) : new Numbers();
    }

    /** The meaning of a field that says it all: probabilities of its classes, or numbers. */
    static OutputMeaning of(Field output) {
        if (output.classes().isEmpty()) {
            return new Numbers();
        }
        int elements = output.elements();
        int classes = output.classes().size();
        return new Classes(
                names(output, elements == 1 && classes == 2 ? 2 : elements),
                elements == 1 ? 1 : elements,
                Shape.of(),
                true);
    }

    private static OutputMeaning classes(Field target, Shape shape, boolean first) {
        int axis = first ? 0 : shape.rank() - 1;
        int count = Math.toIntExact(shape.size(axis));
        return new Classes(names(target, count == 1 ? 2 : count), count, shape.without(axis), first);
    }

    private static List<String> names(Field target, int count) {
        List<String> names = target.classes();
        if (names.isEmpty()) {
            return IntStream.range(0, count).mapToObj(Integer::toString).toList();
        }
        if (names.size() != count) {
            throw new InputException("expected " + names.size() + " outputs for the classes " + names + " of "
                    + target.name() + ", received a model with " + count
                    + "; set the units of its last layer to the number of classes and train it again");
        }
        return names;
    }
}
